namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Reads the variable header and payload of every packet but CONNECT (MQTT 5, 3.2 to 3.15).</summary>
internal static class PacketBodyReader
{
    public static MqttPacket ReadConnAck(ref FieldReader fields, MqttVersion version)
    {
        var flags = fields.ReadByte();
        if (flags > 1)
            throw FieldReader.Malformed("CONNACK has reserved flags");
        var code = fields.ReadByte();
        var reason = version == MqttVersion.V5
            ? CheckReason((ReasonCode)code, PacketType.ConnAck)
            : ReasonTable.FromReturnCode(code) ?? throw FieldReader.Malformed($"The return code {code} is not known");
        if (flags == 1 && reason != ReasonCode.Success)
            throw FieldReader.ProtocolError("A CONNACK with an error code may not set Session Present");
        return new ConnAckPacket(flags == 1, reason) { Properties = ReadProperties(ref fields, PacketType.ConnAck, version) };
    }

    public static MqttPacket ReadPublish(ref FieldReader fields, int flags, MqttVersion version)
    {
        var qos = (Qos)((flags >> 1) & 3);
        var duplicate = (flags & 8) != 0;
        if (duplicate && qos == Qos.AtMostOnce)
            throw FieldReader.Malformed("A QoS 0 message cannot be a duplicate");
        var topic = fields.ReadString();
        var id = qos == Qos.AtMostOnce ? (ushort)0 : fields.ReadPacketId();
        var properties = ReadProperties(ref fields, PacketType.Publish, version);
        if (topic.Length == 0 ? properties.TopicAlias is null : !Topics.IsName(topic))
            throw new MqttProtocolException(
                topic.Length == 0 && version == MqttVersion.V5 ? ReasonCode.ProtocolError : ReasonCode.TopicNameInvalid,
                $"The topic '{topic}' is empty or has wildcards");
        return new PublishPacket(topic, fields.ReadRest().ToArray())
        {
            Qos = qos,
            Retain = (flags & 1) != 0,
            Duplicate = duplicate,
            PacketId = id,
            Properties = properties,
        };
    }

    public static MqttPacket ReadAcknowledge(ref FieldReader fields, PacketType type, MqttVersion version)
    {
        var id = fields.ReadPacketId();
        if (version != MqttVersion.V5 || fields.AtEnd)
            return new AcknowledgePacket(type, id);
        var reason = CheckReason((ReasonCode)fields.ReadByte(), type);
        return new AcknowledgePacket(type, id, reason) { Properties = ReadOptionalProperties(ref fields, type) };
    }

    public static MqttPacket ReadSubscribe(ref FieldReader fields, MqttVersion version)
    {
        var id = fields.ReadPacketId();
        var properties = ReadProperties(ref fields, PacketType.Subscribe, version);
        var requests = new List<SubscriptionRequest>(1);
        while (!fields.AtEnd)
            requests.Add(ReadRequest(ref fields, version));
        if (requests.Count == 0)
            throw FieldReader.ProtocolError("SUBSCRIBE without a filter");
        return new SubscribePacket(id, requests) { Properties = properties };
    }

    public static MqttPacket ReadSubAck(ref FieldReader fields, MqttVersion version)
    {
        var id = fields.ReadPacketId();
        var properties = ReadProperties(ref fields, PacketType.SubAck, version);
        var reasons = ReadReasons(ref fields, PacketType.SubAck);
        if (version != MqttVersion.V5 && reasons.Exists(r => r is > ReasonCode.GrantedQos2 and not ReasonCode.UnspecifiedError))
            throw FieldReader.Malformed("Before MQTT 5, SUBACK has no other refusal than 0x80");
        return new SubAckPacket(id, reasons) { Properties = properties };
    }

