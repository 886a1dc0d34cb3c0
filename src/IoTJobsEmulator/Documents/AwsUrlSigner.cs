using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Documents;

/// <summary>
/// Signs URLs when no S3 is configured. They have the form of AWS's, so that devices can read them, and lead nowhere: their credentials are
/// made up. Their date is that of the emulator's clock.
/// </summary>
/// <param name="Region">The region of a bucket whose link names none of AWS's hosts.</param>
internal sealed record AwsUrlSigner(string Region) : UrlSigner
{
    private const string Credential = "test";

    public override string Sign(string method, S3Object target, TimeSpan lifetime, Moment now)
    {
        var host = target.AwsHost ?? $"s3.{Region}.amazonaws.com{(Region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}";
        return new SignatureV4(RegionIn(host), Credential, Credential, SessionToken: null)
            .Url(method, "https", $"{target.Bucket}.{host}", S3Path.Encode(target.Key), target.VersionId, lifetime, now);
    }

    /// <summary>The region in a host of S3: <c>s3.eu-west-1.amazonaws.com</c> or <c>s3-eu-west-1.amazonaws.com</c>. A host without one is that of us-east-1.</summary>
    private static string RegionIn(string host)
    {
        var labels = host.AsSpan(0, host.IndexOf(".amazonaws.", StringComparison.Ordinal));
        var last = labels[(labels.LastIndexOf('.') + 1)..];
        var region = last.StartsWith("s3-", StringComparison.Ordinal) ? last["s3-".Length..] : last;
        return region.Count('-') >= 2 ? region.ToString() : "us-east-1";
    }
}
