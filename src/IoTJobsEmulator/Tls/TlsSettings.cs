using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace IoTJobsEmulator.Tls;

/// <summary>
/// TLS of a listener: a server certificate for any host name, and any client certificate is accepted. Clients of AWS choose the protocol
/// behind TLS by ALPN, with names of AWS's own, so that one port can serve both.
/// </summary>
internal static class TlsSettings
{
    /// <summary>The names of MQTT in ALPN: with a client certificate, and with a custom authorizer.</summary>
    private static readonly SslApplicationProtocol[] Mqtt = [new("x-amzn-mqtt-ca"), new("mqtt")];

    /// <summary>The names of HTTP in ALPN: with a client certificate, and that of all others.</summary>
    private static readonly SslApplicationProtocol[] Http = [new("x-amzn-http-ca"), SslApplicationProtocol.Http11];

    /// <param name="listener">The listener.</param>
    /// <param name="certificates">The server certificates.</param>
    /// <param name="isHttp">Whether HTTP is served beside MQTT. A client that offers only protocols which are not served is refused.</param>
    public static void UseTls(this ListenOptions listener, Certificates certificates, bool isHttp) => listener.UseHttps(new HttpsConnectionAdapterOptions
    {
        ServerCertificateSelector = (_, hostName) => certificates.For(hostName),
        // Requested, because the AWS device SDK refuses a server that does not request one. Not required.
        ClientCertificateMode = ClientCertificateMode.AllowCertificate,
        ClientCertificateValidation = static (_, _, _) => true,
        OnAuthenticate = (_, ssl) =>
        {
            ssl.ApplicationProtocols = isHttp ? [.. Mqtt, .. Http] : [.. Mqtt];
            // A selector answers a certificate alone, without the intermediates that clients need.
            if (certificates.Configured is { } configured)
                (ssl.ServerCertificateContext, ssl.ServerCertificateSelectionCallback) = (configured, null);
        },
    });

    /// <summary>Whether the client has chosen MQTT by ALPN.</summary>
    public static bool HasChosenMqtt(ConnectionContext connection) =>
        connection.Features.Get<ITlsApplicationProtocolFeature>() is { ApplicationProtocol: { IsEmpty: false } chosen }
        && Array.Exists(Mqtt, protocol => protocol.Protocol.Span.SequenceEqual(chosen.Span));
}
