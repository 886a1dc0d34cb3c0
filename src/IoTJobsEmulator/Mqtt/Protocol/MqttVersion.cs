namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>The versions of MQTT that are spoken, by the level which CONNECT states.</summary>
public enum MqttVersion : byte
{
    V31 = 3,
    V311 = 4,
    V5 = 5,
}
