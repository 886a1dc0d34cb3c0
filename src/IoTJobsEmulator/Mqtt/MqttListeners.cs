using IoTJobsEmulator.Mqtt.Protocol.Connections;
using IoTJobsEmulator.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IoTJobsEmulator.Mqtt;

/// <summary>Serves MQTT on TCP ports.</summary>
internal static class MqttListeners
{
    public static void ServeMqtt(this ListenOptions listener) => listener.Run(Broker(listener).Invoke);

    public static void ServeMqttOverTls(this ListenOptions listener)
    {
        listener.UseTls(listener.ApplicationServices.GetRequiredService<Certificates>(), isHttp: false);
        listener.ServeMqtt();
    }

    /// <summary>Serves HTTPS, and MQTT with TLS for the clients that choose it by ALPN.</summary>
    public static void ServeHttpsAndMqtt(this ListenOptions listener)
    {
        listener.UseTls(listener.ApplicationServices.GetRequiredService<Certificates>(), isHttp: true);
        var broker = Broker(listener);
        listener.Use(http => connection => TlsSettings.HasChosenMqtt(connection) ? broker(connection) : http(connection));
    }

    private static ConnectionDelegate Broker(ListenOptions listener)
    {
        var services = listener.ApplicationServices;
        return KestrelTransport.Serve(
            services.GetRequiredService<DeviceGateway>().Broker,
            connection => ClientTenant.FromConnection(connection.Features.Get<ITlsHandshakeFeature>()?.HostName, credential: null),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
    }
}
