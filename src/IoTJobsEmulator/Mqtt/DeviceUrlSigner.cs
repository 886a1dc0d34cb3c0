using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Documents;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// Signs the URLs in documents for devices on MQTT, which do not state how they reach the emulator over HTTP. The address is looked up for each
/// URL: a message may be made before the ports are open, and read afterwards.
/// </summary>
internal sealed record DeviceUrlSigner : UrlSigner
{
    private readonly EmulatorOptions _options;
    private readonly KestrelEndpoints _endpoints;
    private readonly DocumentStore? _documents;

    /// <param name="options">The address, if a setting gives it, and the region.</param>
    /// <param name="endpoints">The ports.</param>
    /// <param name="documents">Where the objects are; null when that is not configured.</param>
    public DeviceUrlSigner(EmulatorOptions options, KestrelEndpoints endpoints, DocumentStore? documents) =>
        (_options, _endpoints, _documents) = (options, endpoints, documents);

    public override string Sign(string method, S3Object target, TimeSpan lifetime, Moment now) =>
        (_documents?.Signer(_options.PublicUrl ?? Address) ?? new AwsUrlSigner(_options.Region)).Sign(method, target, lifetime, now);

    /// <summary>With HTTPS when it is served, because agents of devices take no other.</summary>
    private string Address
    {
        get
        {
            var address = _endpoints.HttpsPort is { } port
                ? new UriBuilder(Uri.UriSchemeHttps, "localhost", port)
                : new UriBuilder(Uri.UriSchemeHttp, "localhost", _endpoints.HttpPort ?? -1);
            return address.Uri.GetLeftPart(UriPartial.Authority) + _options.BasePath;
        }
    }
}
