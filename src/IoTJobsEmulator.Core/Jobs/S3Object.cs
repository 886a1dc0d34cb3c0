using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// An object in S3, read from a link: <c>https://s3.REGION.amazonaws.com/BUCKET/KEY</c>, <c>https://BUCKET.s3.REGION.amazonaws.com/KEY</c>,
/// <c>s3://BUCKET/KEY</c>, or of any other host <c>https://HOST/BUCKET/KEY</c>. Source: the S3 user guide, "Virtual hosting of buckets".
/// </summary>
public sealed record S3Object(string Bucket, string Key, string? VersionId = null)
{
    /// <summary>The host of AWS's S3 that the link names, such as <c>s3.eu-west-1.amazonaws.com</c>, without the bucket; null for any other.</summary>
    public string? AwsHost { get; init; }

    private const string Scheme = "://", Amazon = ".amazonaws.com", AmazonInChina = ".amazonaws.com.cn";

    private static readonly string[] Schemes = ["http", "https", "s3"];

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    /// <summary>Whether a bucket may have this name. Source: the S3 user guide, "Bucket naming rules".</summary>
    public static bool IsBucketName(string name) => name.Length is >= 3 and <= 63
        && !name.AsSpan().ContainsAnyExcept(NameCharacters)
        && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
        && !name.Contains("..", StringComparison.Ordinal)
        && !name.StartsWith("xn--", StringComparison.Ordinal) && !name.StartsWith("sthree-", StringComparison.Ordinal)
        && !IsIpv4(name);

    /// <summary>
    /// Reads a link. Where it is percent-encoded, so are the key and what follows a question mark, which may name a version;
    /// elsewhere the key is what stands there.
    /// </summary>
    public static bool TryParse(string url, bool isEncoded, [NotNullWhen(true)] out S3Object? found)
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
        else if (AwsHostIn(host) is > 0 and var start)
            found = new(host[..(start - 1)], path, versionId) { AwsHost = host[start..].ToLowerInvariant() };
        else if (path.Split('/', 2) is [var bucket, var key])
            found = new(bucket, key, versionId) { AwsHost = AwsHostIn(host) == 0 ? host.ToLowerInvariant() : null };
        return found is { Bucket.Length: > 0, Key.Length: > 0 };
    }

    /// <summary>Where in a host of Amazon the last label <c>s3</c>, or <c>s3-REGION</c>, begins: the bucket's name stands before it. Null without one.</summary>
    private static int? AwsHostIn(string host)
    {
        var suffix = host.EndsWith(Amazon, StringComparison.OrdinalIgnoreCase) ? Amazon : AmazonInChina;
        if (!host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            return null;
        for (var end = host.Length - suffix.Length; end > 0;)
        {
            var start = host.LastIndexOf('.', end - 1, end) + 1;
            var label = host.AsSpan(start..end);
            if (label.IsEmpty || label.ContainsAnyExcept(LabelCharacters))
                return null;
            if (label.Equals("s3", StringComparison.OrdinalIgnoreCase) || (label.Length > "s3-".Length && label.StartsWith("s3-", StringComparison.OrdinalIgnoreCase)))
                return start == 1 ? null : start;
            end = start - 1;
        }
        return null;
    }

    private static bool IsIpv4(string name)
    {
        Span<Range> parts = stackalloc Range[5];
        var count = name.AsSpan().Split(parts, '.');
        for (var i = 0; i < count; i++)
            if (name.AsSpan(parts[i]).ContainsAnyExceptInRange('0', '9'))
                return false;
        return count == 4;
    }
}
