namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Reads the properties of a packet.</summary>
internal static class PropertiesReader
{
    public static MqttProperties Read(ref FieldReader fields, PacketType packet)
    {
        var length = fields.VariableByteInteger();
        if (length == 0)
            return MqttProperties.None;
        var rest = new FieldReader(fields.Take((int)length));
        var properties = new MqttProperties();
        var seen = 0ul;
        while (!rest.AtEnd)
        {
            var id = (PropertyId)rest.Byte();
            if (!PropertyTable.Allows(packet, id))
                throw FieldReader.Malformed($"{packet} may not carry property {(byte)id}");
            var bit = 1ul << (int)id;
            if ((seen & bit) != 0 && !MayRepeat(packet, id))
                throw FieldReader.Error($"{id} is given twice");
            seen |= bit;
            ReadOne(ref rest, id, properties);
        }
        if (properties.AuthenticationData is not null && properties.AuthenticationMethod is null)
            throw FieldReader.Error("Authentication data without an authentication method");
        return properties;
    }

    private static bool MayRepeat(PacketType packet, PropertyId id) =>
        id == PropertyId.UserProperty || (id == PropertyId.SubscriptionIdentifier && packet == PacketType.Publish);

    private static void ReadOne(ref FieldReader rest, PropertyId id, MqttProperties to)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator: to.PayloadFormatIndicator = Flag(rest.Byte(), id); break;
            case PropertyId.MessageExpiryInterval: to.MessageExpiryInterval = rest.UInt32(); break;
            case PropertyId.ContentType: to.ContentType = rest.Text(); break;
            case PropertyId.ResponseTopic: to.ResponseTopic = TopicName(rest.Text()); break;
            case PropertyId.CorrelationData: to.CorrelationData = rest.Binary(); break;
            case PropertyId.SubscriptionIdentifier: Add(to, NotZero(rest.VariableByteInteger(), id)); break;
            case PropertyId.SessionExpiryInterval: to.SessionExpiryInterval = rest.UInt32(); break;
            case PropertyId.AssignedClientIdentifier: to.AssignedClientIdentifier = rest.Text(); break;
            case PropertyId.ServerKeepAlive: to.ServerKeepAlive = rest.UInt16(); break;
            case PropertyId.AuthenticationMethod: to.AuthenticationMethod = rest.Text(); break;
            case PropertyId.AuthenticationData: to.AuthenticationData = rest.Binary(); break;
            case PropertyId.RequestProblemInformation: to.RequestProblemInformation = Flag(rest.Byte(), id); break;
            case PropertyId.WillDelayInterval: to.WillDelayInterval = rest.UInt32(); break;
            case PropertyId.RequestResponseInformation: to.RequestResponseInformation = Flag(rest.Byte(), id); break;
            case PropertyId.ResponseInformation: to.ResponseInformation = rest.Text(); break;
            case PropertyId.ServerReference: to.ServerReference = rest.Text(); break;
            case PropertyId.ReasonString: to.ReasonString = rest.Text(); break;
            case PropertyId.ReceiveMaximum: to.ReceiveMaximum = (ushort)NotZero(rest.UInt16(), id); break;
            case PropertyId.TopicAliasMaximum: to.TopicAliasMaximum = rest.UInt16(); break;
            case PropertyId.TopicAlias: to.TopicAlias = Alias(rest.UInt16()); break;
            case PropertyId.MaximumQos: to.MaximumQos = Flag(rest.Byte(), id); break;
            case PropertyId.RetainAvailable: to.RetainAvailable = Flag(rest.Byte(), id); break;
            case PropertyId.UserProperty: Add(to, new KeyValuePair<string, string>(rest.Text(), rest.Text())); break;
            case PropertyId.MaximumPacketSize: to.MaximumPacketSize = NotZero(rest.UInt32(), id); break;
            case PropertyId.WildcardSubscriptionAvailable: to.WildcardSubscriptionAvailable = Flag(rest.Byte(), id); break;
            case PropertyId.SubscriptionIdentifierAvailable: to.SubscriptionIdentifierAvailable = Flag(rest.Byte(), id); break;
            case PropertyId.SharedSubscriptionAvailable: to.SharedSubscriptionAvailable = Flag(rest.Byte(), id); break;
        }
    }

    private static void Add(MqttProperties to, KeyValuePair<string, string> property)
    {
        if (to.UserProperties is not List<KeyValuePair<string, string>> list)
            to.UserProperties = list = [];
        list.Add(property);
    }

    private static void Add(MqttProperties to, uint subscription)
    {
        if (to.SubscriptionIdentifiers is not List<uint> list)
            to.SubscriptionIdentifiers = list = [];
        list.Add(subscription);
    }

    private static byte Flag(byte value, PropertyId id) => value <= 1 ? value : throw FieldReader.Error($"{id} must be 0 or 1");

    private static uint NotZero(uint value, PropertyId id) => value != 0 ? value : throw FieldReader.Error($"{id} may not be zero");

    private static ushort Alias(ushort value) =>
        value != 0 ? value : throw new MqttProtocolException(ReasonCode.TopicAliasInvalid, "A topic alias may not be zero");

    private static string TopicName(string topic) => Topics.IsName(topic) ? topic : throw FieldReader.Error("A response topic may have no wildcards");
}
