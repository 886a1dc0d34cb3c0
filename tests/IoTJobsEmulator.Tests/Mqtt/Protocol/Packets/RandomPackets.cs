using FsCheck;
using FsCheck.Fluent;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Packets;

/// <summary>Any packet that MQTT allows, in any version.</summary>
internal static class RandomPackets
{
    public sealed record Sample(MqttPacket Packet, MqttVersion Version);

    public static Arbitrary<Sample> Any => Gen.Choose(0, int.MaxValue - 1).Select(seed => Make(new Random(seed))).ToArbitrary();

    public static Sample Make(Random random)
    {
        MqttVersion[] versions = [MqttVersion.V31, MqttVersion.V311, MqttVersion.V5];
        var version = versions[random.Next(3)];
        return Make(random, version);
    }

    public static Sample Make(Random random, MqttVersion version) => new(Packet(random, version), version);

    private static MqttPacket Packet(Random random, MqttVersion version)
    {
        var type = (PacketType)random.Next(1, version == MqttVersion.V5 ? 16 : 15);
        MqttPacket packet = type switch
        {
            PacketType.Connect => Connect(random, version),
            PacketType.ConnAck => ConnAck(random, version),
            PacketType.Publish => Publish(random, version),
            PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp =>
                new AcknowledgePacket(type, Id(random), version == MqttVersion.V5 ? Reason(random, type) : ReasonCode.Success),
            PacketType.Subscribe => new SubscribePacket(Id(random), Several(random, () => Request(random, version))),
            PacketType.SubAck => new SubAckPacket(Id(random), Several(random, () => SubAckReason(random, version))),
            PacketType.Unsubscribe => new UnsubscribePacket(Id(random), Several(random, () => Filter(random))),
            PacketType.UnsubAck => new UnsubAckPacket(Id(random), version == MqttVersion.V5 ? Several(random, () => Reason(random, type)) : []),
            PacketType.PingRequest => PingRequestPacket.Instance,
            PacketType.PingResponse => PingResponsePacket.Instance,
            PacketType.Disconnect => new DisconnectPacket(version == MqttVersion.V5 ? Reason(random, type) : ReasonCode.Success),
            _ => new AuthPacket(Reason(random, type)),
        };
        return version == MqttVersion.V5 && type is not (PacketType.PingRequest or PacketType.PingResponse)
            ? packet with { Properties = Properties(random, type) }
            : packet;
    }

    private static ConnectPacket Connect(Random random, MqttVersion version)
    {
        var userName = Maybe(random) ? Text(random) : null;
        return new()
        {
            Version = version,
            ClientId = Text(random),
            CleanStart = Maybe(random),
            KeepAlive = (ushort)random.Next(65536),
            UserName = userName,
            Password = (userName is not null || version == MqttVersion.V5) && Maybe(random) ? new ReadOnlyMemory<byte>(Bytes(random, 20)) : default(ReadOnlyMemory<byte>?),
            Will = Maybe(random)
                ? new WillMessage(Topic(random), Bytes(random, 50), (Qos)random.Next(3), Maybe(random))
                {
                    Properties = version == MqttVersion.V5 ? Properties(random, PacketType.Will) : MqttProperties.None,
                }
                : null,
        };
    }

    private static ConnAckPacket ConnAck(Random random, MqttVersion version)
    {
        ReasonCode[] old = [ReasonCode.Success, ReasonCode.UnsupportedProtocolVersion, ReasonCode.ClientIdentifierNotValid,
            ReasonCode.ServerUnavailable, ReasonCode.BadUserNameOrPassword, ReasonCode.NotAuthorized];
        var reason = version == MqttVersion.V5 ? Reason(random, PacketType.ConnAck) : old[random.Next(old.Length)];
        return new(reason == ReasonCode.Success && version != MqttVersion.V31 && Maybe(random), reason);
    }

    private static PublishPacket Publish(Random random, MqttVersion version)
    {
        var qos = (Qos)random.Next(3);
        return new(Topic(random), Bytes(random, 300))
        {
            Qos = qos,
            Retain = Maybe(random),
            Duplicate = qos != Qos.AtMostOnce && Maybe(random),
            PacketId = qos == Qos.AtMostOnce ? (ushort)0 : Id(random),
        };
    }

    private static SubscriptionRequest Request(Random random, MqttVersion version)
    {
        var filter = Filter(random);
        return version == MqttVersion.V5
            ? new(filter, (Qos)random.Next(3), !filter.StartsWith("$share/", StringComparison.Ordinal) && Maybe(random), Maybe(random), (RetainHandling)random.Next(3))
            : new(filter, (Qos)random.Next(3));
    }

    private static ReasonCode SubAckReason(Random random, MqttVersion version)
    {
        ReasonCode[] old = [ReasonCode.Success, ReasonCode.GrantedQos1, ReasonCode.GrantedQos2, ReasonCode.UnspecifiedError];
        return version == MqttVersion.V5 ? Reason(random, PacketType.SubAck) : old[random.Next(old.Length)];
    }

