using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace IoTJobsEmulator.Tls;

/// <summary>How the emulator speaks TLS: a certificate for any name, and whatever the client shows is taken.</summary>
internal static class TlsSettings
{
    /// <param name="listener">The port.</param>
    /// <param name="certificates">What to show.</param>
    /// <param name="isHttp">Raw MQTT must not offer HTTP's protocols: AWS's clients, who name their own, would hang up.</param>
    public static void UseTls(this ListenOptions listener, Certificates certificates, bool isHttp) => listener.UseHttps(new HttpsConnectionAdapterOptions
    {
        ServerCertificateSelector = (_, hostName) => certificates.For(hostName),
        // Asked for, because AWS's device SDK refuses a server that does not; never demanded.
        ClientCertificateMode = ClientCertificateMode.AllowCertificate,
        ClientCertificateValidation = static (_, _, _) => true,
        OnAuthenticate = (_, ssl) =>
        {
            if (!isHttp)
                ssl.ApplicationProtocols = null;
        },
    });
}
