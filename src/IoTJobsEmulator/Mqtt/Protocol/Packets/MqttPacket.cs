namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>A control packet of MQTT, of any version (MQTT 5, section 3).</summary>
public abstract record MqttPacket(PacketType Type)
{
    /// <summary>Empty before MQTT 5.</summary>
    public MqttProperties Properties { get; init; } = MqttProperties.None;
}

public sealed record ConnectPacket() : MqttPacket(PacketType.Connect)
{
    public MqttVersion Version { get; init; } = MqttVersion.V311;

    public string ClientId { get; init; } = "";

    /// <summary>Called "clean session" before MQTT 5.</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>Seconds.</summary>
    public ushort KeepAlive { get; init; }

    public string? UserName { get; init; }

    public ReadOnlyMemory<byte>? Password { get; init; }

    public WillMessage? Will { get; init; }
}

/// <summary>The message that is published when a client does not disconnect normally (MQTT 5, 3.1.2.5).</summary>
public sealed record WillMessage(string Topic, ReadOnlyMemory<byte> Payload, Qos Qos, bool Retain)
{
    public MqttProperties Properties { get; init; } = MqttProperties.None;
}

public sealed record ConnAckPacket(bool SessionPresent, ReasonCode Reason) : MqttPacket(PacketType.ConnAck);

public sealed record PublishPacket(string Topic, ReadOnlyMemory<byte> Payload) : MqttPacket(PacketType.Publish)
{
    public Qos Qos { get; init; }

    public bool Retain { get; init; }

    public bool Duplicate { get; init; }

    /// <summary>Zero with QoS 0, which has none.</summary>
    public ushort PacketId { get; init; }
}

/// <summary>PUBACK, or one of PUBREC, PUBREL and PUBCOMP, which have the same format (MQTT 5, 3.4 to 3.7).</summary>
public sealed record AcknowledgePacket(PacketType Type, ushort PacketId, ReasonCode Reason = ReasonCode.Success) : MqttPacket(Type);

public sealed record SubscribePacket(ushort PacketId, IReadOnlyList<SubscriptionRequest> Subscriptions) : MqttPacket(PacketType.Subscribe);

/// <summary>One topic filter of a SUBSCRIBE with its options (MQTT 5, 3.8.3.1). The options after the QoS exist in MQTT 5 only.</summary>
public readonly record struct SubscriptionRequest(
    string Filter, Qos Qos, bool NoLocal = false, bool RetainAsPublished = false, RetainHandling RetainHandling = RetainHandling.Send);

/// <summary>Whether a subscription receives the retained message (MQTT 5, 3.8.3.1).</summary>
public enum RetainHandling : byte
{
    Send = 0,
    SendIfNew = 1,
    DoNotSend = 2,
}

public sealed record SubAckPacket(ushort PacketId, IReadOnlyList<ReasonCode> Reasons) : MqttPacket(PacketType.SubAck);

public sealed record UnsubscribePacket(ushort PacketId, IReadOnlyList<string> Filters) : MqttPacket(PacketType.Unsubscribe);

/// <summary>Before MQTT 5 there are no reason codes.</summary>
public sealed record UnsubAckPacket(ushort PacketId, IReadOnlyList<ReasonCode> Reasons) : MqttPacket(PacketType.UnsubAck);

public sealed record PingRequestPacket() : MqttPacket(PacketType.PingRequest)
{
    public static readonly PingRequestPacket Instance = new();
}

public sealed record PingResponsePacket() : MqttPacket(PacketType.PingResponse)
{
    public static readonly PingResponsePacket Instance = new();
}

public sealed record DisconnectPacket(ReasonCode Reason) : MqttPacket(PacketType.Disconnect);

public sealed record AuthPacket(ReasonCode Reason) : MqttPacket(PacketType.Auth);
