using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// An object in S3, read from a link: <c>https://s3.REGION.amazonaws.com/BUCKET/KEY</c>, <c>https://BUCKET.s3.REGION.amazonaws.com/KEY</c>,
/// <c>s3://BUCKET/KEY</c>, or of any other host <c>https://HOST/BUCKET/KEY</c>. Source: the S3 user guide, "Virtual hosting of buckets".
/// </summary>
public sealed record S3Object(string Bucket, string Key, string? VersionId = null)
{
    private const string Scheme = "://", Amazon = ".amazonaws.com", AmazonInChina = ".amazonaws.com.cn";

    private static readonly string[] Schemes = ["http", "https", "s3"];

    private static readonly SearchValues<char> InNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    private static readonly SearchValues<char> InLabels = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    /// <summary>Whether a bucket may have this name. Source: the S3 user guide, "Bucket naming rules".</summary>
    public static bool IsBucketName(string name) => name.Length is >= 3 and <= 63
        && !name.AsSpan().ContainsAnyExcept(InNames)
        && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
        && !name.Contains("..", StringComparison.Ordinal);

    /// <summary>
    /// Reads a link. Where it is percent-encoded, so are the key and what follows a question mark, which may name a version;
    /// elsewhere the key is what stands there.
    /// </summary>
    public static bool TryRead(string url, bool isEncoded, [NotNullWhen(true)] out S3Object? found)
    {
        found = null;
        if (url.Split(Scheme, 2) is not [var scheme, var link] || !Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))
            return false;
        if (link.Split('/', 2) is not [{ Length: > 0 } host, { Length: > 0 } path])
            return false;
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
        else if (BucketOfVirtualHost(host) is { } bucket)
            found = new(bucket, path, versionId);
        else if (path.Split('/', 2) is [var first, var key])
            found = new(first, key, versionId);
        return found is { Bucket.Length: > 0, Key.Length: > 0 };
    }

    /// <summary>What stands before the last label <c>s3</c>, or <c>s3-REGION</c>, of an Amazon host; null when the host names no bucket.</summary>
    private static string? BucketOfVirtualHost(string host)
    {
        var suffix = host.EndsWith(Amazon, StringComparison.OrdinalIgnoreCase) ? Amazon : AmazonInChina;
        if (!host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            return null;
        for (var end = host.Length - suffix.Length; end > 0;)
        {
            var dot = host.LastIndexOf('.', end - 1, end);
            var label = host.AsSpan((dot + 1)..end);
            if (dot < 1 || label.IsEmpty || label.ContainsAnyExcept(InLabels))
                return null;
            if (label.Equals("s3", StringComparison.OrdinalIgnoreCase) || (label.Length > "s3-".Length && label.StartsWith("s3-", StringComparison.OrdinalIgnoreCase)))
                return host[..dot];
            end = dot;
        }
        return null;
    }
}
