using System.Text.RegularExpressions;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Documents;

/// <summary>
/// Signs URLs when no S3 is configured. They have the form of AWS's, so that devices can read them, and lead nowhere: their credentials are
/// made up. Their date is that of the emulator's clock.
/// </summary>
/// <param name="Region">The region of a bucket whose link names none of AWS's hosts.</param>
internal sealed partial record AwsUrlSigner(string Region) : UrlSigner
{
    private const string Credential = "test";

    public override string Sign(string method, S3Object target, TimeSpan lifetime, Moment now)
    {
        var host = target.AwsHost ?? $"s3.{Region}.amazonaws.com{(Region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}";
        // A host without a region is that of us-east-1.
        var region = RegionInHost().Match(host) is { Success: true } found ? found.Groups["region"].Value : "us-east-1";
        return new SignatureV4(region, Credential, Credential, SessionToken: null)
            .Url(method, "https", $"{target.Bucket}.{host}", S3Path.Encode(target.Key), target.VersionId, lifetime, now);
    }

    [GeneratedRegex(@"[.-](?<region>[a-z]{2,4}(-[a-z]+)+-[0-9]+)\.amazonaws\.com")]
    private static partial Regex RegionInHost();
}
