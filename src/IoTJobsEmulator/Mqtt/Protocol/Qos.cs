namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>The promise of a delivery.</summary>
public enum Qos : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,

    /// <summary>AWS IoT does not speak it: a subscription is granted <see cref="AtLeastOnce"/>, a publish ends the connection.</summary>
    ExactlyOnce = 2,
}
