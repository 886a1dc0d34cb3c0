using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Mqtt.IotData;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetRetainedMessage.html"/>
internal static class GetRetainedMessage
{
    /// <param name="Topic">The topic.</param>
    /// <param name="Payload">The payload, in base64.</param>
    /// <param name="Qos">The quality of service it was published with.</param>
    /// <param name="LastModifiedTime">When it was published, in milliseconds since the epoch, on the machine's clock.</param>
    /// <param name="UserProperties">A JSON array of objects, in base64; absent without any.</param>
    public sealed record Response(string Topic, string Payload, int Qos, long LastModifiedTime, string? UserProperties);

    /// <summary>Shows the retained message of a topic: the last that was published in the caller's account and region, or by a client that states none.</summary>
    /// <param name="gateway">The broker.</param>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="topic">The topic, with its slashes or with %2F for them.</param>
    public static Response Handle(DeviceGateway gateway, Realm realm, [Required, Topic] string topic)
    {
        var message = gateway.Broker.GetRetained(topic, ClientTenant.TenantOf(realm))
            ?? throw ServiceError.ResourceNotFound.Because($"No retained message exists for topic {topic}.");
        return new(
            message.Topic, Convert.ToBase64String(message.Payload.Span), (int)message.Qos, message.PublishedAt.ToUnixTimeMilliseconds(),
            UserProperties.Write(message.Properties.UserProperties));
    }
}
