using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Documents;

/// <summary>Signs URLs of the emulator, which serves the local folder and checks the signature and, by its own clock, the expiry.</summary>
/// <param name="BaseAddress">The emulator's address as the caller reached it, or as a setting gives it; without a slash at its end.</param>
/// <param name="Secret">Known to this emulator only.</param>
internal sealed record FolderUrlSigner(string BaseAddress, string Secret) : UrlSigner
{
    /// <summary>The path of all objects, followed by bucket and key.</summary>
    public const string Path = "/_emulator/documents/";

    public override string Sign(string method, S3Object target, TimeSpan lifetime, Moment now)
    {
        var expires = (now + lifetime).Milliseconds;
        return string.Create(CultureInfo.InvariantCulture, $"{BaseAddress}{Path}{S3Path.Encode(target)}?expires={expires}&signature={Signature(method, target, expires)}");
    }

    /// <summary>Whether the signature of a URL is right for this method, object and expiry, and the URL has not expired.</summary>
    public bool Allows(string method, S3Object target, long expires, string signature, Moment now) =>
        now.Milliseconds < expires
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Signature(method, target, expires)), Encoding.UTF8.GetBytes(signature));

    public override string ToString() => $"the emulator at {BaseAddress}"; // without the secret

    private string Signature(string method, S3Object target, long expires) => Convert.ToHexStringLower(HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(Secret),
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{method}\n{target.Bucket}\n{target.Key}\n{expires}"))));
}
