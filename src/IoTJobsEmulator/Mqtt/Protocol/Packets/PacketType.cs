namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>The first four bits of a packet. The zero, which no packet may have, stands for the will's place in <see cref="PropertyTable"/>.</summary>
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
