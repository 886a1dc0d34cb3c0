namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>A message for one client, with the QoS and the RETAIN flag that this client receives (MQTT 5, 3.3.1).</summary>
/// <param name="Message">The message.</param>
/// <param name="Qos">The QoS of the delivery.</param>
/// <param name="Retain">The RETAIN flag of the delivery.</param>
/// <param name="Number">The place in the order of the session's messages, if it is kept beyond the process; else zero.</param>
internal readonly record struct Delivery(MqttMessage Message, Qos Qos, bool Retain, long Number = 0);

/// <summary>A delivery that is to be written now. The packet identifier is zero with QoS 0.</summary>
internal readonly record struct OutgoingPublish(Delivery Delivery, ushort PacketId, bool Duplicate);
