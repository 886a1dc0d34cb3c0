namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>The type of a control packet (MQTT 5, 2.1.2). The reserved value 0 stands for the will properties in <see cref="PropertyTable"/>.</summary>
public enum PacketType : byte
{
    Will = 0,
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    PubRec = 5,
    PubRel = 6,
    PubComp = 7,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingRequest = 12,
    PingResponse = 13,
    Disconnect = 14,
    Auth = 15,
}
