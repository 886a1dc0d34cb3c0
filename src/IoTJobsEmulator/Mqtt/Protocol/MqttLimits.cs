namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>What a client may do. The defaults are those of AWS IoT Core's message broker, unless said otherwise.</summary>
public sealed record MqttLimits
{
    public static readonly MqttLimits Default = new();

    /// <summary>Bytes of one packet, header included.</summary>
    public int PacketBytes { get; init; } = 146 * 1024;

    public int PayloadBytes { get; init; } = 128 * 1024;

    public int TopicBytes { get; init; } = 256;

    /// <summary>Not counted: the three of Basic Ingest (<c>$aws/rules/NAME/</c>) and the two of <c>$share/NAME/</c>.</summary>
    public int TopicSlashes { get; init; } = 7;

    public int ClientIdBytes { get; init; } = 128;

    public int FiltersPerSubscribe { get; init; } = 8;

    public int SubscriptionsPerConnection { get; init; } = 50;

    /// <summary>QoS 1 messages sent and not yet acknowledged, in each direction.</summary>
    public ushort InFlight { get; init; } = 100;

    /// <summary>In each direction; a client may ask for fewer.</summary>
    public ushort TopicAliases { get; init; } = 8;

    public TimeSpan ShortestKeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Also what a client gets that asks for none, or for more.</summary>
    public TimeSpan LongestKeepAlive { get; init; } = TimeSpan.FromSeconds(1200);

    /// <summary>How long a persistent session of MQTT 3 outlives its connection; clients of MQTT 5 may ask for less.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a connection may stay without CONNECT. Ours; AWS does not say.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client that does not read may hold up the end of its connection. Ours.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages that wait for one client; more are dropped, the newest first. Ours.</summary>
    public int QueuedMessages { get; init; } = 10_000;

    /// <summary>Bytes of messages that wait for one client. Ours.</summary>
    public long QueuedBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Ours.</summary>
    public int RetainedMessages { get; init; } = 100_000;
}
