namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>A message for one client: with the lower QoS of message and subscription, marked as retained where it is one.</summary>
internal readonly record struct Delivery(MqttMessage Message, Qos Qos, bool Retain);

/// <summary>A delivery that is to be written now. The packet identifier is zero with QoS 0.</summary>
internal readonly record struct OutgoingPublish(Delivery Delivery, ushort PacketId, bool Duplicate);
