namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>An application message, shared by all its receivers.</summary>
public sealed record MqttMessage(string Topic, MqttPayload Content, Qos Qos, bool Retain, MqttProperties Properties, DateTimeOffset PublishedAt)
{
    /// <summary>The objects of a message in memory, about.</summary>
    private const int Overhead = 256;

    public ReadOnlyMemory<byte> Payload => Content.Bytes;

    /// <summary>The bytes that the message takes in memory, about: topic, properties and payload, which is created for it.</summary>
    public int Size => SizeWithoutPayload + Payload.Length;

    /// <summary>The bytes of topic and properties: their text has two bytes for each character.</summary>
    public int SizeWithoutPayload { get; } = SizeOf(Topic, Properties);

    /// <summary>The client that published a retained message; null when the server did. Needed for No Local (MQTT 5, 3.8.3.1).</summary>
    public ClientKey? Publisher { get; init; }

    /// <summary>Whether the message expiry interval is over (MQTT 5, 3.3.2.3.3).</summary>
    public bool IsExpired(DateTimeOffset now) => Properties.MessageExpiryInterval is { } seconds && now - PublishedAt >= TimeSpan.FromSeconds(seconds);

    private int _queued;

    /// <summary>The message enters a queue.</summary>
    /// <returns>Whether it is in no other.</returns>
    internal bool Enqueue() => Interlocked.Increment(ref _queued) == 1;

    /// <summary>The message leaves a queue.</summary>
    /// <returns>Whether it is in no other.</returns>
    internal bool Dequeue() => Interlocked.Decrement(ref _queued) == 0;

    internal static int SizeOf(string topic, MqttProperties properties) => Overhead + (2 * topic.Length) + properties.Size;

    /// <summary>The properties with the time that is left of the message expiry interval (MQTT-3.3.2-6).</summary>
    internal MqttProperties PropertiesAt(DateTimeOffset now)
    {
        if (Properties.MessageExpiryInterval is not { } seconds)
            return Properties;
        var waited = (uint)Math.Clamp((now - PublishedAt).TotalSeconds, 0, seconds);
        return waited == 0 ? Properties : Properties with { MessageExpiryInterval = seconds - waited };
    }
}

/// <summary>One publication, for the listeners of the broker.</summary>
/// <param name="Message">The message.</param>
/// <param name="Publisher">The client that published it; null for the server.</param>
/// <param name="Recipient">The only client it is sent to; null if it goes to all subscribers.</param>
/// <param name="Tenant">The tenant whose clients may receive it; null for all.</param>
public readonly record struct Publication(MqttMessage Message, MqttConnection? Publisher, MqttConnection? Recipient, string? Tenant);

/// <summary>The bytes of a message. They may be created when they are first read, because most messages have no subscriber.</summary>
public class MqttPayload
{
    private ReadOnlyMemory<byte> _bytes;
    private volatile bool _isValueCreated;

    public MqttPayload(ReadOnlyMemory<byte> bytes) => (_bytes, _isValueCreated) = (bytes, true);

    private protected MqttPayload()
    {
    }

    public bool IsValueCreated => _isValueCreated;

    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            if (!_isValueCreated)
                CreateOnce();
            return _bytes;
        }
    }

    private protected virtual byte[] Create() => [];

    private void CreateOnce()
    {
        lock (this) // a lock of its own would be a second object for each message
        {
            if (!_isValueCreated)
                (_bytes, _isValueCreated) = (Create(), true);
        }
    }
}

/// <summary>Bytes that are created from a value when they are first read. One object, because the last thousands of messages are kept.</summary>
public sealed class MqttPayload<TValue>(TValue value, Func<TValue, byte[]> create) : MqttPayload
{
    private TValue _value = value;

    private protected override byte[] Create()
    {
        var bytes = create(_value);
        _value = default!;
        return bytes;
    }
}
