using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Mqtt.Protocol;

namespace IoTJobsEmulator.Mqtt.IotData;

// The simple shapes of the service model iot-data, under their names there.
internal sealed class TopicAttribute() : StringShapeAttribute;
internal sealed class QosAttribute() : NumberShapeAttribute((int)Qos.AtMostOnce, (int)Qos.AtLeastOnce);
internal sealed class ContentTypeAttribute() : StringShapeAttribute;
internal sealed class ResponseTopicAttribute() : StringShapeAttribute;
internal sealed class MessageExpiryAttribute() : NumberShapeAttribute(0, uint.MaxValue); // the model has no bounds, MQTT has
internal sealed class CorrelationDataAttribute() : StringShapeAttribute;
internal sealed class UserPropertiesAttribute() : StringShapeAttribute;
internal sealed class MaxResultsAttribute() : NumberShapeAttribute(1, 200);

/// <summary>Whether a payload is text. Source: API_iotdata_Publish. The numbers are those of MQTT 5, 3.3.2.3.2.</summary>
internal enum PayloadFormatIndicator
{
    UNSPECIFIED_BYTES,
    UTF8_DATA,
}
