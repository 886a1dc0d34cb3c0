using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>The sessions by client id: how they begin, are taken over, outlive their connection and end. Used under the broker's lock only.</summary>
internal sealed class SessionTable(BrokerState state, SubscriptionTree subscriptions)
{
    private readonly Dictionary<string, Session> _byClientId = [];

    public IEnumerable<Session> All => _byClientId.Values;

    public Session? Find(string clientId) => _byClientId.GetValueOrDefault(clientId);

    /// <summary>Finds or makes the session of a client that connects; whoever holds it now is put out.</summary>
    public (Session Session, bool WasPresent) Begin(MqttConnection connection, ConnectPacket connect)
    {
        var session = Find(connection.ClientId);
        if (session is { IsConnected: true })
        {
            var earlier = session.Connection;
            earlier.End(ReasonCode.SessionTakenOver, "another connection has the same client id");
            Disconnected(earlier, ReasonCode.SessionTakenOver);
            session = Find(connection.ClientId); // it may have ended with its connection
        }
        if (session is not null && connect.CleanStart)
        {
            Remove(session);
            session = null;
        }
        var wasPresent = session is not null;
        if (session is null)
            _byClientId[connection.ClientId] = session = new(connection.ClientId, connection, state.Limits);
        session.Will = connect.Will; // one that was still waiting is not sent: the client is back in time
        session.Expiry = ExpiryOf(connect);
        return (session, wasPresent);
    }

    /// <summary>A connection is gone: publishes its will unless the client said goodbye, and lets the session wait or end.</summary>
    public void Disconnected(MqttConnection connection, ReasonCode reason)
    {
        if (Find(connection.ClientId) is not { } session || !session.IsHeldBy(connection))
            return; // another connection has it, and has seen to this
        session.Disconnect();
        if (reason == ReasonCode.Success)
            session.Will = null;
        if (session.Expiry <= TimeSpan.Zero)
        {
            Remove(session);
            return;
        }
        session.ExpiryTimer = Later(session, session.Expiry, Remove);
        var delay = TimeSpan.FromSeconds(session.Will?.Properties.WillDelayInterval ?? 0);
        if (delay <= TimeSpan.Zero)
            PublishWill(session);
        else if (delay < session.Expiry)
            session.WillTimer = Later(session, delay, PublishWill);
    }

    /// <summary>Ends the sessions whose clients are offline, without their wills; those who are connected lose only what waits for them.</summary>
    public void Clear()
    {
        foreach (var session in _byClientId.Values.ToList())
        {
            session.Queue.Clear();
            if (session.IsConnected)
                continue;
            session.Will = null;
            Remove(session);
        }
    }

    public TimeSpan ExpiryOf(ConnectPacket connect)
    {
        if (connect.Version != MqttVersion.V5)
            return connect.CleanStart ? TimeSpan.Zero : state.Limits.SessionExpiry;
        return AtMost(state.Limits.SessionExpiry, TimeSpan.FromSeconds(connect.Properties.SessionExpiryInterval ?? 0));
    }

    /// <summary>MQTT 5 lets a client change its mind as it leaves, but not make a session last that was not to.</summary>
    public void ChangeExpiry(Session session, uint seconds)
    {
        if (session.Expiry <= TimeSpan.Zero && seconds > 0)
            throw new MqttProtocolException(ReasonCode.ProtocolError, "The session was to end with the connection");
        session.Expiry = AtMost(state.Limits.SessionExpiry, TimeSpan.FromSeconds(seconds));
    }

    private static TimeSpan AtMost(TimeSpan limit, TimeSpan asked) => asked < limit ? asked : limit;

    private void Remove(Session session)
    {
        session.StopTimers();
        _byClientId.Remove(session.ClientId);
        foreach (var filter in session.Subscriptions.Keys)
            subscriptions.Remove(session, filter);
        PublishWill(session); // a will waits no longer than its session
    }

    private void PublishWill(Session session)
    {
        if (session.Will is not { } will)
            return;
        session.Will = null;
        state.PublishWill(session.Connection, will);
    }

    private ITimer Later(Session session, TimeSpan delay, Action<Session> act)
    {
        ITimer? timer = null;
        timer = state.Time.CreateTimer(_ => state.Turn(() =>
        {
            if (session.ExpiryTimer == timer || session.WillTimer == timer) // or it was stopped while it waited for the lock
                act(session);
        }), null, delay, Timeout.InfiniteTimeSpan);
        return timer;
    }
}
