namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>A message for one client, with the QoS and the RETAIN flag that this client receives (MQTT 5, 3.3.1).</summary>
internal readonly record struct Delivery(MqttMessage Message, Qos Qos, bool Retain);

/// <summary>A delivery that is to be written now. The packet identifier is zero with QoS 0.</summary>
internal readonly record struct OutgoingPublish(Delivery Delivery, ushort PacketId, bool Duplicate);
