using System.IO.Pipelines;
using IoTJobsEmulator.Mqtt.Protocol.Sessions;

namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>
/// An MQTT server for the versions 3.1, 3.1.1 and 5, with the limits of AWS IoT Core. It delivers messages from publishers to
/// subscribers and gives topics no meaning.
/// </summary>
/// <param name="options">Limits, hooks and listeners.</param>
/// <param name="time">The clock of keep-alives, expiries and delays.</param>
public sealed class MqttBroker(MqttBrokerOptions options, TimeProvider time)
{
    private readonly BrokerState _state = new(options, time);

    /// <summary>The clients that are connected.</summary>
    public IReadOnlyList<MqttConnection> Connections => _state.WithLock(state => state.Connections());

    /// <summary>Whether any client, connected or with a session that lasts, subscribes to something.</summary>
    public bool HasSubscriptions => _state.WithLock(static state => state.HasSubscriptions);

    /// <summary>Whether any client, connected or with a session that lasts, would receive a message of the server.</summary>
    /// <param name="topic">A topic name.</param>
    /// <param name="tenant">The tenant whose clients may receive it, besides clients without a tenant; null for all clients.</param>
    public bool HasReceivers(string topic, string? tenant) => _state.HasReceivers(topic, new(tenant));

    /// <summary>Whether messages may have to be written to <see cref="MqttBrokerOptions.Store"/>: some session was given to it.</summary>
    public bool HasKeptSessions => _state.HasKeptSessions;

    /// <summary>Restores what <see cref="MqttBrokerOptions.Store"/> has kept. Called before the first client is served.</summary>
    public void Restore() => _state.Restore();

    /// <summary>Serves one client until it disconnects, is disconnected, or the server stops.</summary>
    /// <param name="transport">The bytes of the network connection; completed when this returns.</param>
    /// <param name="tag">The first value of <see cref="MqttConnection.Tag"/>.</param>
    /// <param name="stopping">Cancelled when the server stops; MQTT 5 clients are sent a DISCONNECT.</param>
    public Task ServeAsync(IDuplexPipe transport, object? tag, CancellationToken stopping) =>
        new MqttConnection(_state, transport, tag).RunAsync(stopping);

    /// <summary>Publishes a message of the server. The limits for clients do not apply.</summary>
    /// <param name="topic">A topic name, without wildcards (MQTT 5, 4.7).</param>
    /// <param name="payload">Not copied: it must not change any more.</param>
    /// <param name="qos">The maximum QoS of the deliveries.</param>
    /// <param name="retain">Whether the message is retained. Ignored for topics that begin with <c>$</c>.</param>
    /// <param name="properties">MQTT 5 properties; other clients do not receive them.</param>
    /// <param name="tenant">The tenant whose clients may receive it, besides clients without a tenant; null for all clients.</param>
    /// <returns>False when it asks to be retained and would exceed a limit; then it is not published.</returns>
    /// <exception cref="ArgumentException">The topic is not a topic name.</exception>
    public bool Publish(
        string topic, ReadOnlyMemory<byte> payload, Qos qos = Qos.AtLeastOnce, bool retain = false, MqttProperties? properties = null,
        string? tenant = null) =>
        Publish(topic, new MqttPayload(payload), qos, retain, properties, tenant);

    /// <inheritdoc cref="Publish(string, ReadOnlyMemory{byte}, Qos, bool, MqttProperties?, string?)"/>
    public bool Publish(
        string topic, MqttPayload payload, Qos qos = Qos.AtLeastOnce, bool retain = false, MqttProperties? properties = null,
        string? tenant = null) =>
        _state.Publish(_state.CreateMessage(topic, payload, qos, retain, properties), tenant);

    /// <summary>The connections with a client id, at most one in each tenant.</summary>
    public IReadOnlyList<MqttConnection> FindAll(string clientId) => [.. Connections.Where(connection => connection.ClientId == clientId)];

    /// <summary>
    /// The retained message of a topic (MQTT 5, 3.3.1.3), as a tenant sees it: the last one published in this tenant or in none. Without a
    /// tenant, the last one of all.
    /// </summary>
    public MqttMessage? GetRetained(string topic, string? tenant = null) =>
        _state.WithLock(state => state.Retained.Get(topic, tenant, time.GetUtcNow()));

    /// <summary>All retained messages as a tenant sees them, ordered by topic.</summary>
    public IReadOnlyList<MqttMessage> ListRetained(string? tenant = null)
    {
        var retained = _state.WithLock(state => state.Retained.All(tenant, time.GetUtcNow()).ToList());
        retained.Sort(static (one, other) => string.CompareOrdinal(one.Topic, other.Topic)); // outside the lock
        return retained;
    }

    /// <summary>
    /// Discards the retained messages, the sessions of offline clients and the queues of connected clients. These stay connected and
    /// keep their subscriptions.
    /// </summary>
    public void Reset() => _state.Reset();
}
