using System.Text;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// The state that all connections share: sessions, subscriptions and retained messages. One lock guards all of it. Work under the lock
/// takes microseconds, and no bytes are written under it.
/// </summary>
internal sealed class BrokerState
{
    private readonly Lock _gate = new();
    private readonly SubscriptionTree _subscriptions;
    private readonly SessionTable _sessions;
    private readonly MessageRouter _router;
    private readonly PublicationListeners _listeners;
    private readonly LimitReports _reports;
    private int _connections;

    public BrokerState(MqttBrokerOptions options, TimeProvider time)
    {
        (Options, Time) = (options, time);
        _reports = new(options.LimitReached);
        _subscriptions = new(options.Limits, _reports);
        _sessions = new(this, _subscriptions, _reports);
        Retained = new(options.Limits, _reports);
        _router = new(options, _subscriptions, Retained);
        _listeners = new(options);
    }

    public MqttBrokerOptions Options { get; }

    public MqttLimits Limits => Options.Limits;

    public TimeProvider Time { get; }

    /// <summary>Whether any session has been given to the store.</summary>
    public bool HasKeptSessions => _sessions.HasKept;

    /// <summary>To be used within <see cref="WithLock{TResult}"/>.</summary>
    public RetainedMessages Retained { get; }

    /// <inheritdoc cref="Retained"/>
    public bool HasSubscriptions => _subscriptions.Count > 0;

    public TResult WithLock<TResult>(Func<BrokerState, TResult> read)
    {
        lock (_gate)
            return read(this);
    }

    public void WithLock(Action action)
    {
        lock (_gate)
            action();
    }

    public MqttMessage CreateMessage(string topic, ReadOnlyMemory<byte> payload, Qos qos, bool retain, MqttProperties? properties) =>
        CreateMessage(topic, new MqttPayload(payload), qos, retain, properties);

    /// <exception cref="ArgumentException">The topic is not a topic name (MQTT 5, 4.7).</exception>
    public MqttMessage CreateMessage(string topic, MqttPayload payload, Qos qos, bool retain, MqttProperties? properties) =>
        Topics.IsName(topic) && Encoding.UTF8.GetByteCount(topic) <= ushort.MaxValue
            ? new(topic, payload, qos == Qos.AtMostOnce ? qos : Qos.AtLeastOnce, retain, properties ?? MqttProperties.None, Time.GetUtcNow())
            : throw new ArgumentException("A topic name must not be empty, contain wildcards or exceed 65 535 bytes", nameof(topic));

    /// <summary>Counts a network connection.</summary>
    /// <returns>How many there are with it.</returns>
    public int OpenConnection() => Interlocked.Increment(ref _connections);

    public void CloseConnection() => Interlocked.Decrement(ref _connections);

    /// <summary>The refusal of a client that is one more than the limit.</summary>
    public MqttProtocolException TooManyConnections()
    {
        var limit = $"{Limits.Connections} connections: further ones are refused";
        _reports.Report(limit);
        return new(ReasonCode.QuotaExceeded, $"The limit of the broker is reached: {limit}");
    }

    /// <summary>Publishes a message of the server.</summary>
    /// <returns>False when it asks to be retained and would exceed a limit; then it is not published.</returns>
    public bool Publish(MqttMessage message, string? tenant)
    {
        var tenants = new TenantFilter(tenant);
        if (!message.Content.IsValueCreated && HasReceivers(message.Topic, tenants))
            _ = message.Payload; // created here, outside the lock
        lock (_gate)
        {
            if (!_router.Accepts(message, tenants))
                return false;
            _listeners.Notify(message, tenant);
            _router.Route(message, tenants, publisher: null);
            return true;
        }
    }

    /// <summary>
    /// Publishes a message of a client and acknowledges it: at once, but a message that is kept when it is written. A message that
    /// <see cref="MqttBrokerOptions.InterceptPublish"/> handles is acknowledged by who handles it. PUBACKs are sent in the order of the messages
    /// (MQTT-4.6.0-2). A message that asks to be retained and would exceed a limit is not published; MQTT 5 clients are told (MQTT 5, 3.4.2.1).
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="publisher">The client.</param>
    /// <param name="packetId">The identifier of its packet; zero with QoS 0.</param>
    public ValueTask PublishAsync(MqttMessage message, MqttConnection publisher, ushort packetId)
    {
        if (!_listeners.IsEmpty)
        {
            lock (_gate) // before it is intercepted, so that listeners see a request before its response
                _listeners.Notify(message, publisher.Tenant, publisher);
        }
        var handle = Options.InterceptPublish(publisher, message);
        if (handle is not null)
            return handle(publisher.Acknowledgements.Begin(packetId));
        if (message.Retain && !Accepts(message, publisher))
        {
            publisher.Acknowledgements.Send(packetId, ReasonCode.QuotaExceeded);
            return default;
        }
        if (Options.Store is not null && packetId != 0)
        {
            if (Route(message, publisher) is { } written)
                return AcknowledgeWhenWritten(written, publisher, packetId);
            publisher.Acknowledgements.Send(packetId);
            return default;
        }
        publisher.Acknowledgements.Send(packetId);
        Route(message, publisher);
        return default;
    }

