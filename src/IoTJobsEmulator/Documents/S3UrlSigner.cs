using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Documents;

/// <summary>
/// Signs with Signature Version 4 in the query and the bucket in the path, which every S3 understands. S3 checks the URL by the real
/// clock, not by the emulator's. Source: the S3 API reference, "Authenticating Requests: Using Query Parameters".
/// </summary>
/// <param name="Endpoint">Scheme, host and port.</param>
/// <param name="Region">The region of the signature's scope.</param>
/// <param name="AccessKeyId">Whose key it is.</param>
/// <param name="SecretAccessKey">The key.</param>
/// <param name="SessionToken">Only with temporary credentials.</param>
/// <param name="RealNow">The real moment.</param>
internal sealed record S3UrlSigner(Uri Endpoint, string Region, string AccessKeyId, string SecretAccessKey, string? SessionToken, Moment RealNow) : UrlSigner
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    public override string Sign(string method, S3Object target, TimeSpan lifetime, Moment now)
    {
        var time = RealNow.AsDateTimeOffset.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{Region}/s3/aws4_request";
        var (path, query) = ($"/{S3Path.Encode(target)}", Query(target, lifetime, time, scope));
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
        return string.Join('&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={S3Path.EncodePart(parameter.Value!)}"));
    }

    private static byte[] Hash(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
