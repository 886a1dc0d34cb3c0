using IoTJobsEmulator.Http;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Mqtt.IotData;
using IoTJobsEmulator.Operations;
using static IoTJobsEmulator.Core.ServiceError;

namespace IoTJobsEmulator;

/// <summary>
/// The routes of iot-data, which publishes messages and reads retained ones. Mqtt answers them. They are mapped here because Http and Mqtt do
/// not know each other.
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
}