    private static MqttProperties Properties(Random random, PacketType packet)
    {
        if (Maybe(random))
            return MqttProperties.None;
        var method = Give(PropertyId.AuthenticationMethod) ? Text(random) : null;
        var properties = new MqttProperties
        {
            PayloadFormatIndicator = Give(PropertyId.PayloadFormatIndicator) ? Flag(random) : null,
            MessageExpiryInterval = Give(PropertyId.MessageExpiryInterval) ? Number(random) : null,
            ContentType = Give(PropertyId.ContentType) ? Text(random) : null,
            ResponseTopic = Give(PropertyId.ResponseTopic) ? Topic(random) : null,
            CorrelationData = Give(PropertyId.CorrelationData) ? new ReadOnlyMemory<byte>(Bytes(random, 20)) : default(ReadOnlyMemory<byte>?),
            SubscriptionIdentifiers = Give(PropertyId.SubscriptionIdentifier) ? [(uint)random.Next(1, 268_435_455)] : [],
            SessionExpiryInterval = Give(PropertyId.SessionExpiryInterval) ? Number(random) : null,
            AssignedClientIdentifier = Give(PropertyId.AssignedClientIdentifier) ? Text(random) : null,
            ServerKeepAlive = Give(PropertyId.ServerKeepAlive) ? (ushort)random.Next(65536) : null,
            AuthenticationMethod = method,
            AuthenticationData = method is not null && Maybe(random) ? new ReadOnlyMemory<byte>(Bytes(random, 20)) : default(ReadOnlyMemory<byte>?),
            RequestProblemInformation = Give(PropertyId.RequestProblemInformation) ? Flag(random) : null,
            WillDelayInterval = Give(PropertyId.WillDelayInterval) ? Number(random) : null,
            RequestResponseInformation = Give(PropertyId.RequestResponseInformation) ? Flag(random) : null,
            ResponseInformation = Give(PropertyId.ResponseInformation) ? Text(random) : null,
            ServerReference = Give(PropertyId.ServerReference) ? Text(random) : null,
            ReasonString = Give(PropertyId.ReasonString) ? Text(random) : null,
            ReceiveMaximum = Give(PropertyId.ReceiveMaximum) ? Id(random) : null,
            TopicAliasMaximum = Give(PropertyId.TopicAliasMaximum) ? (ushort)random.Next(65536) : null,
            TopicAlias = Give(PropertyId.TopicAlias) ? Id(random) : null,
            MaximumQos = Give(PropertyId.MaximumQos) ? Flag(random) : null,
            RetainAvailable = Give(PropertyId.RetainAvailable) ? Flag(random) : null,
            UserProperties = Give(PropertyId.UserProperty) ? Several(random, () => new KeyValuePair<string, string>(Text(random), Text(random))) : [],
            MaximumPacketSize = Give(PropertyId.MaximumPacketSize) ? Number(random) : null,
            WildcardSubscriptionAvailable = Give(PropertyId.WildcardSubscriptionAvailable) ? Flag(random) : null,
            SubscriptionIdentifierAvailable = Give(PropertyId.SubscriptionIdentifierAvailable) ? Flag(random) : null,
            SharedSubscriptionAvailable = Give(PropertyId.SharedSubscriptionAvailable) ? Flag(random) : null,
        };
        return properties;

        bool Give(PropertyId id) => PropertyTable.Allows(packet, id) && Maybe(random);
    }

    private static bool Maybe(Random random) => random.Next(2) == 0;

    private static ushort Id(Random random) => (ushort)random.Next(1, 65536);

    private static byte Flag(Random random) => (byte)random.Next(2);

    private static uint Number(Random random) => (uint)random.NextInt64(1, 1L << 32);

    private static ReasonCode Reason(Random random, PacketType type) => ReasonTable.AllowedIn(type).ElementAt(random.Next(ReasonTable.AllowedIn(type).Count));

    private static T[] Several<T>(Random random, Func<T> make) => [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => make())];

    private static byte[] Bytes(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random random)
    {
        string[] parts = ["", "a", "pump-1", "ö", "日本", "😀", "?SDK=x&y", " "];
        return string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => parts[random.Next(parts.Length)]));
    }

    private static string Topic(Random random)
    {
        string[] topics = ["a", "/", "$aws/things/pump-1/jobs/notify", "plant/ö/temperature", "a//b"];
        return topics[random.Next(topics.Length)];
    }

    private static string Filter(Random random)
    {
        string[] filters = ["#", "+", "a/#", "+/b/+", "/", "$share/group/a/+", "$aws/things/+/jobs/#", "plain"];
        return filters[random.Next(filters.Length)];
    }
}
