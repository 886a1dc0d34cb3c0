using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// The sessions by client id: how they are created, taken over, suspended and ended (MQTT 5, 4.1 and 3.1.4). Used under the broker's
/// lock only.
/// </summary>
internal sealed class SessionTable(BrokerState state, SubscriptionTree subscriptions)
{
    private readonly Dictionary<string, Session> _byClientId = [];
    private volatile bool _hasKept;

    /// <summary>Whether any session was ever given to the store. Read without the lock.</summary>
    public bool HasKept => _hasKept;

    public IEnumerable<Session> All => _byClientId.Values;

    public Session? Find(string clientId) => _byClientId.GetValueOrDefault(clientId);

    /// <summary>The session of a connection; null when the connection has ended or a later one has taken the session over.</summary>
    public Session? FindOwnedBy(MqttConnection connection) =>
        Find(connection.ClientId) is { } session && session.IsOwnedBy(connection) ? session : null;

    /// <summary>Finds or creates the session of a client. An existing connection with its client id is closed (MQTT-3.1.4-3).</summary>
    public (Session Session, bool WasPresent) Open(MqttConnection connection, ConnectPacket connect)
    {
        var session = Find(connection.ClientId);
        if (session is { IsConnected: true })
        {
            var earlier = session.Connection!;
            earlier.End(ReasonCode.SessionTakenOver, "another connection uses the same client id");
            Disconnect(earlier, ReasonCode.SessionTakenOver);
            session = Find(connection.ClientId); // it may have ended with its connection
        }
        if (session is not null && connect.CleanStart)
        {
            Remove(session);
            session = null;
        }
        var wasPresent = session is not null;
        var expiry = GrantedExpiry(connect);
        if (session is null)
            _byClientId[connection.ClientId] = session = new(connection.ClientId, state.Limits, expiry > TimeSpan.Zero ? state.Options.Store : null);
        else if (expiry <= TimeSpan.Zero)
            session.StopKeeping();
        _hasKept |= session.IsKept;
        session.Will = connect.Will; // a delayed will is not published when the client reconnects in time (MQTT-3.1.3-9)
        session.Expiry = expiry;
        return (session, wasPresent);
    }

    /// <summary>Adds a session that was kept, unless it has expired. One that was not suspended was connected when the process ended: it lasts from now on.</summary>
    /// <returns>False when it has expired.</returns>
    public bool TryRestore(KeptSession kept, ISessionStore store)
    {
        var left = kept.ExpiresAt is { } end ? end - state.Time.GetUtcNow() : kept.Expiry;
        if (left <= TimeSpan.Zero)
            return false;
        var session = _byClientId[kept.ClientId] = Session.Restore(kept, state.Limits, store);
        _hasKept = true;
        session.ExpiryTimer = Schedule(session, left < kept.Expiry ? left : kept.Expiry, Remove);
        return true;
    }

    /// <summary>
    /// Acts on the end of a connection: publishes the will unless the client disconnected normally, and suspends or ends the session.
    /// </summary>
    public void Disconnect(MqttConnection connection, ReasonCode reason)
    {
        if (FindOwnedBy(connection) is not { } session)
            return; // a later connection has taken the session over and has done this
        session.Disconnect(state.Time.GetUtcNow() + session.Expiry);
        if (reason == ReasonCode.Success)
            session.Will = null;
        if (session.Expiry <= TimeSpan.Zero)
        {
            Remove(session);
            return;
        }
        session.ExpiryTimer = Schedule(session, session.Expiry, Remove);
        var delay = TimeSpan.FromSeconds(session.Will?.Properties.WillDelayInterval ?? 0);
        if (delay <= TimeSpan.Zero)
            PublishWill(session);
        else if (delay < session.Expiry)
            session.WillTimer = Schedule(session, delay, PublishWill);
    }

    /// <summary>Ends the sessions of offline clients without publishing their wills, and empties the queues of connected clients.</summary>
    public void Clear()
    {
        foreach (var session in _byClientId.Values.ToList())
        {
            session.Queue.Clear();
            if (session.IsConnected)
            {
                session.KeepAgain();
                continue;
            }
            session.Will = null;
            Remove(session);
        }
    }

    /// <summary>A DISCONNECT may change the session expiry, but not from zero (MQTT 5, 3.14.2.2.2).</summary>
    /// <exception cref="MqttProtocolException">The session was to end with its connection.</exception>
    public void ChangeExpiry(Session session, uint seconds)
    {
        if (session.Expiry <= TimeSpan.Zero && seconds > 0)
            throw new MqttProtocolException(ReasonCode.ProtocolError, "DISCONNECT may not set a session expiry that CONNECT set to zero");
        session.Expiry = Limited(seconds);
    }

    private TimeSpan GrantedExpiry(ConnectPacket connect)
    {
        if (connect.Version == MqttVersion.V5)
            return Limited(connect.Properties.SessionExpiryInterval ?? 0);
        return connect.CleanStart ? TimeSpan.Zero : state.Limits.SessionExpiry;
    }

    private TimeSpan Limited(uint seconds) => TimeSpan.FromSeconds(Math.Min(seconds, state.Limits.SessionExpiry.TotalSeconds));

    private void Remove(Session session)
    {
        session.StopTimers();
        session.StopKeeping();
        _byClientId.Remove(session.ClientId);
        foreach (var filter in session.Subscriptions.Keys)
            subscriptions.Remove(session, filter);
        PublishWill(session); // a will is delayed no longer than its session lasts (MQTT 5, 3.1.3.2.2)
    }

    private void PublishWill(Session session)
    {
        if (session.Will is not { } will)
            return;
        session.Will = null;
        state.PublishWill(session.Connection!, will);
    }

    private ITimer Schedule(Session session, TimeSpan delay, Action<Session> action)
    {
        ITimer? timer = null;
        timer = state.Time.CreateTimer(_ => state.WithLock(() =>
        {
            if (session.ExpiryTimer == timer || session.WillTimer == timer) // the timer may have been stopped while this waited for the lock
                action(session);
        }), null, delay, Timeout.InfiniteTimeSpan);
        return timer;
    }
}
