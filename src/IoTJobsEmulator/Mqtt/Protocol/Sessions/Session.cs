using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>What the broker knows of one client id, while it is connected and as long after as its session lasts. Changed under the broker's lock only.</summary>
internal sealed class Session(string clientId, MqttConnection connection, MqttLimits limits)
{
    public string ClientId => clientId;

    /// <summary>The connection of the client, or when it is offline its last one.</summary>
    public MqttConnection Connection { get; private set; } = connection;

    public bool IsConnected { get; private set; }

    /// <summary>Whether this connection is the one that has the session, and not one whose place another has taken.</summary>
    public bool IsHeldBy(MqttConnection connection) => IsConnected && Connection == connection;

    /// <summary>How long the session outlives its connection.</summary>
    public TimeSpan Expiry { get; set; }

    public DeliveryQueue Queue { get; } = new(limits);

    public Dictionary<string, Subscription> Subscriptions { get; } = [];

    /// <summary>The will that is published unless the client says goodbye.</summary>
    public WillMessage? Will { get; set; }

    /// <summary>Runs while the client is offline: to the end of the session, and to the will if that is due earlier.</summary>
    public ITimer? ExpiryTimer { get; set; }

    public ITimer? WillTimer { get; set; }

    /// <summary>Which publication this session was last found for and its place in the list of receivers, so that overlapping filters give one delivery.</summary>
    public (long Publication, int Place) LastMatch { get; set; }

    public void Connect(MqttConnection connection, int window)
    {
        StopTimers();
        (Connection, IsConnected) = (connection, true);
        Queue.Resume(window);
    }

    public void Disconnect()
    {
        IsConnected = false;
        Queue.Suspend();
    }

    /// <returns>False when it was dropped because too much waits.</returns>
    public bool Deliver(in Delivery delivery)
    {
        if (!IsConnected && delivery.Qos == Qos.AtMostOnce)
            return true; // never promised
        if (!Queue.TryAdd(delivery))
            return false;
        if (IsConnected)
            Connection.PacketWriter.Wake();
        return true;
    }

    public void StopTimers()
    {
        ExpiryTimer?.Dispose();
        WillTimer?.Dispose();
        (ExpiryTimer, WillTimer) = (null, null);
    }
}
