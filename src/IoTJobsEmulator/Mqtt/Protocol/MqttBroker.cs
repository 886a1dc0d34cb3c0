using System.IO.Pipelines;
using IoTJobsEmulator.Mqtt.Protocol.Sessions;

namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>Brings messages from those who publish to those who subscribe. It knows nothing of what topics mean.</summary>
/// <param name="options">Who has a say.</param>
/// <param name="time">The clock of keep-alives, expiries and delays. Devices live by the machine's clock.</param>
public sealed class MqttBroker(MqttBrokerOptions options, TimeProvider time)
{
    private readonly BrokerState _state = new(options, time);

    /// <summary>Serves one client until it goes, is put out, or the server stops.</summary>
    /// <param name="transport">Its bytes; completed when this returns.</param>
    /// <param name="tag">Whatever the caller wants to know of the connection later.</param>
    /// <param name="stopping">The server stops: the client is told so.</param>
    public Task ServeAsync(IDuplexPipe transport, object? tag, CancellationToken stopping) =>
        new MqttConnection(_state, transport, tag).RunAsync(stopping);

    /// <summary>Publishes from the server itself; the limits for clients do not hold here.</summary>
    /// <param name="topic">A topic without wildcards.</param>
    /// <param name="payload">Not copied: it must not change any more.</param>
    /// <param name="qos">At the most; a subscription may have less.</param>
    /// <param name="retain">Kept for those who subscribe later; not on topics that begin with <c>$</c>.</param>
    /// <param name="properties">Of MQTT 5; older clients do not see them.</param>
    /// <param name="tenant">Whose clients it may reach, beside those of no tenant; null: all.</param>
    public void Publish(
        string topic, ReadOnlyMemory<byte> payload, Qos qos = Qos.AtLeastOnce, bool retain = false, MqttProperties? properties = null,
        string? tenant = null) =>
        Publish(topic, new MqttPayload(payload), qos, retain, properties, tenant);

    /// <inheritdoc cref="Publish(string, ReadOnlyMemory{byte}, Qos, bool, MqttProperties?, string?)"/>
    public void Publish(
        string topic, MqttPayload payload, Qos qos = Qos.AtLeastOnce, bool retain = false, MqttProperties? properties = null,
        string? tenant = null) =>
        _state.Publish(_state.Message(topic, payload, qos, retain, properties), tenant);

    /// <summary>The clients that are connected.</summary>
    public IReadOnlyList<MqttConnection> Connections => _state.Turn(e => e.Connected());

    /// <summary>The client of this id, if it is connected.</summary>
    public MqttConnection? Find(string clientId) => _state.Turn(e => e.Find(clientId));

    /// <summary>The retained message of a topic, as a tenant sees it: the last that was published in it or in none. Null: the last of all.</summary>
    public MqttMessage? Retained(string topic, string? tenant = null) => _state.Turn(e => e.Retained.Get(topic, tenant, time.GetUtcNow()));

    /// <summary>All retained messages as a tenant sees them, by topic.</summary>
    public IReadOnlyList<MqttMessage> AllRetained(string? tenant = null) =>
        _state.Turn(e => e.Retained.All(tenant, time.GetUtcNow()).OrderBy(message => message.Topic, StringComparer.Ordinal).ToList());

    /// <summary>Forgets retained messages, the sessions of clients that are offline, and what waits for the others, who stay connected and subscribed.</summary>
    public void Reset() => _state.Reset();
}
