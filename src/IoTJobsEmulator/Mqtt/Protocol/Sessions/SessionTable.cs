using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// The sessions by client: how they are created, taken over, suspended and ended (MQTT 5, 4.1 and 3.1.4). Used under the broker's
/// lock only.
/// </summary>
internal sealed class SessionTable(BrokerState state, SubscriptionTree subscriptions, LimitReports reports)
{
    private readonly Dictionary<ClientKey, Session> _byClient = [];
    private readonly QueuedTotal _queued = new(state.Limits, reports);
    private long _willBytes;
    private volatile bool _hasKept;

    /// <summary>Whether any session was ever given to the store. Read without the lock.</summary>
    public bool HasKept => _hasKept;

    public IEnumerable<Session> All => _byClient.Values;

    public Session? Find(ClientKey client) => _byClient.GetValueOrDefault(client);

    /// <summary>The session of a connection; null when the connection has ended or a later one has taken the session over.</summary>
    public Session? FindOwnedBy(MqttConnection connection) =>
        Find(connection.Key) is { } session && session.IsOwnedBy(connection) ? session : null;

    /// <summary>Finds or creates the session of a client. An existing connection of the client is closed (MQTT-3.1.4-3).</summary>
    /// <exception cref="MqttProtocolException">The session or its will would exceed a limit; then nothing has changed.</exception>
    public (Session Session, bool WasPresent) Open(MqttConnection connection, ConnectPacket connect)
    {
        var session = Find(connection.Key);
        var expiry = GrantedExpiry(connect);
        CheckLimits(session, connect, expiry);
        if (session is { IsConnected: true })
        {
            var earlier = session.Connection!;
            earlier.End(ReasonCode.SessionTakenOver, "another connection uses the same client id");
            Disconnect(earlier, ReasonCode.SessionTakenOver);
            session = Find(connection.Key); // it may have ended with its connection
        }
        if (session is not null && connect.CleanStart)
        {
            Remove(session);
            session = null;
        }
        var wasPresent = session is not null;
        if (session is null)
            session = Add(connection.Key, expiry > TimeSpan.Zero ? state.Options.Store : null);
        else if (expiry <= TimeSpan.Zero)
            session.StopKeeping();
        _hasKept |= session.IsKept;
        SetWill(session, connect.Will); // a delayed will is not published when the client reconnects in time (MQTT-3.1.3-9)
        session.Expiry = expiry;
        return (session, wasPresent);
    }

    /// <summary>Adds a session that was kept, unless it has expired. One that was not suspended was connected when the process ended: it lasts from now on.</summary>
    /// <returns>False when it has expired or exceeds the limit.</returns>
    public bool TryRestore(KeptSession kept, ISessionStore store)
    {
        var left = kept.ExpiresAt is { } end ? end - state.Time.GetUtcNow() : kept.Expiry;
        if (left <= TimeSpan.Zero || _byClient.Count >= state.Limits.PersistentSessions)
            return false;
        var session = Add(kept.Client, store);
        session.Expiry = kept.Expiry;
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
            SetWill(session, null);
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
        foreach (var session in _byClient.Values.ToList())
        {
            session.Queue.Clear();
            if (session.IsConnected)
            {
                session.KeepAgain();
                continue;
            }
            SetWill(session, null);
            Remove(session);
        }
        _byClient.TrimExcess();
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
        session.Queue.End();
        _byClient.Remove(session.Client);
        foreach (var filter in session.Subscriptions.Keys)
            subscriptions.Remove(session, filter);
        PublishWill(session); // a will is delayed no longer than its session lasts (MQTT 5, 3.1.3.2.2)
    }

    private void PublishWill(Session session)
    {
        if (session.Will is not { } will)
            return;
        SetWill(session, null);
        state.PublishWill(session.Connection!, will);
    }

    private Session Add(ClientKey client, ISessionStore? store) =>
        _byClient[client] = new(client, new(state.Limits, _queued, client, store), store);

    private void SetWill(Session session, WillMessage? will)
    {
        _willBytes += SizeOf(will) - SizeOf(session.Will);
        session.Will = will;
    }

    private static int SizeOf(WillMessage? will) => will is null ? 0 : MqttMessage.SizeOf(will.Topic, will.Properties) + will.Payload.Length;

    private void CheckLimits(Session? session, ConnectPacket connect, TimeSpan expiry)
    {
        if (session is null && expiry > TimeSpan.Zero && _byClient.Count >= state.Limits.PersistentSessions)
            throw Refused($"{state.Limits.PersistentSessions} sessions: further persistent ones are refused");
        if (connect.Will is not null && _willBytes + SizeOf(connect.Will) - SizeOf(session?.Will) > state.Limits.WillBytes)
            throw Refused($"{state.Limits.WillBytes} bytes of wills: clients with further ones are refused");
    }

    private MqttProtocolException Refused(string limit)
    {
        reports.Report(limit);
        return new(ReasonCode.QuotaExceeded, $"The limit of the broker is reached: {limit}");
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
