namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>
/// Numbers that stand for topics on the way to one client, which says how many it can remember (MQTT 5, 3.3.2.3.4). The topics that come
/// first have them: a device hears the same few again and again.
/// </summary>
internal sealed class TopicAliases(int most)
{
    private readonly Dictionary<string, ushort> _byTopic = [];

    /// <summary>The number of a topic, or the one that it may be given; null when there is none left.</summary>
    public ushort? Of(string topic, out bool isKnown)
    {
        isKnown = _byTopic.TryGetValue(topic, out var alias);
        if (isKnown)
            return alias;
        return _byTopic.Count < most ? (ushort)(_byTopic.Count + 1) : null;
    }

    /// <summary>The client has been sent both, the topic and its number.</summary>
    public void Remember(string topic, ushort alias) => _byTopic[topic] = alias;
}
