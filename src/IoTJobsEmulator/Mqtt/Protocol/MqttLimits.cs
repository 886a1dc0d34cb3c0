namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>What a client may do. The defaults are those of AWS IoT Core's message broker; those that AWS does not document say so.</summary>
public sealed record MqttLimits
{
    public static readonly MqttLimits Default = new();

    /// <summary>Bytes of one packet, fixed header included (MQTT 5, 3.2.2.3.6).</summary>
    public int PacketBytes { get; init; } = 146 * 1024;

    public int PayloadBytes { get; init; } = 128 * 1024;

    public int TopicBytes { get; init; } = 256;

    /// <summary>Not counted: the three of Basic Ingest (<c>$aws/rules/NAME/</c>) and the two of <c>$share/NAME/</c>.</summary>
    public int TopicSlashes { get; init; } = 7;

    public int ClientIdBytes { get; init; } = 128;

    public int FiltersPerSubscribe { get; init; } = 8;

    public int SubscriptionsPerConnection { get; init; } = 50;

    /// <summary>QoS 1 messages in flight in each direction (MQTT 5, 4.9). A client may ask for fewer.</summary>
    public ushort ReceiveMaximum { get; init; } = 100;

    /// <summary>In each direction (MQTT 5, 3.3.2.3.4). A client may ask for fewer.</summary>
    public ushort TopicAliasMaximum { get; init; } = 8;

    public TimeSpan ShortestKeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Also for a client that asks for no keep-alive, or for a longer one.</summary>
    public TimeSpan LongestKeepAlive { get; init; } = TimeSpan.FromSeconds(1200);

    /// <summary>How long a persistent session of MQTT 3 outlives its connection. MQTT 5 clients may ask for less (MQTT 5, 3.1.2.11.2).</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a connection may stay open without CONNECT. Not documented by AWS.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a closing connection waits for a client that does not read. Not documented by AWS.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages that wait for one client. Newer ones are dropped. Not documented by AWS.</summary>
    public int QueuedMessages { get; init; } = 10_000;

    /// <summary>Bytes of the messages that wait for one client, as <see cref="MqttMessage.Size"/> counts them. Not documented by AWS.</summary>
    public long QueuedBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Messages that wait for all clients together, or are not acknowledged. Newer ones are dropped. Not documented by AWS.</summary>
    public int AllQueuedMessages { get; init; } = 2_000_000;

    /// <summary>Bytes of these messages. One that waits for several clients counts once. Not documented by AWS.</summary>
    public long AllQueuedBytes { get; init; } = 512 * 1024 * 1024;

    /// <summary>Retained messages of the whole broker. A message that would exceed it is refused. Not documented by AWS.</summary>
    public int RetainedMessages { get; init; } = 100_000;

    /// <summary>Bytes of these messages, as <see cref="MqttMessage.Size"/> counts them. Not documented by AWS.</summary>
    public long RetainedBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Network connections of the whole broker. AWS has 500 000 clients in an account.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>Persistent sessions of the whole broker, of connected and offline clients. Not documented by AWS.</summary>
    public int PersistentSessions { get; init; } = 100_000;

    /// <summary>Subscriptions of the whole broker, those of offline clients included. Not documented by AWS.</summary>
    public int Subscriptions { get; init; } = 250_000;

    /// <summary>Bytes of the name of a shared subscription. Not documented by AWS.</summary>
    public int ShareNameBytes { get; init; } = 128;

    /// <summary>Bytes of all wills, as <see cref="MqttMessage.Size"/> counts them. Not documented by AWS.</summary>
    public long WillBytes { get; init; } = 64 * 1024 * 1024;
}
