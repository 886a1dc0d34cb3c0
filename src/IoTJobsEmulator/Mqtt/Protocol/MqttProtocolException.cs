namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>What a client sent breaks the protocol or a limit; its connection ends with this reason.</summary>
public sealed class MqttProtocolException(ReasonCode reason, string message) : Exception(message)
{
    public ReasonCode Reason => reason;
}
