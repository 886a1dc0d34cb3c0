namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Reads what follows the fixed header, of every packet but CONNECT.</summary>
internal static class PacketBodies
{
    public static MqttPacket ReadConnAck(ref FieldReader fields, MqttVersion version)
    {
        var flags = fields.Byte();
        if (flags > 1)
            throw FieldReader.Malformed("CONNACK has reserved flags");
        var code = fields.Byte();
        var reason = version == MqttVersion.V5
            ? Known((ReasonCode)code, PacketType.ConnAck)
            : ReasonTable.OfReturnCode(code) ?? throw FieldReader.Malformed($"The return code {code} is not known");
        if (flags == 1 && reason != ReasonCode.Success)
            throw FieldReader.Error("A refused CONNECT has no session");
        return new ConnAckPacket(flags == 1, reason) { Properties = PropertiesOf(ref fields, PacketType.ConnAck, version) };
    }

    public static MqttPacket ReadPublish(ref FieldReader fields, int flags, MqttVersion version)
    {
        var qos = (Qos)((flags >> 1) & 3);
        var duplicate = (flags & 8) != 0;
        if (duplicate && qos == Qos.AtMostOnce)
            throw FieldReader.Malformed("A QoS 0 message cannot be a duplicate");
        var topic = fields.Text();
        var id = qos == Qos.AtMostOnce ? (ushort)0 : fields.PacketId();
        var properties = PropertiesOf(ref fields, PacketType.Publish, version);
        if (topic.Length == 0 ? properties.TopicAlias is null : !Topics.IsName(topic))
            throw new MqttProtocolException(
                topic.Length == 0 && version == MqttVersion.V5 ? ReasonCode.ProtocolError : ReasonCode.TopicNameInvalid,
                $"The topic '{topic}' is empty or has wildcards");
        return new PublishPacket(topic, fields.TakeRest().ToArray())
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
        var id = fields.PacketId();
        if (version != MqttVersion.V5 || fields.AtEnd)
            return new AcknowledgePacket(type, id);
        var reason = Known((ReasonCode)fields.Byte(), type);
        return new AcknowledgePacket(type, id, reason) { Properties = OptionalProperties(ref fields, type) };
    }

    public static MqttPacket ReadSubscribe(ref FieldReader fields, MqttVersion version)
    {
        var id = fields.PacketId();
        var properties = PropertiesOf(ref fields, PacketType.Subscribe, version);
        var requests = new List<SubscriptionRequest>(1);
        while (!fields.AtEnd)
            requests.Add(ReadRequest(ref fields, version));
        if (requests.Count == 0)
            throw FieldReader.Error("SUBSCRIBE without a filter");
        return new SubscribePacket(id, requests) { Properties = properties };
    }

    public static MqttPacket ReadSubAck(ref FieldReader fields, MqttVersion version)
    {
        var id = fields.PacketId();
        var properties = PropertiesOf(ref fields, PacketType.SubAck, version);
        var reasons = ReadReasons(ref fields, PacketType.SubAck);
        if (version != MqttVersion.V5 && reasons.Exists(r => r is > ReasonCode.GrantedQos2 and not ReasonCode.UnspecifiedError))
            throw FieldReader.Malformed("Only MQTT 5 says why a subscription is refused");
        return new SubAckPacket(id, reasons) { Properties = properties };
    }

    public static MqttPacket ReadUnsubscribe(ref FieldReader fields, MqttVersion version)
    {
        var id = fields.PacketId();
        var properties = PropertiesOf(ref fields, PacketType.Unsubscribe, version);
        var filters = new List<string>(1);
        while (!fields.AtEnd)
            filters.Add(ReadFilter(ref fields));
        if (filters.Count == 0)
            throw FieldReader.Error("UNSUBSCRIBE without a filter");
        return new UnsubscribePacket(id, filters) { Properties = properties };
    }

    public static MqttPacket ReadUnsubAck(ref FieldReader fields, MqttVersion version)
    {
        var id = fields.PacketId();
        if (version != MqttVersion.V5)
            return new UnsubAckPacket(id, []);
        var properties = PropertiesOf(ref fields, PacketType.UnsubAck, version);
        return new UnsubAckPacket(id, ReadReasons(ref fields, PacketType.UnsubAck)) { Properties = properties };
    }

    public static MqttPacket ReadDisconnect(ref FieldReader fields, MqttVersion version)
    {
        if (version != MqttVersion.V5 || fields.AtEnd)
            return new DisconnectPacket(ReasonCode.Success);
        var reason = Known((ReasonCode)fields.Byte(), PacketType.Disconnect);
        return new DisconnectPacket(reason) { Properties = OptionalProperties(ref fields, PacketType.Disconnect) };
    }

    public static MqttPacket ReadAuth(ref FieldReader fields)
    {
        if (fields.AtEnd)
            return new AuthPacket(ReasonCode.Success);
        var reason = Known((ReasonCode)fields.Byte(), PacketType.Auth);
        return new AuthPacket(reason) { Properties = OptionalProperties(ref fields, PacketType.Auth) };
    }

    private static SubscriptionRequest ReadRequest(ref FieldReader fields, MqttVersion version)
    {
        var filter = ReadFilter(ref fields);
        var options = fields.Byte();
        var retainHandling = (options >> 4) & 3;
        if ((options & 3) == 3 || retainHandling == 3 || (options & (version == MqttVersion.V5 ? 0xC0 : 0xFC)) != 0)
            throw FieldReader.Malformed("The options of a subscription are not known");
        var noLocal = (options & 4) != 0;
        if (noLocal && Topics.TryReadShare(filter, out _, out _))
            throw FieldReader.Error("A shared subscription cannot be without its own messages");
        return new SubscriptionRequest(filter, (Qos)(options & 3), noLocal, (options & 8) != 0, (RetainHandling)retainHandling);
    }

    private static string ReadFilter(ref FieldReader fields) =>
        fields.Text() is var filter && Topics.IsFilter(filter)
            ? filter
            : throw new MqttProtocolException(ReasonCode.TopicFilterInvalid, $"'{filter}' is no topic filter");

    private static List<ReasonCode> ReadReasons(ref FieldReader fields, PacketType type)
    {
        var reasons = new List<ReasonCode>(1);
        while (!fields.AtEnd)
            reasons.Add(Known((ReasonCode)fields.Byte(), type));
        return reasons.Count > 0 ? reasons : throw FieldReader.Error($"{type} without a reason");
    }

    private static MqttProperties PropertiesOf(ref FieldReader fields, PacketType type, MqttVersion version) =>
        version == MqttVersion.V5 ? PropertiesReader.Read(ref fields, type) : MqttProperties.None;

    /// <summary>Some packets may end before their properties.</summary>
    private static MqttProperties OptionalProperties(ref FieldReader fields, PacketType type) =>
        fields.AtEnd ? MqttProperties.None : PropertiesReader.Read(ref fields, type);

    private static ReasonCode Known(ReasonCode reason, PacketType type) =>
        ReasonTable.Allows(type, reason) ? reason : throw FieldReader.Error($"{type} may not give the reason 0x{(byte)reason:X2}");
}
