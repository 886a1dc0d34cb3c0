using static IoTJobsEmulator.Mqtt.Protocol.Packets.PacketType;

namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>The identifiers of properties (MQTT 5, table 2-4).</summary>
public enum PropertyId : byte
{
    PayloadFormatIndicator = 0x01,
    MessageExpiryInterval = 0x02,
    ContentType = 0x03,
    ResponseTopic = 0x08,
    CorrelationData = 0x09,
    SubscriptionIdentifier = 0x0B,
    SessionExpiryInterval = 0x11,
    AssignedClientIdentifier = 0x12,
    ServerKeepAlive = 0x13,
    AuthenticationMethod = 0x15,
    AuthenticationData = 0x16,
    RequestProblemInformation = 0x17,
    WillDelayInterval = 0x18,
    RequestResponseInformation = 0x19,
    ResponseInformation = 0x1A,
    ServerReference = 0x1C,
    ReasonString = 0x1F,
    ReceiveMaximum = 0x21,
    TopicAliasMaximum = 0x22,
    TopicAlias = 0x23,
    MaximumQos = 0x24,
    RetainAvailable = 0x25,
    UserProperty = 0x26,
    MaximumPacketSize = 0x27,
    WildcardSubscriptionAvailable = 0x28,
    SubscriptionIdentifierAvailable = 0x29,
    SharedSubscriptionAvailable = 0x2A,
}

/// <summary>Which packet may carry which property (MQTT 5, table 2-4).</summary>
public static class PropertyTable
{
    /// <summary>By identifier, one bit per packet type.</summary>
    private static readonly ushort[] Carriers = new ushort[0x2B];

    static PropertyTable()
    {
        Row(PropertyId.PayloadFormatIndicator, Publish, Will);
        Row(PropertyId.MessageExpiryInterval, Publish, Will);
        Row(PropertyId.ContentType, Publish, Will);
        Row(PropertyId.ResponseTopic, Publish, Will);
        Row(PropertyId.CorrelationData, Publish, Will);
        Row(PropertyId.SubscriptionIdentifier, Publish, Subscribe);
        Row(PropertyId.SessionExpiryInterval, Connect, ConnAck, Disconnect);
        Row(PropertyId.AssignedClientIdentifier, ConnAck);
        Row(PropertyId.ServerKeepAlive, ConnAck);
        Row(PropertyId.AuthenticationMethod, Connect, ConnAck, Auth);
        Row(PropertyId.AuthenticationData, Connect, ConnAck, Auth);
        Row(PropertyId.RequestProblemInformation, Connect);
        Row(PropertyId.WillDelayInterval, Will);
        Row(PropertyId.RequestResponseInformation, Connect);
        Row(PropertyId.ResponseInformation, ConnAck);
        Row(PropertyId.ServerReference, ConnAck, Disconnect);
        Row(PropertyId.ReasonString, ConnAck, PubAck, PubRec, PubRel, PubComp, SubAck, UnsubAck, Disconnect, Auth);
        Row(PropertyId.ReceiveMaximum, Connect, ConnAck);
        Row(PropertyId.TopicAliasMaximum, Connect, ConnAck);
        Row(PropertyId.TopicAlias, Publish);
        Row(PropertyId.MaximumQos, ConnAck);
        Row(PropertyId.RetainAvailable, ConnAck);
        Row(PropertyId.UserProperty, Connect, ConnAck, Publish, Will, PubAck, PubRec, PubRel, PubComp, Subscribe, SubAck, Unsubscribe,
            UnsubAck, Disconnect, Auth);
        Row(PropertyId.MaximumPacketSize, Connect, ConnAck);
        Row(PropertyId.WildcardSubscriptionAvailable, ConnAck);
        Row(PropertyId.SubscriptionIdentifierAvailable, ConnAck);
        Row(PropertyId.SharedSubscriptionAvailable, ConnAck);
    }

    public static bool Allows(PacketType packet, PropertyId property) =>
        (int)property < Carriers.Length && (Carriers[(int)property] & (1 << (int)packet)) != 0;

    private static void Row(PropertyId property, params ReadOnlySpan<PacketType> packets)
    {
        foreach (var packet in packets)
            Carriers[(int)property] |= (ushort)(1 << (int)packet);
    }
}
