namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>A message on its way: made once, shared by everyone who gets it. A payload that nobody looks at is never made.</summary>
public sealed record MqttMessage(string Topic, MqttPayload Content, Qos Qos, bool Retain, MqttProperties Properties, DateTimeOffset PublishedAt)
{
    public ReadOnlyMemory<byte> Payload => Content.Bytes;

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
public sealed class MqttPayload
{
    private readonly Lock? _making;
    private ReadOnlyMemory<byte> _bytes;
    private volatile Func<ReadOnlyMemory<byte>>? _make;

    public MqttPayload(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    public MqttPayload(Func<ReadOnlyMemory<byte>> make) => (_making, _make) = (new(), make);

    public bool IsMade => _make is null;

    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            if (_make is null)
                return _bytes;
            lock (_making!)
            {
                if (_make is { } make)
                    (_bytes, _make) = (make(), null);
            }
            return _bytes;
        }
    }
}
