using IoTJobsEmulator.Mqtt.Protocol.Connections;
using IoTJobsEmulator.Tls;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IoTJobsEmulator.Mqtt;

/// <summary>Serves MQTT on its TCP ports.</summary>
internal static class MqttListeners
{
    public static void ServeMqtt(this ListenOptions listener, bool isTls)
    {
        var services = listener.ApplicationServices;
        var gateway = services.GetRequiredService<DeviceGateway>();
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        if (isTls)
            listener.UseTls(services.GetRequiredService<Certificates>(), isHttp: false);
        listener.RunMqtt(
            gateway.Broker,
            connection => ClientTenant.FromConnection(connection.Features.Get<ITlsHandshakeFeature>()?.HostName, credential: null),
            services.GetRequiredService<TimeProvider>(),
            stopping);
    }
}
