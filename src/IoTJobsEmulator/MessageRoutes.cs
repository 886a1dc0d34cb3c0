using IoTJobsEmulator.Http;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Mqtt.IotData;
using static IoTJobsEmulator.Core.ServiceError;

namespace IoTJobsEmulator;

/// <summary>
/// What the MQTT side answers over HTTP, on one page: the part of the <c>iot-data</c> API that publishes and reads retained messages, and the
/// emulator's own view of the broker. It stands here because Http and Mqtt do not know each other.
/// </summary>
internal static class MessageRoutes
{
    public static void MapMessages(this IEndpointRouteBuilder app)
    {
        var messages = new OperationGroup(app, Plane.Messages, "Messages", InvalidRequest, Unauthorized, MethodNotAllowed, Throttling, InternalFailure);
        messages.Post("/topics/{**topic}", Publish.Handle);
        messages.Get("/retainedMessage/{**topic}", GetRetainedMessage.Handle).Throws(ResourceNotFound, ServiceUnavailable);
        messages.Get("/retainedMessage", ListRetainedMessages.Handle).Throws(ServiceUnavailable);

        var broker = new BrokerEndpoints(app.ServiceProvider.GetRequiredService<DeviceGateway>());
        var devices = new EmulatorGroup(app, "Devices");
        devices.Get(EmulatorEndpoints.Prefix + "/messages", broker.GetMessages);
        devices.Get(EmulatorEndpoints.Prefix + "/clients", broker.ListClients);
        devices.Delete(EmulatorEndpoints.Prefix + "/clients/{**clientId}", broker.DisconnectClient, ResourceNotFound);
        devices.Put(EmulatorEndpoints.Prefix + "/things/{thingName}/unkindness", broker.SetUnkindness);
    }
}
