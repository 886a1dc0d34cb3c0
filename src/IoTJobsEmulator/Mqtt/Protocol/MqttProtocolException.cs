namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>A client broke the protocol or a limit. Its connection ends with this reason code (MQTT 5, 4.13).</summary>
public sealed class MqttProtocolException(ReasonCode reason, string message) : Exception(message)
{
    public ReasonCode Reason => reason;
}
