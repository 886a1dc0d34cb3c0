namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Writes the properties of a packet, in the order of the specification's table.</summary>
internal static class PropertiesWriter
{
    private static readonly Action<FieldWriter, MqttProperties> WriteAll = WriteEach;

    public static void Write(FieldWriter to, MqttProperties properties)
    {
        if (ReferenceEquals(properties, MqttProperties.None))
            to.Byte(0);
        else
            to.Measured(properties, WriteAll);
    }

    private static void WriteEach(FieldWriter to, MqttProperties p)
    {
        Byte(to, PropertyId.PayloadFormatIndicator, p.PayloadFormatIndicator);
        UInt32(to, PropertyId.MessageExpiryInterval, p.MessageExpiryInterval);
        Text(to, PropertyId.ContentType, p.ContentType);
        Text(to, PropertyId.ResponseTopic, p.ResponseTopic);
        Binary(to, PropertyId.CorrelationData, p.CorrelationData);
        for (var i = 0; i < p.SubscriptionIdentifiers.Count; i++)
        {
            to.Byte((byte)PropertyId.SubscriptionIdentifier);
            to.VariableByteInteger(p.SubscriptionIdentifiers[i]);
        }
        UInt32(to, PropertyId.SessionExpiryInterval, p.SessionExpiryInterval);
        Text(to, PropertyId.AssignedClientIdentifier, p.AssignedClientIdentifier);
        UInt16(to, PropertyId.ServerKeepAlive, p.ServerKeepAlive);
        Text(to, PropertyId.AuthenticationMethod, p.AuthenticationMethod);
        Binary(to, PropertyId.AuthenticationData, p.AuthenticationData);
        Byte(to, PropertyId.RequestProblemInformation, p.RequestProblemInformation);
        UInt32(to, PropertyId.WillDelayInterval, p.WillDelayInterval);
        Byte(to, PropertyId.RequestResponseInformation, p.RequestResponseInformation);
        Text(to, PropertyId.ResponseInformation, p.ResponseInformation);
        Text(to, PropertyId.ServerReference, p.ServerReference);
        Text(to, PropertyId.ReasonString, p.ReasonString);
        UInt16(to, PropertyId.ReceiveMaximum, p.ReceiveMaximum);
        UInt16(to, PropertyId.TopicAliasMaximum, p.TopicAliasMaximum);
        UInt16(to, PropertyId.TopicAlias, p.TopicAlias);
        Byte(to, PropertyId.MaximumQos, p.MaximumQos);
        Byte(to, PropertyId.RetainAvailable, p.RetainAvailable);
        for (var i = 0; i < p.UserProperties.Count; i++)
        {
            to.Byte((byte)PropertyId.UserProperty);
            to.Text(p.UserProperties[i].Key);
            to.Text(p.UserProperties[i].Value);
        }
        UInt32(to, PropertyId.MaximumPacketSize, p.MaximumPacketSize);
        Byte(to, PropertyId.WildcardSubscriptionAvailable, p.WildcardSubscriptionAvailable);
        Byte(to, PropertyId.SubscriptionIdentifierAvailable, p.SubscriptionIdentifierAvailable);
        Byte(to, PropertyId.SharedSubscriptionAvailable, p.SharedSubscriptionAvailable);
    }

    private static void Byte(FieldWriter to, PropertyId id, byte? value)
    {
        if (value is not { } given)
            return;
        to.Byte((byte)id);
        to.Byte(given);
    }

    private static void UInt16(FieldWriter to, PropertyId id, ushort? value)
    {
        if (value is not { } given)
            return;
        to.Byte((byte)id);
        to.UInt16(given);
    }

    private static void UInt32(FieldWriter to, PropertyId id, uint? value)
    {
        if (value is not { } given)
            return;
        to.Byte((byte)id);
        to.UInt32(given);
    }

    private static void Text(FieldWriter to, PropertyId id, string? value)
    {
        if (value is null)
            return;
        to.Byte((byte)id);
        to.Text(value);
    }

    private static void Binary(FieldWriter to, PropertyId id, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } given)
            return;
        to.Byte((byte)id);
        to.Binary(given.Span);
    }
}
