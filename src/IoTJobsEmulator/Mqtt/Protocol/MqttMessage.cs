namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>A message on its way: made once, shared by everyone who gets it.</summary>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload, Qos Qos, bool Retain, MqttProperties Properties, DateTimeOffset PublishedAt)
{
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
