using IoTJobsEmulator.Http;
using IoTJobsEmulator.Http.Emulator;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Mqtt.IotData;
using IoTJobsEmulator.Operations;
using static IoTJobsEmulator.Core.ServiceError;

namespace IoTJobsEmulator;

/// <summary>
/// The routes that are answered by Mqtt: those of iot-data, which publishes messages and reads retained ones, and the emulator's own view of
/// the broker. They are mapped here because Http and Mqtt do not know each other.
/// </summary>
internal static class MessageRoutes
{
    public static void MapIotData(this IEndpointRouteBuilder app)
    {
        var messages = new OperationGroup(app, Api.IotData, OpenApiTags.Messages, InvalidRequest, Unauthorized, MethodNotAllowed, Throttling, InternalFailure)
        {
            TakesTurns = false, // the broker has locks of its own
        };
        messages.Post("/topics/{**topic}", Publish.Handle);
        messages.Get("/retainedMessage/{**topic}", GetRetainedMessage.Handle).Throws(ResourceNotFound, ServiceUnavailable);
        messages.Get("/retainedMessage", ListRetainedMessages.Handle).Throws(ServiceUnavailable);
    }

    public static void MapBrokerEndpoints(this IEndpointRouteBuilder app)
    {
        var broker = new BrokerEndpoints(app.ServiceProvider.GetRequiredService<DeviceGateway>());
        var devices = new EmulatorEndpointGroup(app, OpenApiTags.Devices);
        devices.Get(EmulatorEndpoints.Prefix + "/messages", broker.GetMessages, Throttling);
        devices.Get(EmulatorEndpoints.Prefix + "/clients", broker.ListClients);
        devices.Delete(EmulatorEndpoints.Prefix + "/clients/{**clientId}", broker.DisconnectClient, ResourceNotFound);
        devices.Put(EmulatorEndpoints.Prefix + "/things/{thingName}/unkindness", broker.SetUnkindness, LimitExceeded);
    }
}
