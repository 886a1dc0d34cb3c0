using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Mqtt.IotData;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html"/>
internal static class Publish
{
    /// <summary>Missing in the service model, but in the responses of AWS (observed).</summary>
    public sealed record Response(string Message);

    /// <summary>Publishes an MQTT message to the clients of the caller's account and region, and to those that state none.</summary>
    /// <param name="gateway">The broker.</param>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="topic">The topic, with its slashes or with %2F for them. Topics that begin with $ can be published to over MQTT only.</param>
    /// <param name="qos">The maximum quality of service of the deliveries. The default is 0.</param>
    /// <param name="retain">Whether the message is retained for later subscribers. Without a payload, the retained message is removed.</param>
    /// <param name="contentType">The content type of MQTT 5.</param>
    /// <param name="responseTopic">The response topic of MQTT 5, without wildcards.</param>
    /// <param name="messageExpiry">Seconds until the message expires. Without it, the message does not expire.</param>
    /// <param name="userProperties">The user properties of MQTT 5: a JSON array of objects such as [{"site": "north"}], in base64.</param>
    /// <param name="payloadFormatIndicator">Whether the payload is UTF-8 text.</param>
    /// <param name="correlationData">The correlation data of MQTT 5, in base64.</param>
    /// <param name="payload">Any bytes, at most 128 KB.</param>
    public static Response Handle(
        DeviceGateway gateway,
        Realm realm,
        [Required, Topic] string topic,
        [Qos] int? qos,
        bool? retain,
        [ContentType] string? contentType,
        [ResponseTopic] string? responseTopic,
        [MessageExpiry] long? messageExpiry,
        [Header("x-amz-mqtt5-user-properties"), UserProperties] string? userProperties,
        [Header("x-amz-mqtt5-payload-format-indicator")] EnumText<PayloadFormatIndicator>? payloadFormatIndicator,
        [Header("x-amz-mqtt5-correlation-data"), CorrelationData] string? correlationData,
        ReadOnlyMemory<byte> payload)
    {
        var limits = MqttLimits.Default;
        CheckTopic(topic, nameof(topic), limits);
        if (topic.StartsWith('$'))
            throw SerializationErrors.ForValue(topic, nameof(topic), typeof(string), "a topic that does not begin with $: such ones can be published to over MQTT only");
        if (responseTopic is not null)
            CheckTopic(responseTopic, nameof(responseTopic), limits);
        if (payload.Length > limits.PayloadBytes)
            throw ServiceError.InvalidRequest.Because($"1 validation error detected: Value at 'payload' failed to satisfy constraint: Member must have length less than or equal to {limits.PayloadBytes}");
        var properties = new MqttProperties
        {
            ContentType = contentType,
            ResponseTopic = responseTopic,
            MessageExpiryInterval = (uint?)messageExpiry,
            UserProperties = userProperties is null ? [] : UserProperties.Read(userProperties),
            PayloadFormatIndicator = (byte?)payloadFormatIndicator?.Value,
            CorrelationData = correlationData is null ? null : Base64(correlationData),
        };
        return gateway.Broker.Publish(topic, payload, (Qos)(qos ?? 0), retain == true, properties, ClientTenant.TenantOf(realm))
            ? new("OK")
            : throw ServiceError.Throttling.Because("The limit of retained messages is reached");
    }

    private static void CheckTopic(string topic, string member, MqttLimits limits)
    {
        if (!Topics.IsName(topic) || !Topics.IsWithin(limits, topic))
            throw SerializationErrors.ForValue(topic, member, typeof(string), $"a topic without wildcards, of at most {limits.TopicBytes} bytes and {limits.TopicSlashes} slashes");
    }

    private static byte[] Base64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length]
            : throw SerializationErrors.ForValue(text, "correlationData", typeof(string), "base64");
    }
}
