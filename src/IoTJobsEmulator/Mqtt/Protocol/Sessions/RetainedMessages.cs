namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// What is retained: of each topic, everybody has the last message that was meant for them. So a tenant replaces and takes away its
/// own message and hides from itself what was published in no tenant; what is published in no tenant replaces all.
/// </summary>
internal sealed class RetainedMessages(int limit)
{
    /// <summary>At most one of each tenant, the oldest first.</summary>
    private readonly Dictionary<string, List<Retained>> _byTopic = [];
    private int _count;

    /// <summary>A message without payload stands for one of no tenant that a tenant has taken away from itself.</summary>
    private readonly record struct Retained(MqttMessage Message, TenantFilter TenantFilter);

    /// <summary>Keeps the message; one without payload takes away what was kept.</summary>
    /// <returns>False when there is no room for another one.</returns>
    public bool Set(MqttMessage message, TenantFilter filter)
    {
        if (!_byTopic.TryGetValue(message.Topic, out var kept))
            kept = [];
        var before = kept.Count;
        kept.RemoveAll(earlier => filter.Tenant is null || earlier.TenantFilter == filter);
        var isWanted = !message.Payload.IsEmpty || kept.Exists(earlier => earlier.TenantFilter.Tenant is null);
        var hasRoom = _count - before + kept.Count < limit;
        if (isWanted && hasRoom)
            kept.Add(new(message, filter));
        _count += kept.Count - before;
        if (kept.Count == 0)
            _byTopic.Remove(message.Topic);
        else
            _byTopic[message.Topic] = kept;
        return !isWanted || hasRoom;
    }

    /// <summary>The message of a topic, as a tenant sees it.</summary>
    public MqttMessage? Get(string topic, string? tenant, DateTimeOffset now) =>
        _byTopic.TryGetValue(topic, out var kept) ? Last(kept, tenant, now) : null;

    /// <summary>The messages of all topics, as a tenant sees them.</summary>
    public IEnumerable<MqttMessage> All(string? tenant, DateTimeOffset now) => _byTopic.Values.Select(kept => Last(kept, tenant, now)).OfType<MqttMessage>();

    public void Clear()
    {
        _byTopic.Clear();
        _count = 0;
    }

    private static MqttMessage? Last(List<Retained> kept, string? tenant, DateTimeOffset now) =>
        kept.FindLast(message => message.TenantFilter.Includes(tenant)).Message is { Payload.IsEmpty: false } last && !last.IsExpired(now) ? last : null;
}
