namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>The supported versions of MQTT, by the protocol version of CONNECT (MQTT 5, 3.1.2.2).</summary>
public enum MqttVersion : byte
{
    V31 = 3,
    V311 = 4,
    V5 = 5,
}
