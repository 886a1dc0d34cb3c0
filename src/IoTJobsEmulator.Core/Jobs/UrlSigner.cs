using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>Who makes presigned URLs: S3, or the emulator, which serves a local folder. A value that whoever sends documents to devices brings along.</summary>
public abstract record UrlSigner
{
    public const string Get = "GET", Put = "PUT";

    /// <summary>A URL with which whoever has it may read or write an object until its time is up.</summary>
    public abstract string Sign(string method, S3Object target, TimeSpan lifetime, Moment now);

    // Everything but A-Z a-z 0-9 - _ . ~, as Signature Version 4 wants it.
    private protected static string Encoded(string text) => Uri.EscapeDataString(text);

    private protected static string EncodedPath(S3Object target) => string.Join('/', $"{target.Bucket}/{target.Key}".Split('/').Select(Encoded));
}

/// <summary>
/// Signature Version 4 in the query, the bucket in the path, which every S3 understands. S3 checks the URL by the real clock, whatever
/// the emulator's says. Source: the S3 API reference, "Authenticating Requests: Using Query Parameters".
/// </summary>
/// <param name="Endpoint">Scheme, host and port.</param>
/// <param name="Region">The region of the signature's scope.</param>
/// <param name="AccessKeyId">Whose key it is.</param>
/// <param name="SecretAccessKey">The key.</param>
/// <param name="SessionToken">Only with temporary credentials.</param>
/// <param name="RealNow">The real moment.</param>
public sealed record S3Signer(Uri Endpoint, string Region, string AccessKeyId, string SecretAccessKey, string? SessionToken, Moment RealNow) : UrlSigner
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    public override string Sign(string method, S3Object target, TimeSpan lifetime, Moment now)
    {
        var time = RealNow.AsDateTimeOffset.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{Region}/s3/aws4_request";
        var (path, query) = ($"/{EncodedPath(target)}", Query(target, lifetime, time, scope));
        var request = $"{method}\n{path}\n{query}\nhost:{Endpoint.Authority}\n\nhost\nUNSIGNED-PAYLOAD";
        var toSign = $"{Algorithm}\n{time}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes($"AWS4{SecretAccessKey}"), Hash);
        return $"{Endpoint.Scheme}://{Endpoint.Authority}{path}?{query}&X-Amz-Signature={Convert.ToHexStringLower(Hash(key, toSign))}";
    }

    public override string ToString() => $"S3 at {Endpoint}"; // without the key

    private string Query(S3Object target, TimeSpan lifetime, string time, string scope)
    {
        (string Name, string? Value)[] parameters =
        [
            ("X-Amz-Algorithm", Algorithm),
            ("X-Amz-Credential", $"{AccessKeyId}/{scope}"),
            ("X-Amz-Date", time),
            ("X-Amz-Expires", ((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            ("X-Amz-Security-Token", SessionToken),
            ("X-Amz-SignedHeaders", "host"),
            ("versionId", target.VersionId),
        ];
        return string.Join('&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Encoded(parameter.Value!)}"));
    }

    private static byte[] Hash(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}

/// <summary>The emulator itself, which serves a local folder and checks the signature and, by its own clock, the end.</summary>
/// <param name="BaseAddress">The emulator's address as the caller reached it, or as a setting gives it; without a slash at its end.</param>
/// <param name="Secret">Known to this emulator only.</param>
public sealed record FolderSigner(string BaseAddress, string Secret) : UrlSigner
{
    /// <summary>Below it come bucket and key.</summary>
    public const string Path = "/_emulator/documents/";

    public override string Sign(string method, S3Object target, TimeSpan lifetime, Moment now)
    {
        var expires = (now + lifetime).Milliseconds;
        return string.Create(CultureInfo.InvariantCulture, $"{BaseAddress}{Path}{EncodedPath(target)}?expires={expires}&signature={Signature(method, target, expires)}");
    }

    /// <summary>Whether a URL of this emulator is as it was signed, for the method that it is used with, and not at its end.</summary>
    public bool Allows(string method, S3Object target, long expires, string signature, Moment now) =>
        now.Milliseconds < expires
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Signature(method, target, expires)), Encoding.UTF8.GetBytes(signature));

    public override string ToString() => $"the emulator at {BaseAddress}"; // without the secret

    private string Signature(string method, S3Object target, long expires) => Convert.ToHexStringLower(HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(Secret),
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{method}\n{target.Bucket}\n{target.Key}\n{expires}"))));
}
