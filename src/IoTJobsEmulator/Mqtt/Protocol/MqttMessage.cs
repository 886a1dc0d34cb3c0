namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>A message on its way: made once, shared by everyone who gets it. A payload that nobody looks at is never made.</summary>
public sealed record MqttMessage(string Topic, MqttPayload Content, Qos Qos, bool Retain, MqttProperties Properties, DateTimeOffset PublishedAt)
{
    public ReadOnlyMemory<byte> Payload => Content.Bytes;

    /// <summary>Of a retained message the client that published it, which may not want to hear itself; null when it was the server.</summary>
    public string? Publisher { get; init; }

    public bool IsExpired(DateTimeOffset now) => Properties.MessageExpiryInterval is { } seconds && now - PublishedAt >= TimeSpan.FromSeconds(seconds);

    /// <summary>The properties as a receiver is to see them: its time left, not the time it had at first.</summary>
    internal MqttProperties PropertiesAt(DateTimeOffset now)
    {
        if (Properties.MessageExpiryInterval is not { } seconds)
            return Properties;
        var waited = (uint)Math.Clamp((now - PublishedAt).TotalSeconds, 0, seconds);
        return waited == 0 ? Properties : Properties with { MessageExpiryInterval = seconds - waited };
    }
}

/// <summary>One publication, for whoever watches: from a client or (null) from the server itself, to all who subscribe or to one client only.</summary>
public readonly record struct Publication(MqttMessage Message, MqttConnection? From, MqttConnection? OnlyTo);

/// <summary>The bytes of a message, there already or made when first looked at.</summary>
public sealed class MqttPayload(Func<ReadOnlyMemory<byte>> make)
{
    private ReadOnlyMemory<byte> _bytes;
    private volatile Func<ReadOnlyMemory<byte>>? _make = make;

    public MqttPayload(ReadOnlyMemory<byte> bytes) : this(static () => default) => (_bytes, _make) = (bytes, null);

    public bool IsMade => _make is null;

    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            if (_make is { } make)
                MakeOnce(make);
            return _bytes;
        }
    }

    private void MakeOnce(Func<ReadOnlyMemory<byte>> make)
    {
        lock (make)
        {
            if (_make is not null)
                (_bytes, _make) = (make(), null);
        }
    }
}