    /// <summary>Publishes the will of a client (MQTT 5, 3.1.2.5).</summary>
    public void PublishWill(MqttConnection publisher, WillMessage will)
    {
        var properties = will.Properties.WillDelayInterval is null ? will.Properties : will.Properties with { WillDelayInterval = null };
        var message = CreateMessage(will.Topic, will.Payload, will.Qos, will.Retain, properties);
        lock (_gate)
        {
            if (!Accepts(message, publisher))
                return;
            _listeners.Notify(message, publisher.Tenant, publisher);
            Route(message, publisher);
        }
    }

    /// <summary>Sends a message to one client only, subscribed or not.</summary>
    public void SendToClient(MqttConnection recipient, MqttMessage message)
    {
        lock (_gate)
            SendToSession(_sessions.FindOwnedBy(recipient), recipient, message, recipient.Tenant);
    }

    /// <summary>Sends a message to one client only, with the QoS of its subscriptions.</summary>
    public void RespondToClient(MqttConnection recipient, MqttMessage message, string? tenant)
    {
        lock (_gate)
        {
            var session = _sessions.FindOwnedBy(recipient);
            var qos = session?.HighestQosFor(message.Topic) ?? message.Qos;
            SendToSession(session, recipient, qos == message.Qos ? message : message with { Qos = qos }, tenant);
        }
    }

    /// <summary>To be used within <see cref="WithLock{TResult}"/>.</summary>
    public IReadOnlyList<MqttConnection> Connections() => [.. _sessions.All.Where(s => s.IsConnected).Select(s => s.Connection!)];

    /// <summary>Adds what was kept before the process began.</summary>
    public void Restore()
    {
        if (Options.Store is not { } store)
            return;
        var kept = new KeptState(store, _sessions, _subscriptions, Retained, Time);
        lock (_gate)
            kept.Restore();
    }

    /// <summary>Resumes or creates the client's session, and sends CONNACK before any other packet (MQTT 5, 3.1.4 and 3.2).</summary>
    public Session Connect(MqttConnection connection, ConnectPacket connect, Func<Session, bool, ConnAckPacket> createConnAck)
    {
        lock (_gate)
        {
            var (session, wasPresent) = _sessions.Open(connection, connect);
            connection.Writer.Send(createConnAck(session, wasPresent));
            session.Connect(connection, Math.Min(connect.Properties.ReceiveMaximum ?? ushort.MaxValue, Limits.ReceiveMaximum));
            connection.Writer.StartDelivering(session.Queue);
            Options.Connected?.Invoke(connection);
            return session;
        }
    }

    public void Disconnect(MqttConnection connection, ReasonCode reason)
    {
        lock (_gate)
            _sessions.Disconnect(connection, reason);
    }

    public void ChangeExpiry(Session session, uint seconds)
    {
        lock (_gate)
            _sessions.ChangeExpiry(session, seconds);
    }

    /// <summary>
    /// Adds the subscriptions of a SUBSCRIBE, sends SUBACK, and after it the retained messages (MQTT 5, 3.8.4): when the subscriptions are
    /// written, if the session is kept.
    /// </summary>
    public ValueTask Subscribe(MqttConnection connection, Session session, SubscribePacket packet)
    {
        lock (_gate)
        {
            if (!session.IsOwnedBy(connection))
                return default;
            var reasons = new ReasonCode[packet.Subscriptions.Count];
            List<Delivery>? retained = null;
            for (var i = 0; i < reasons.Length; i++)
                reasons[i] = Subscribe(session, packet.Subscriptions[i], ref retained);
            return Answer(connection, session, () =>
            {
                connection.Writer.Send(new SubAckPacket(packet.PacketId, reasons));
                foreach (var delivery in retained ?? [])
                    _router.Deliver(session, delivery);
            });
        }
    }

