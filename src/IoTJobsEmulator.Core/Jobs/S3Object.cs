using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// An object in S3, read from a link: <c>https://s3.REGION.amazonaws.com/BUCKET/KEY</c>, <c>https://BUCKET.s3.REGION.amazonaws.com/KEY</c>,
/// <c>s3://BUCKET/KEY</c>, or of any other host <c>https://HOST/BUCKET/KEY</c>. Source: the S3 user guide, "Virtual hosting of buckets".
/// </summary>
public sealed partial record S3Object(string Bucket, string Key, string? VersionId = null)
{
    /// <summary>The host of AWS's S3 that the link names, such as <c>s3.eu-west-1.amazonaws.com</c>, without the bucket; null for any other.</summary>
    public string? AwsHost { get; init; }

    /// <summary>Whether a bucket may have this name. Source: the S3 user guide, "Bucket naming rules".</summary>
    public static bool IsBucketName(string name) => BucketName().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal) && !NoBucketName().IsMatch(name);

    /// <summary>
    /// Reads a link. Where it is percent-encoded, so are the key and what follows a question mark, which may name a version;
    /// elsewhere the key is what stands there.
    /// </summary>
    public static bool TryRead(string url, bool isEncoded, [NotNullWhen(true)] out S3Object? found)
    {
        found = null;
        if (Link().Match(url) is not { Success: true } link)
            return false;
        var (scheme, host, path) = (link.Groups["scheme"].Value, link.Groups["host"].Value, link.Groups["path"].Value);
        string? versionId = null;
        if (isEncoded && path.Split('?', 2) is [var before, var query])
        {
            path = before;
            versionId = query.Split('&').FirstOrDefault(part => part.StartsWith("versionId=", StringComparison.Ordinal)) is { } version
                ? Uri.UnescapeDataString(version["versionId=".Length..])
                : null;
        }
        if (isEncoded)
            path = Uri.UnescapeDataString(path);
        if (scheme.Equals("s3", StringComparison.OrdinalIgnoreCase))
            found = new(host, path, versionId);
        else if (VirtualHost().Match(host) is { Success: true } virtualHost)
            found = new(virtualHost.Groups["bucket"].Value, path, versionId) { AwsHost = virtualHost.Groups["aws"].Value.ToLowerInvariant() };
        else if (path.Split('/', 2) is [var bucket, var key])
            found = new(bucket, key, versionId) { AwsHost = Aws().IsMatch(host) ? host.ToLowerInvariant() : null };
        return found is { Bucket.Length: > 0, Key.Length: > 0 };
    }

    [GeneratedRegex(@"\A(?<scheme>https?|s3)://(?<host>[^/]+)/(?<path>.+)\z", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Link();

    [GeneratedRegex(@"\A(?<bucket>.+)\.(?<aws>s3([.-][a-z0-9-]+)*\.amazonaws\.com(\.cn)?)\z", RegexOptions.IgnoreCase)]
    private static partial Regex VirtualHost();

    [GeneratedRegex(@"\As3([.-][a-z0-9-]+)*\.amazonaws\.com(\.cn)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Aws();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();

    [GeneratedRegex(@"\A([0-9]+(\.[0-9]+){3}\z|xn--|sthree-)")]
    private static partial Regex NoBucketName();
}
