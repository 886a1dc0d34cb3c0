using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// The session state of one client id (MQTT 5, 4.1). It exists while the client is connected, and after that until it expires. Changed
/// under the broker's lock only.
/// </summary>
internal sealed class Session(string clientId, MqttConnection connection, MqttLimits limits)
{
    public string ClientId => clientId;

    /// <summary>The connection of the client. While the client is offline, its last connection.</summary>
    public MqttConnection Connection { get; private set; } = connection;

    public bool IsConnected { get; private set; }

    /// <summary>Whether the session belongs to this connection, and not to a later one with the same client id.</summary>
    public bool IsOwnedBy(MqttConnection connection) => IsConnected && Connection == connection;

    /// <summary>How long the session outlives its connection (MQTT 5, 3.1.2.11.2).</summary>
    public TimeSpan Expiry { get; set; }

    public DeliveryQueue Queue { get; } = new(limits);

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
        (Connection, IsConnected) = (connection, true);
        Queue.Resume(receiveMaximum);
    }

    public void Disconnect()
    {
        IsConnected = false;
        Queue.Suspend();
    }

    /// <returns>False when the message was dropped because the queue is full.</returns>
    public bool TryDeliver(in Delivery delivery)
    {
        if (!IsConnected && delivery.Qos == Qos.AtMostOnce)
            return true; // QoS 0 is not queued for an offline client (MQTT 5, 4.1)
        if (!Queue.TryAdd(delivery))
            return false;
        if (IsConnected)
            Connection.Writer.Wake();
        return true;
    }

    public void StopTimers()
    {
        ExpiryTimer?.Dispose();
        WillTimer?.Dispose();
        (ExpiryTimer, WillTimer) = (null, null);
    }
}