    /// <summary>Removes the subscriptions of an UNSUBSCRIBE and sends UNSUBACK (MQTT 5, 3.10.4): when that is written, if the session is kept.</summary>
    public ValueTask Unsubscribe(MqttConnection connection, Session session, UnsubscribePacket packet)
    {
        lock (_gate)
        {
            if (!session.IsOwnedBy(connection))
                return default;
            var reasons = new ReasonCode[packet.Filters.Count];
            for (var i = 0; i < reasons.Length; i++)
            {
                reasons[i] = session.Unsubscribe(packet.Filters[i]) ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
                if (reasons[i] == ReasonCode.Success)
                    _subscriptions.Remove(session, packet.Filters[i]);
            }
            return Answer(connection, session, () => connection.Writer.Send(new UnsubAckPacket(packet.PacketId, reasons)));
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            Retained.Clear(Options.Store);
            _sessions.Clear();
            _subscriptions.TrimExcess();
            _router.TrimExcess();
            _reports.Clear();
        }
    }

    private void SendToSession(Session? session, MqttConnection recipient, MqttMessage message, string? tenant)
    {
        _listeners.Notify(message, tenant, recipient: recipient);
        if (session is not null)
            _router.Deliver(session, new(message, message.Qos, Retain: false));
    }

    /// <summary>Whether a message would have receivers.</summary>
    public bool HasReceivers(string topic, TenantFilter tenants)
    {
        lock (_gate)
            return _router.HasReceivers(topic, tenants);
    }

    private bool Accepts(MqttMessage message, MqttConnection publisher)
    {
        lock (_gate)
            return _router.Accepts(message, new TenantFilter(publisher.Tenant));
    }

    /// <returns>Completes when what was kept of it is written; null when nothing was.</returns>
    private Task<bool>? Route(MqttMessage message, MqttConnection publisher)
    {
        lock (_gate)
            return _router.Route(message, new TenantFilter(publisher.Tenant), publisher) ? Options.Store!.WhenWritten : null;
    }

    /// <summary>Answers a client within the lock: at once, or when what its session keeps is written.</summary>
    private ValueTask Answer(MqttConnection connection, Session session, Action answer)
    {
        if (session.IsKept)
            return AnswerWhenWrittenAsync(Options.Store!.WhenWritten, connection, () => WithLock(answer));
        answer();
        return default;
    }

    /// <summary>A client whose packet cannot be acknowledged is disconnected, and may send it again (MQTT 3.1.1, 4.4).</summary>
    private static async ValueTask AnswerWhenWrittenAsync(Task<bool> written, MqttConnection connection, Action answer)
    {
        if (await written)
            answer();
        else
            connection.End(ReasonCode.UnspecifiedError, "the session could not be written");
    }

    /// <summary>A method of its own, so that other messages allocate nothing for it.</summary>
    private static ValueTask AcknowledgeWhenWritten(Task<bool> written, MqttConnection publisher, ushort packetId) =>
        AnswerWhenWrittenAsync(written, publisher, () => publisher.Acknowledgements.Send(packetId));

    /// <summary>
    /// Adds one subscription. Only a filter without wildcards gets the retained message: there AWS differs from MQTT 5, 3.3.1.3
    /// (developer guide, "AWS IoT differences from MQTT specifications").
    /// </summary>
    private ReasonCode Subscribe(Session session, in SubscriptionRequest request, ref List<Delivery>? retained)
    {
        var isShared = Topics.TryParseShared(request.Filter, out var shareName, out var filter);
        if (!Topics.IsWithin(Limits, isShared ? filter : request.Filter) || Encoding.UTF8.GetByteCount(shareName) > Limits.ShareNameBytes)
            return ReasonCode.TopicFilterInvalid;
        var isNew = !session.Subscriptions.ContainsKey(request.Filter);
        if (isNew && !_subscriptions.HasRoomFor(session))
            return ReasonCode.QuotaExceeded;
        var subscription = new Subscription(session, request);
        session.Set(subscription);
        _subscriptions.Set(subscription);
        if (!isShared && !Topics.HasWildcards(request.Filter) && SendsRetained(request.RetainHandling, isNew)
            && Retained.Get(request.Filter, session.Tenant, Time.GetUtcNow()) is { } message
            && !(request.NoLocal && message.Publisher == session.Client)) // MQTT-3.8.3-3
            (retained ??= []).Add(new(message, subscription.QosOf(message), Retain: true));
        return (ReasonCode)subscription.GrantedQos;
    }

    private static bool SendsRetained(RetainHandling handling, bool isNew) =>
        handling == RetainHandling.Send || (isNew && handling == RetainHandling.SendIfNew);
}
