using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Documents;

/// <summary>
/// Signs URLs of a configured S3, with the bucket in the path, which every S3 understands. S3 checks the URL by the real clock, not by the
/// emulator's.
/// </summary>
/// <param name="Endpoint">Scheme, host and port.</param>
/// <param name="Signature">How its URLs are signed.</param>
/// <param name="RealNow">The real moment.</param>
internal sealed record S3UrlSigner(Uri Endpoint, SignatureV4 Signature, Moment RealNow) : UrlSigner
{
    public override string Sign(string method, S3Object target, TimeSpan lifetime, Moment now) =>
        Signature.Url(method, Endpoint.Scheme, Endpoint.Authority, S3Path.Encode(target), target.VersionId, lifetime, RealNow);

    public override string ToString() => $"S3 at {Endpoint}";
}
