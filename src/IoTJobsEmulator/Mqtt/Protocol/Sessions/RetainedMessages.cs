namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// What is retained: of each topic, everybody has the last message that was meant for them. So a house replaces and takes away its
/// own message and hides from itself what was published in no house; what is published in no house replaces all.
/// </summary>
internal sealed class RetainedMessages(int limit)
{
    /// <summary>At most one of each house, the oldest first.</summary>
    private readonly Dictionary<string, List<Retained>> _byTopic = [];
    private int _count;

    /// <summary>A message without payload stands for one of no house that a house has taken away from itself.</summary>
    private readonly record struct Retained(MqttMessage Message, Audience Audience);

    /// <summary>Keeps the message; one without payload takes away what was kept.</summary>
    /// <returns>False when there is no room for another one.</returns>
    public bool Set(MqttMessage message, Audience audience)
    {
        if (!_byTopic.TryGetValue(message.Topic, out var kept))
            kept = [];
        var before = kept.Count;
        kept.RemoveAll(earlier => audience.House is null || earlier.Audience == audience);
        var isWanted = !message.Payload.IsEmpty || kept.Exists(earlier => earlier.Audience.House is null);
        var hasRoom = _count - before + kept.Count < limit;
        if (isWanted && hasRoom)
            kept.Add(new(message, audience));
        _count += kept.Count - before;
        if (kept.Count == 0)
            _byTopic.Remove(message.Topic);
        else
            _byTopic[message.Topic] = kept;
        return !isWanted || hasRoom;
    }

    /// <summary>The message of a topic, as a house sees it.</summary>
    public MqttMessage? Get(string topic, string? house, DateTimeOffset now) =>
        _byTopic.TryGetValue(topic, out var kept) ? Last(kept, house, now) : null;

    /// <summary>The messages of all topics that match a filter, as a house sees them. A filter with wildcards looks at all topics: they are few, and subscribing is rare.</summary>
    public List<MqttMessage> Matching(string filter, string? house, DateTimeOffset now)
    {
        var found = new List<MqttMessage>();
        if (_byTopic.Count == 0)
            return found;
        if (filter.AsSpan().IndexOfAny('+', '#') < 0)
        {
            if (Get(filter, house, now) is { } only)
                found.Add(only);
            return found;
        }
        foreach (var (topic, kept) in _byTopic)
        {
            if (Topics.Matches(filter, topic) && Last(kept, house, now) is { } message)
                found.Add(message);
        }
        return found;
    }

    public void Clear()
    {
        _byTopic.Clear();
        _count = 0;
    }

    private static MqttMessage? Last(List<Retained> kept, string? house, DateTimeOffset now) =>
        kept.FindLast(message => message.Audience.Includes(house)).Message is { Payload.IsEmpty: false } last && !last.IsExpired(now) ? last : null;
}
