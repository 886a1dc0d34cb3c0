namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>Quality of service (MQTT 5, 4.3).</summary>
public enum Qos : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,

    /// <summary>Not supported by AWS IoT: a subscription is granted <see cref="AtLeastOnce"/>, a PUBLISH ends the connection.</summary>
    ExactlyOnce = 2,
}
