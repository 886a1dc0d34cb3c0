using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Documents;

/// <summary>Presigns URLs of S3 with Signature Version 4 in the query. Source: the S3 API reference, "Authenticating Requests: Using Query Parameters".</summary>
/// <param name="Region">The region of the signature's scope.</param>
/// <param name="AccessKeyId">Whose key it is.</param>
/// <param name="SecretAccessKey">The key.</param>
/// <param name="SessionToken">Only with temporary credentials.</param>
internal sealed record SignatureV4(string Region, string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <param name="method">The HTTP method that the URL is for.</param>
    /// <param name="scheme">http or https.</param>
    /// <param name="host">Host, and port if it is not the scheme's own.</param>
    /// <param name="path">The path as it is encoded, without a slash at the beginning.</param>
    /// <param name="versionId">The version of the object; null for the newest.</param>
    /// <param name="lifetime">How long the URL is valid, in whole seconds.</param>
    /// <param name="at">The moment from which it is.</param>
    public string Url(string method, string scheme, string host, string path, string? versionId, TimeSpan lifetime, Moment at)
    {
        var time = at.AsDateTimeOffset.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{Region}/s3/aws4_request";
        var query = Query(versionId, lifetime, time, scope);
        var request = $"{method}\n/{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD";
        var toSign = $"{Algorithm}\n{time}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes($"AWS4{SecretAccessKey}"), Hash);
        return $"{scheme}://{host}/{path}?{query}&X-Amz-Signature={Convert.ToHexStringLower(Hash(key, toSign))}";
    }

    public override string ToString() => $"{AccessKeyId} in {Region}"; // without the key

    private string Query(string? versionId, TimeSpan lifetime, string time, string scope)
    {
        (string Name, string? Value)[] parameters =
        [
            ("X-Amz-Algorithm", Algorithm),
            ("X-Amz-Credential", $"{AccessKeyId}/{scope}"),
            ("X-Amz-Date", time),
            ("X-Amz-Expires", ((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
            ("X-Amz-Security-Token", SessionToken),
            ("X-Amz-SignedHeaders", "host"),
            ("versionId", versionId),
        ];
        return string.Join('&', parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={S3Path.EncodePart(parameter.Value!)}"));
    }

    private static byte[] Hash(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
