using IoTJobsEmulator.Mqtt.Protocol.Connections;
using IoTJobsEmulator.Tls;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IoTJobsEmulator.Mqtt;

/// <summary>What is served on the ports of MQTT.</summary>
internal static class MqttListeners
{
    public static void ServeMqtt(this ListenOptions listener, bool isTls)
    {
        var services = listener.ApplicationServices;
        var front = services.GetRequiredService<DeviceGateway>();
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        if (isTls)
            listener.UseTls(services.GetRequiredService<Certificates>(), isHttp: false);
        listener.RunMqtt(
            front.Broker,
            connection => ClientTenant.OfLine(connection.Features.Get<ITlsHandshakeFeature>()?.HostName, credential: null),
            services.GetRequiredService<TimeProvider>(),
            stopping);
    }
}
