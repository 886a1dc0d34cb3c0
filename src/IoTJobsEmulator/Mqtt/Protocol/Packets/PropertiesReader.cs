namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Reads the properties of a packet (MQTT 5, 2.2.2).</summary>
internal static class PropertiesReader
{
    public static MqttProperties Read(ref FieldReader fields, PacketType packet)
    {
        var length = fields.ReadVariableByteInteger();
        if (length == 0)
            return MqttProperties.None;
        var rest = new FieldReader(fields.ReadBytes((int)length));
        var properties = new MqttProperties();
        var seen = 0ul;
        while (!rest.AtEnd)
        {
            var id = (PropertyId)rest.ReadByte();
            if (!PropertyTable.Allows(packet, id))
                throw FieldReader.Malformed($"{packet} may not carry property {(byte)id}");
            var bit = 1ul << (int)id;
            if ((seen & bit) != 0 && !MayRepeat(packet, id))
                throw FieldReader.ProtocolError($"{id} is given twice");
            seen |= bit;
            ReadOne(ref rest, id, properties);
        }
        if (properties.AuthenticationData is not null && properties.AuthenticationMethod is null)
            throw FieldReader.ProtocolError("Authentication data without an authentication method");
        return properties;
    }

    private static bool MayRepeat(PacketType packet, PropertyId id) =>
        id == PropertyId.UserProperty || (id == PropertyId.SubscriptionIdentifier && packet == PacketType.Publish);

    private static void ReadOne(ref FieldReader fields, PropertyId id, MqttProperties properties)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator: properties.PayloadFormatIndicator = Boolean(fields.ReadByte(), id); break;
            case PropertyId.MessageExpiryInterval: properties.MessageExpiryInterval = fields.ReadUInt32(); break;
            case PropertyId.ContentType: properties.ContentType = fields.ReadString(); break;
            case PropertyId.ResponseTopic: properties.ResponseTopic = TopicName(fields.ReadString()); break;
            case PropertyId.CorrelationData: properties.CorrelationData = fields.ReadBinary(); break;
            case PropertyId.SubscriptionIdentifier: Add(properties, NotZero(fields.ReadVariableByteInteger(), id)); break;
            case PropertyId.SessionExpiryInterval: properties.SessionExpiryInterval = fields.ReadUInt32(); break;
            case PropertyId.AssignedClientIdentifier: properties.AssignedClientIdentifier = fields.ReadString(); break;
            case PropertyId.ServerKeepAlive: properties.ServerKeepAlive = fields.ReadUInt16(); break;
            case PropertyId.AuthenticationMethod: properties.AuthenticationMethod = fields.ReadString(); break;
            case PropertyId.AuthenticationData: properties.AuthenticationData = fields.ReadBinary(); break;
            case PropertyId.RequestProblemInformation: properties.RequestProblemInformation = Boolean(fields.ReadByte(), id); break;
            case PropertyId.WillDelayInterval: properties.WillDelayInterval = fields.ReadUInt32(); break;
            case PropertyId.RequestResponseInformation: properties.RequestResponseInformation = Boolean(fields.ReadByte(), id); break;
            case PropertyId.ResponseInformation: properties.ResponseInformation = fields.ReadString(); break;
            case PropertyId.ServerReference: properties.ServerReference = fields.ReadString(); break;
            case PropertyId.ReasonString: properties.ReasonString = fields.ReadString(); break;
            case PropertyId.ReceiveMaximum: properties.ReceiveMaximum = (ushort)NotZero(fields.ReadUInt16(), id); break;
            case PropertyId.TopicAliasMaximum: properties.TopicAliasMaximum = fields.ReadUInt16(); break;
            case PropertyId.TopicAlias: properties.TopicAlias = TopicAlias(fields.ReadUInt16()); break;
            case PropertyId.MaximumQos: properties.MaximumQos = Boolean(fields.ReadByte(), id); break;
            case PropertyId.RetainAvailable: properties.RetainAvailable = Boolean(fields.ReadByte(), id); break;
            case PropertyId.UserProperty: Add(properties, new KeyValuePair<string, string>(fields.ReadString(), fields.ReadString())); break;
            case PropertyId.MaximumPacketSize: properties.MaximumPacketSize = NotZero(fields.ReadUInt32(), id); break;
            case PropertyId.WildcardSubscriptionAvailable: properties.WildcardSubscriptionAvailable = Boolean(fields.ReadByte(), id); break;
            case PropertyId.SubscriptionIdentifierAvailable: properties.SubscriptionIdentifierAvailable = Boolean(fields.ReadByte(), id); break;
            case PropertyId.SharedSubscriptionAvailable: properties.SharedSubscriptionAvailable = Boolean(fields.ReadByte(), id); break;
        }
    }

    private static void Add(MqttProperties properties, KeyValuePair<string, string> property)
    {
        if (properties.UserProperties is not List<KeyValuePair<string, string>> list)
            properties.UserProperties = list = [];
        list.Add(property);
    }

    private static void Add(MqttProperties properties, uint subscription)
    {
        if (properties.SubscriptionIdentifiers is not List<uint> list)
            properties.SubscriptionIdentifiers = list = [];
        list.Add(subscription);
    }

    private static byte Boolean(byte value, PropertyId id) => value <= 1 ? value : throw FieldReader.ProtocolError($"{id} must be 0 or 1");

    private static uint NotZero(uint value, PropertyId id) => value != 0 ? value : throw FieldReader.ProtocolError($"{id} may not be zero");

    private static ushort TopicAlias(ushort value) =>
        value != 0 ? value : throw new MqttProtocolException(ReasonCode.TopicAliasInvalid, "A topic alias may not be zero");

    private static string TopicName(string topic) => Topics.IsName(topic) ? topic : throw FieldReader.ProtocolError("A response topic may have no wildcards");
}
