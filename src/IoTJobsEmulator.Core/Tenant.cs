namespace IoTJobsEmulator.Core;

/// <summary>The account and region that a resource, a request or an event belongs to.</summary>
/// <param name="Account">The account's id: twelve digits.</param>
/// <param name="Region">The region's code, such as <c>us-east-1</c>.</param>
public readonly record struct Tenant(string Account, string Region)
{
    // Source: the AWS partitions that SDKs are made with.
    private static readonly (string RegionPrefix, string Partition)[] Partitions =
    [
        ("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-iso-", "aws-iso"), ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"), ("us-isof-", "aws-iso-f"), ("eusc-", "aws-eusc"),
    ];

    /// <summary>The partition of the region, which begins every ARN: <c>aws</c>, in China <c>aws-cn</c>.</summary>
    public string Partition
    {
        get
        {
            foreach (var (prefix, partition) in Partitions)
            {
                if (Region.StartsWith(prefix, StringComparison.Ordinal))
                    return partition;
            }
            return "aws";
        }
    }
}
