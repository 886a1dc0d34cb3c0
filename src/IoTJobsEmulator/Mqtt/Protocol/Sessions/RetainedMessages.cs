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

    /// <summary>The messages of all topics, as a house sees them.</summary>
    public IEnumerable<MqttMessage> All(string? house, DateTimeOffset now) => _byTopic.Values.Select(kept => Last(kept, house, now)).OfType<MqttMessage>();

    public void Clear()
    {
        _byTopic.Clear();
        _count = 0;
    }

    private static MqttMessage? Last(List<Retained> kept, string? house, DateTimeOffset now) =>
        kept.FindLast(message => message.Audience.Includes(house)).Message is { Payload.IsEmpty: false } last && !last.IsExpired(now) ? last : null;
}
