using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// The session state of one client (MQTT 5, 4.1). It exists while the client is connected, and after that until it expires. Changed
/// under the broker's lock only.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="queue">Its messages.</param>
/// <param name="store">Where the session is kept; null if it ends with the process.</param>
internal sealed class Session(ClientKey client, DeliveryQueue queue, ISessionStore? store = null)
{
    private bool _hasDropped;

    public ClientKey Client => client;

    public string ClientId => client.ClientId;

    /// <summary>The connection of the client. While the client is offline, its last connection; null if that was before the restart.</summary>
    public MqttConnection? Connection { get; private set; }

    public string? Tenant => client.Tenant;

    public bool IsConnected { get; private set; }

    /// <summary>Whether the session belongs to this connection, and not to a later one with the same client id.</summary>
    public bool IsOwnedBy(MqttConnection connection) => IsConnected && Connection == connection;

    /// <summary>How long the session outlives its connection (MQTT 5, 3.1.2.11.2).</summary>
    public TimeSpan Expiry { get; set; }

    public DeliveryQueue Queue => queue;

    /// <summary>Whether the session, its subscriptions and its messages outlive the process.</summary>
    public bool IsKept => store is not null;

    /// <summary>By topic filter.</summary>
    public Dictionary<string, Subscription> Subscriptions { get; } = [];

    /// <summary>The will, published unless the client disconnects normally (MQTT 5, 3.1.2.5).</summary>
    public WillMessage? Will { get; set; }

    /// <summary>Runs while the client is offline, until the session expires.</summary>
    public ITimer? ExpiryTimer { get; set; }

    /// <summary>Runs while the client is offline, until the will delay is over (MQTT 5, 3.1.3.2.2).</summary>
    public ITimer? WillTimer { get; set; }

    /// <summary>The last message routed to this session and its index in the list of receivers. Finds overlapping subscriptions.</summary>
    public (long MessageNumber, int Index) LastMatch { get; set; }

    /// <summary>
    /// The highest QoS of the subscriptions that match a topic; QoS 0 without any. It compares each of them, of which a connection has few:
    /// in the broker's tree the subscriptions of all other clients would have to be passed over.
    /// </summary>
    public Qos HighestQosFor(string topic)
    {
        foreach (var (filter, subscription) in Subscriptions)
        {
            if (subscription.GrantedQos == Qos.AtLeastOnce
                && Topics.Matches(Topics.TryParseShared(filter, out _, out var shared) ? shared : filter, topic))
                return Qos.AtLeastOnce;
        }
        return Qos.AtMostOnce;
    }

    public void Connect(MqttConnection connection, int receiveMaximum)
    {
        StopTimers();
        (Connection, IsConnected, _hasDropped) = (connection, true, false);
        Queue.Resume(receiveMaximum);
        Keep(expiresAt: null);
    }

    /// <param name="expiresAt">When the session will end.</param>
    public void Disconnect(DateTimeOffset expiresAt)
    {
        (IsConnected, _hasDropped) = (false, false);
        Queue.Suspend();
        if (Expiry > TimeSpan.Zero)
            Keep(expiresAt);
    }

    public void Set(Subscription subscription)
    {
        Subscriptions[subscription.Request.Filter] = subscription;
        store?.Put(new KeptSubscription(client, subscription.Request));
    }

    /// <returns>False when there was no such subscription.</returns>
    public bool Unsubscribe(string filter)
    {
        if (!Subscriptions.Remove(filter, out var subscription))
            return false;
        store?.Remove(new KeptSubscription(client, subscription.Request));
        return true;
    }

    /// <summary>Keeps the session of a connected client, and its subscriptions, after a reset has removed them.</summary>
    public void KeepAgain()
    {
        Keep(expiresAt: null);
        foreach (var subscription in Subscriptions.Values)
            store?.Put(new KeptSubscription(client, subscription.Request));
    }

    /// <summary>From now on the session ends with the process.</summary>
    public void StopKeeping()
    {
        if (store is null)
            return;
        Queue.StopKeeping();
        foreach (var subscription in Subscriptions.Values)
            store.Remove(new KeptSubscription(client, subscription.Request));
        store.Remove(new KeptSession(client, Expiry, null));
        store = null;
    }

    /// <returns>False when the message is the first one that was dropped since the connection began or ended.</returns>
    public bool TryDeliver(in Delivery delivery)
    {
        if (!IsConnected && delivery.Qos == Qos.AtMostOnce)
            return true; // QoS 0 is not queued for an offline client (MQTT 5, 4.1)
        if (!Queue.TryAdd(delivery))
        {
            var isFirst = !_hasDropped;
            _hasDropped = true;
            return !isFirst;
        }
        if (IsConnected)
            Connection!.Writer.Wake();
        return true;
    }

    public void StopTimers()
    {
        ExpiryTimer?.Dispose();
        WillTimer?.Dispose();
        (ExpiryTimer, WillTimer) = (null, null);
    }

    private void Keep(DateTimeOffset? expiresAt) => store?.Put(new KeptSession(client, Expiry, expiresAt));
}
