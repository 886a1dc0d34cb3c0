namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// The retained messages (MQTT 5, 3.3.1.3). A tenant sees the last message of a topic that was published in this tenant or in none. A
/// tenant replaces and clears its own message only. A message published in no tenant replaces those of all tenants.
/// </summary>
internal sealed class RetainedMessages(MqttLimits limits, LimitReports reports)
{
    /// <summary>At most one message of each tenant, the oldest first.</summary>
    private readonly Dictionary<string, List<Retained>> _byTopic = [];
    private int _count;
    private long _bytes;

    /// <summary>A message without payload hides one of no tenant from the tenant that has cleared it.</summary>
    private readonly record struct Retained(MqttMessage Message, TenantFilter Tenants);

    /// <summary>Whether the message, which asks to be retained, is within the limits. One that clears or replaces another takes the place of that.</summary>
    public bool HasRoomFor(MqttMessage message, TenantFilter tenants)
    {
        var (count, bytes) = (_count + 1, _bytes + message.Size);
        var hides = false;
        foreach (var earlier in _byTopic.GetValueOrDefault(message.Topic) ?? [])
        {
            if (IsReplaced(earlier, tenants))
                (count, bytes) = (count - 1, bytes - earlier.Message.Size);
            else
                hides |= earlier.Tenants.Tenant is null;
        }
        if ((message.Payload.IsEmpty && !hides) || (count <= limits.RetainedMessages && bytes <= limits.RetainedBytes))
            return true;
        reports.Report($"{limits.RetainedMessages} retained messages and {limits.RetainedBytes} bytes of them: further ones are refused");
        return false;
    }

    /// <summary>Stores the message. A message without payload clears the stored one.</summary>
    /// <param name="message">The message.</param>
    /// <param name="tenants">The tenant it was published in.</param>
    /// <param name="store">Where it is kept beyond the process; null if it is not, or is already.</param>
    /// <returns>False when it would exceed a limit; then nothing has changed.</returns>
    public bool TrySet(MqttMessage message, TenantFilter tenants, ISessionStore? store)
    {
        if (!HasRoomFor(message, tenants))
            return false;
        if (!_byTopic.TryGetValue(message.Topic, out var stored))
            stored = [];
        stored.RemoveAll(earlier =>
        {
            if (!IsReplaced(earlier, tenants))
                return false;
            store?.Remove(new KeptRetained(earlier.Message, earlier.Tenants.Tenant));
            (_count, _bytes) = (_count - 1, _bytes - earlier.Message.Size);
            return true;
        });
        if (!message.Payload.IsEmpty || stored.Exists(earlier => earlier.Tenants.Tenant is null))
        {
            stored.Add(new(message, tenants));
            store?.Put(new KeptRetained(message, tenants.Tenant));
            (_count, _bytes) = (_count + 1, _bytes + message.Size);
        }
        if (stored.Count == 0)
            _byTopic.Remove(message.Topic);
        else
            _byTopic[message.Topic] = stored;
        return true;
    }

    /// <summary>The message of a topic, as a tenant sees it.</summary>
    public MqttMessage? Get(string topic, string? tenant, DateTimeOffset now) =>
        _byTopic.TryGetValue(topic, out var stored) ? FindLast(stored, tenant, now) : null;

    /// <summary>The messages of all topics, as a tenant sees them.</summary>
    public IEnumerable<MqttMessage> All(string? tenant, DateTimeOffset now) =>
        _byTopic.Values.Select(stored => FindLast(stored, tenant, now)).OfType<MqttMessage>();

    public void Clear(ISessionStore? store)
    {
        if (store is not null)
        {
            foreach (var retained in _byTopic.Values.SelectMany(stored => stored))
                store.Remove(new KeptRetained(retained.Message, retained.Tenants.Tenant));
        }
        _byTopic.Clear();
        _byTopic.TrimExcess();
        (_count, _bytes) = (0, 0);
    }

    private static bool IsReplaced(in Retained earlier, TenantFilter tenants) => tenants.Tenant is null || earlier.Tenants == tenants;

    private static MqttMessage? FindLast(List<Retained> stored, string? tenant, DateTimeOffset now) =>
        stored.FindLast(retained => retained.Tenants.Allows(tenant)).Message is { Payload.IsEmpty: false } last && !last.IsExpired(now) ? last : null;
}
