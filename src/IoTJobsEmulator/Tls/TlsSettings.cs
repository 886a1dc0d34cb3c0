using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace IoTJobsEmulator.Tls;

/// <summary>TLS of a listener: a server certificate for any host name, and any client certificate is accepted.</summary>
internal static class TlsSettings
{
    /// <param name="listener">The listener.</param>
    /// <param name="certificates">The server certificates.</param>
    /// <param name="isHttp">
    /// Whether HTTP is served. MQTT must not offer the ALPN protocols of HTTP: AWS clients offer their own, and would close the connection.
    /// </param>
    public static void UseTls(this ListenOptions listener, Certificates certificates, bool isHttp) => listener.UseHttps(new HttpsConnectionAdapterOptions
    {
        ServerCertificateSelector = (_, hostName) => certificates.For(hostName),
        // Requested, because the AWS device SDK refuses a server that does not request one. Not required.
        ClientCertificateMode = ClientCertificateMode.AllowCertificate,
        ClientCertificateValidation = static (_, _, _) => true,
        OnAuthenticate = (_, ssl) =>
        {
            if (!isHttp)
                ssl.ApplicationProtocols = null;
        },
    });
}
