using IoTJobsEmulator.Core;
using IoTJobsEmulator.Mqtt.Protocol.Connections;

namespace IoTJobsEmulator.Mqtt;

/// <summary>MQTT over WebSockets on the HTTP ports: at <c>/mqtt</c>, as on AWS, and at <c>/</c>, the default of MQTT.js.</summary>
internal static class WebSockets
{
    /// <summary>Must come before routing, which answers <c>/</c> with a redirect.</summary>
    public static void UseMqttOverWebSockets(this IApplicationBuilder app)
    {
        var gateway = app.ApplicationServices.GetRequiredService<DeviceGateway>();
        var machine = app.ApplicationServices.GetRequiredService<TimeProvider>();
        var stopping = app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.UseWhen(
            static context => context.Request.Path.Value is "/" or "/mqtt",
            paths => paths.UseWebSockets().Use(next => context => context.WebSockets.IsWebSocketRequest ? Serve(context, gateway, machine, stopping) : next(context)));
    }

    private static async Task Serve(HttpContext context, DeviceGateway gateway, TimeProvider machine, CancellationToken stopping)
    {
        var offered = context.WebSockets.WebSocketRequestedProtocols;
        var subprotocol = WebSocketTransport.Subprotocols.FirstOrDefault(offered.Contains);
        if (subprotocol is null && offered.Count > 0)
            throw ServiceError.InvalidRequest.Because("The subprotocol of a WebSocket for MQTT is mqtt or mqttv3.1");
        var tenant = ClientTenant.FromConnection(context.Request.Host.Host, context.Request.Query["X-Amz-Credential"]);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(subprotocol);
        await WebSocketTransport.RunAsync(socket, pipe => gateway.Broker.ServeAsync(pipe, tenant, stopping), machine);
    }
}
