namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>
/// The topic aliases of messages to one client, at most as many as it accepts (MQTT 5, 3.3.2.3.4). The first topics get them: a device
/// receives on the same few topics again and again.
/// </summary>
internal sealed class TopicAliases(int maximum)
{
    private readonly Dictionary<string, ushort> _byTopic = [];

    /// <summary>The alias of a topic, or the next free one; null when there is none.</summary>
    public ushort? Find(string topic, out bool isAssigned)
    {
        isAssigned = _byTopic.TryGetValue(topic, out var alias);
        if (isAssigned)
            return alias;
        return _byTopic.Count < maximum ? (ushort)(_byTopic.Count + 1) : null;
    }

    /// <summary>To be called when the client was sent the topic with its alias.</summary>
    public void Assign(string topic, ushort alias) => _byTopic[topic] = alias;
}