    public static MqttPacket ReadUnsubscribe(ref FieldReader fields, MqttVersion version)
    {
        var id = fields.ReadPacketId();
        var properties = ReadProperties(ref fields, PacketType.Unsubscribe, version);
        var filters = new List<string>(1);
        while (!fields.AtEnd)
            filters.Add(ReadFilter(ref fields));
        if (filters.Count == 0)
            throw FieldReader.ProtocolError("UNSUBSCRIBE without a filter");
        return new UnsubscribePacket(id, filters) { Properties = properties };
    }

    public static MqttPacket ReadUnsubAck(ref FieldReader fields, MqttVersion version)
    {
        var id = fields.ReadPacketId();
        if (version != MqttVersion.V5)
            return new UnsubAckPacket(id, []);
        var properties = ReadProperties(ref fields, PacketType.UnsubAck, version);
        return new UnsubAckPacket(id, ReadReasons(ref fields, PacketType.UnsubAck)) { Properties = properties };
    }

    public static MqttPacket ReadDisconnect(ref FieldReader fields, MqttVersion version)
    {
        if (version != MqttVersion.V5 || fields.AtEnd)
            return new DisconnectPacket(ReasonCode.Success);
        var reason = CheckReason((ReasonCode)fields.ReadByte(), PacketType.Disconnect);
        return new DisconnectPacket(reason) { Properties = ReadOptionalProperties(ref fields, PacketType.Disconnect) };
    }

    public static MqttPacket ReadAuth(ref FieldReader fields)
    {
        if (fields.AtEnd)
            return new AuthPacket(ReasonCode.Success);
        var reason = CheckReason((ReasonCode)fields.ReadByte(), PacketType.Auth);
        return new AuthPacket(reason) { Properties = ReadOptionalProperties(ref fields, PacketType.Auth) };
    }

    private static SubscriptionRequest ReadRequest(ref FieldReader fields, MqttVersion version)
    {
        var filter = ReadFilter(ref fields);
        var options = fields.ReadByte();
        var retainHandling = (options >> 4) & 3;
        if ((options & 3) == 3 || retainHandling == 3 || (options & (version == MqttVersion.V5 ? 0xC0 : 0xFC)) != 0)
            throw FieldReader.Malformed("The options of a subscription are not known");
        var noLocal = (options & 4) != 0;
        if (noLocal && Topics.TryParseShared(filter, out _, out _))
            throw FieldReader.ProtocolError("A shared subscription may not set No Local");
        return new SubscriptionRequest(filter, (Qos)(options & 3), noLocal, (options & 8) != 0, (RetainHandling)retainHandling);
    }

    private static string ReadFilter(ref FieldReader fields) =>
        fields.ReadString() is var filter && Topics.IsFilter(filter)
            ? filter
            : throw new MqttProtocolException(ReasonCode.TopicFilterInvalid, $"'{filter}' is not a topic filter");

    private static List<ReasonCode> ReadReasons(ref FieldReader fields, PacketType type)
    {
        var reasons = new List<ReasonCode>(1);
        while (!fields.AtEnd)
            reasons.Add(CheckReason((ReasonCode)fields.ReadByte(), type));
        return reasons.Count > 0 ? reasons : throw FieldReader.ProtocolError($"{type} without a reason");
    }

    private static MqttProperties ReadProperties(ref FieldReader fields, PacketType type, MqttVersion version) =>
        version == MqttVersion.V5 ? PropertiesReader.Read(ref fields, type) : MqttProperties.None;

    /// <summary>The acknowledgements, DISCONNECT and AUTH may end before their properties (MQTT 5, 3.4.2.2.1 and others).</summary>
    private static MqttProperties ReadOptionalProperties(ref FieldReader fields, PacketType type) =>
        fields.AtEnd ? MqttProperties.None : PropertiesReader.Read(ref fields, type);

    private static ReasonCode CheckReason(ReasonCode reason, PacketType type) =>
        ReasonTable.Allows(type, reason) ? reason : throw FieldReader.ProtocolError($"{type} may not give the reason 0x{(byte)reason:X2}");
}
