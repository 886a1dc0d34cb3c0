namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Reads CONNECT (section 3.1), the only packet that states its own version.</summary>
internal static class ConnectReader
{
    public static MqttPacket Read(ref FieldReader fields)
    {
        var version = ReadVersion(ref fields);
        var flags = fields.Byte();
        var hasWill = Bit(flags, 2);
        var willQos = (Qos)((flags >> 3) & 3);
        if (Bit(flags, 0) || (byte)willQos == 3 || (!hasWill && (flags & 0b0011_1000) != 0))
            throw FieldReader.Malformed("The connect flags contradict each other");
        if (Bit(flags, 6) && !Bit(flags, 7) && version != MqttVersion.V5)
            throw FieldReader.Malformed("A password without a user name");
        var keepAlive = fields.UInt16();
        var properties = version == MqttVersion.V5 ? PropertiesReader.Read(ref fields, PacketType.Connect) : MqttProperties.None;
        return new ConnectPacket
        {
            Version = version,
            CleanStart = Bit(flags, 1),
            KeepAlive = keepAlive,
            Properties = properties,
            ClientId = fields.Text(),
            Will = hasWill ? ReadWill(ref fields, version, willQos, retain: Bit(flags, 5)) : null,
            UserName = Bit(flags, 7) ? fields.Text() : null,
            Password = Bit(flags, 6) ? fields.Binary() : default(ReadOnlyMemory<byte>?), // a plain null would become an empty one
        };
    }

    private static MqttVersion ReadVersion(ref FieldReader fields)
    {
        var name = fields.Text();
        var level = fields.Byte();
        return (name, level) switch
        {
            ("MQIsdp", 3) => MqttVersion.V31,
            ("MQTT", 4) => MqttVersion.V311,
            ("MQTT", 5) => MqttVersion.V5,
            _ => throw new MqttProtocolException(ReasonCode.UnsupportedProtocolVersion, $"The protocol '{name}' {level} is not spoken here"),
        };
    }

    private static WillMessage ReadWill(ref FieldReader fields, MqttVersion version, Qos qos, bool retain)
    {
        var properties = version == MqttVersion.V5 ? PropertiesReader.Read(ref fields, PacketType.Will) : MqttProperties.None;
        var topic = fields.Text();
        if (!Topics.IsName(topic))
            throw new MqttProtocolException(ReasonCode.TopicNameInvalid, "The will's topic is empty or has wildcards");
        return new WillMessage(topic, fields.Binary(), qos, retain) { Properties = properties };
    }

    private static bool Bit(byte flags, int bit) => (flags & (1 << bit)) != 0;
}
