namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Reads CONNECT (MQTT 5, 3.1), the only packet that contains the protocol version.</summary>
internal static class ConnectReader
{
    public static MqttPacket Read(ref FieldReader fields)
    {
        var version = ReadVersion(ref fields);
        var flags = fields.ReadByte();
        var hasWill = HasBit(flags, 2);
        var willQos = (Qos)((flags >> 3) & 3);
        if (HasBit(flags, 0) || (byte)willQos == 3 || (!hasWill && (flags & 0b0011_1000) != 0))
            throw FieldReader.Malformed("The connect flags are inconsistent");
        if (HasBit(flags, 6) && !HasBit(flags, 7) && version != MqttVersion.V5)
            throw FieldReader.Malformed("A password without a user name");
        var keepAlive = fields.ReadUInt16();
        var properties = version == MqttVersion.V5 ? PropertiesReader.Read(ref fields, PacketType.Connect) : MqttProperties.None;
        return new ConnectPacket
        {
            Version = version,
            CleanStart = HasBit(flags, 1),
            KeepAlive = keepAlive,
            Properties = properties,
            ClientId = fields.ReadString(),
            Will = hasWill ? ReadWill(ref fields, version, willQos, retain: HasBit(flags, 5)) : null,
            UserName = HasBit(flags, 7) ? fields.ReadString() : null,
            Password = HasBit(flags, 6) ? fields.ReadBinary() : default(ReadOnlyMemory<byte>?), // a plain null would become an empty one
        };
    }

    private static MqttVersion ReadVersion(ref FieldReader fields)
    {
        var name = fields.ReadString();
        var level = fields.ReadByte();
        return (name, level) switch
        {
            ("MQIsdp", 3) => MqttVersion.V31,
            ("MQTT", 4) => MqttVersion.V311,
            ("MQTT", 5) => MqttVersion.V5,
            _ => throw new MqttProtocolException(ReasonCode.UnsupportedProtocolVersion, $"The protocol '{name}' {level} is not supported"),
        };
    }

    private static WillMessage ReadWill(ref FieldReader fields, MqttVersion version, Qos qos, bool retain)
    {
        var properties = version == MqttVersion.V5 ? PropertiesReader.Read(ref fields, PacketType.Will) : MqttProperties.None;
        var topic = fields.ReadString();
        if (!Topics.IsName(topic))
            throw new MqttProtocolException(ReasonCode.TopicNameInvalid, "The will topic is empty or has wildcards");
        return new WillMessage(topic, fields.ReadBinary(), qos, retain) { Properties = properties };
    }

    private static bool HasBit(byte flags, int bit) => (flags & (1 << bit)) != 0;
}
