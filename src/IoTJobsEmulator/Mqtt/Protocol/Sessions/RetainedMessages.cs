using System.Runtime.InteropServices;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>The last retained message of each topic, and whom it may reach.</summary>
internal sealed class RetainedMessages(int limit)
{
    private readonly Dictionary<string, Retained> _byTopic = [];

    public readonly record struct Retained(MqttMessage Message, Audience Audience);

    /// <summary>Keeps the message; one without payload takes away what was kept.</summary>
    /// <returns>False when there is no room for another topic.</returns>
    public bool Set(MqttMessage message, Audience audience)
    {
        if (message.Payload.IsEmpty)
        {
            _byTopic.Remove(message.Topic);
            return true;
        }
        if (_byTopic.Count >= limit && !_byTopic.ContainsKey(message.Topic))
            return false;
        CollectionsMarshal.GetValueRefOrAddDefault(_byTopic, message.Topic, out _) = new(message, audience);
        return true;
    }

    public MqttMessage? Get(string topic, DateTimeOffset now)
    {
        if (!_byTopic.TryGetValue(topic, out var kept))
            return null;
        if (!kept.Message.IsExpired(now))
            return kept.Message;
        _byTopic.Remove(topic);
        return null;
    }

    public IReadOnlyList<MqttMessage> All(DateTimeOffset now) =>
        [.. _byTopic.Values.Select(kept => kept.Message).Where(m => !m.IsExpired(now)).OrderBy(m => m.Topic, StringComparer.Ordinal)];

    /// <summary>What a new subscription of this session gets. A filter with wildcards looks at all topics: they are few, and subscribing is rare.</summary>
    public List<MqttMessage> For(Session session, string filter, DateTimeOffset now)
    {
        var found = new List<MqttMessage>();
        if (_byTopic.Count == 0)
            return found;
        if (filter.AsSpan().IndexOfAny('+', '#') < 0)
        {
            if (_byTopic.TryGetValue(filter, out var kept) && Reaches(kept))
                found.Add(kept.Message);
            return found;
        }
        foreach (var (topic, kept) in _byTopic)
        {
            if (Topics.Matches(filter, topic) && Reaches(kept))
                found.Add(kept.Message);
        }
        return found;

        bool Reaches(in Retained kept) => !kept.Message.IsExpired(now) && kept.Audience.Includes(session);
    }

    public void Clear() => _byTopic.Clear();
}
