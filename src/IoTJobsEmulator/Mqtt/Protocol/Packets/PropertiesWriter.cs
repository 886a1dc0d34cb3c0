namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Writes the properties of a packet, in the order of MQTT 5, table 2-4.</summary>
internal static class PropertiesWriter
{
    private static readonly Action<FieldWriter, MqttProperties> WriteAll = WriteEach;

    public static void Write(FieldWriter writer, MqttProperties properties)
    {
        if (ReferenceEquals(properties, MqttProperties.None))
            writer.WriteByte(0);
        else
            writer.WriteLengthPrefixed(properties, WriteAll);
    }

    private static void WriteEach(FieldWriter writer, MqttProperties properties)
    {
        WriteByte(writer, PropertyId.PayloadFormatIndicator, properties.PayloadFormatIndicator);
        WriteUInt32(writer, PropertyId.MessageExpiryInterval, properties.MessageExpiryInterval);
        WriteString(writer, PropertyId.ContentType, properties.ContentType);
        WriteString(writer, PropertyId.ResponseTopic, properties.ResponseTopic);
        WriteBinary(writer, PropertyId.CorrelationData, properties.CorrelationData);
        for (var i = 0; i < properties.SubscriptionIdentifiers.Count; i++)
        {
            writer.WriteByte((byte)PropertyId.SubscriptionIdentifier);
            writer.WriteVariableByteInteger(properties.SubscriptionIdentifiers[i]);
        }
        WriteUInt32(writer, PropertyId.SessionExpiryInterval, properties.SessionExpiryInterval);
        WriteString(writer, PropertyId.AssignedClientIdentifier, properties.AssignedClientIdentifier);
        WriteUInt16(writer, PropertyId.ServerKeepAlive, properties.ServerKeepAlive);
        WriteString(writer, PropertyId.AuthenticationMethod, properties.AuthenticationMethod);
        WriteBinary(writer, PropertyId.AuthenticationData, properties.AuthenticationData);
        WriteByte(writer, PropertyId.RequestProblemInformation, properties.RequestProblemInformation);
        WriteUInt32(writer, PropertyId.WillDelayInterval, properties.WillDelayInterval);
        WriteByte(writer, PropertyId.RequestResponseInformation, properties.RequestResponseInformation);
        WriteString(writer, PropertyId.ResponseInformation, properties.ResponseInformation);
        WriteString(writer, PropertyId.ServerReference, properties.ServerReference);
        WriteString(writer, PropertyId.ReasonString, properties.ReasonString);
        WriteUInt16(writer, PropertyId.ReceiveMaximum, properties.ReceiveMaximum);
        WriteUInt16(writer, PropertyId.TopicAliasMaximum, properties.TopicAliasMaximum);
        WriteUInt16(writer, PropertyId.TopicAlias, properties.TopicAlias);
        WriteByte(writer, PropertyId.MaximumQos, properties.MaximumQos);
        WriteByte(writer, PropertyId.RetainAvailable, properties.RetainAvailable);
        for (var i = 0; i < properties.UserProperties.Count; i++)
        {
            writer.WriteByte((byte)PropertyId.UserProperty);
            writer.WriteString(properties.UserProperties[i].Key);
            writer.WriteString(properties.UserProperties[i].Value);
        }
        WriteUInt32(writer, PropertyId.MaximumPacketSize, properties.MaximumPacketSize);
        WriteByte(writer, PropertyId.WildcardSubscriptionAvailable, properties.WildcardSubscriptionAvailable);
        WriteByte(writer, PropertyId.SubscriptionIdentifierAvailable, properties.SubscriptionIdentifierAvailable);
        WriteByte(writer, PropertyId.SharedSubscriptionAvailable, properties.SharedSubscriptionAvailable);
    }

    private static void WriteByte(FieldWriter writer, PropertyId id, byte? value)
    {
        if (value is not { } present)
            return;
        writer.WriteByte((byte)id);
        writer.WriteByte(present);
    }

    private static void WriteUInt16(FieldWriter writer, PropertyId id, ushort? value)
    {
        if (value is not { } present)
            return;
        writer.WriteByte((byte)id);
        writer.WriteUInt16(present);
    }

    private static void WriteUInt32(FieldWriter writer, PropertyId id, uint? value)
    {
        if (value is not { } present)
            return;
        writer.WriteByte((byte)id);
        writer.WriteUInt32(present);
    }

    private static void WriteString(FieldWriter writer, PropertyId id, string? value)
    {
        if (value is null)
            return;
        writer.WriteByte((byte)id);
        writer.WriteString(value);
    }

    private static void WriteBinary(FieldWriter writer, PropertyId id, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } present)
            return;
        writer.WriteByte((byte)id);
        writer.WriteBinary(present.Span);
    }
}
