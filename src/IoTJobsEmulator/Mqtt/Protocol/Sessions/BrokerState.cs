using System.Text;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// Sessions, subscriptions and retained messages, and what passes between them. One lock guards all of it: what is done under it takes
/// microseconds, and no bytes are written under it.
/// </summary>
internal sealed class BrokerState
{
    private readonly Lock _gate = new();
    private readonly SubscriptionTree _subscriptions = new();
    private readonly SessionTable _sessions;
    private readonly List<Subscription> _found = [];
    private readonly List<(Session Session, Delivery Delivery)> _receivers = [];
    private long _publications;

    public BrokerState(MqttBrokerOptions options, TimeProvider time)
    {
        (Options, Time) = (options, time);
        _sessions = new(this, _subscriptions);
        Retained = new(options.Limits.RetainedMessages);
    }

    public MqttBrokerOptions Options { get; }

    public MqttLimits Limits => Options.Limits;

    public TimeProvider Time { get; }

    /// <summary>To be used within a turn.</summary>
    public RetainedMessages Retained { get; }

    public TResult Turn<TResult>(Func<BrokerState, TResult> ask)
    {
        lock (_gate)
            return ask(this);
    }

    public void Turn(Action act)
    {
        lock (_gate)
            act();
    }

    public MqttMessage Message(string topic, ReadOnlyMemory<byte> payload, Qos qos, bool retain, MqttProperties? properties) =>
        Message(topic, new MqttPayload(payload), qos, retain, properties);

    public MqttMessage Message(string topic, MqttPayload payload, Qos qos, bool retain, MqttProperties? properties) =>
        Topics.IsName(topic) && Encoding.UTF8.GetByteCount(topic) <= ushort.MaxValue
            ? new(topic, payload, qos == Qos.AtMostOnce ? qos : Qos.AtLeastOnce, retain, properties ?? MqttProperties.None, Time.GetUtcNow())
            : throw new ArgumentException("A topic must not be empty, have wildcards or be longer than MQTT can say", nameof(topic));

    /// <summary>Publishes from the server.</summary>
    public void Publish(MqttMessage message, string? tenant)
    {
        if (!message.Content.IsMade && HasReceivers(message.Topic, new TenantFilter(tenant)))
            _ = message.Payload; // made here, because no work is done under the lock
        lock (_gate)
        {
            Options.Published?.Invoke(new(message, null, null));
            Distribute(message, tenant, publisher: null);
        }
    }

    /// <summary>Publishes from a client, unless it is taken by someone who knows the topic.</summary>
    public ValueTask PublishAsync(MqttMessage message, MqttConnection publisher)
    {
        if (Options.Published is { } published)
        {
            lock (_gate) // told before it is taken, so that it is seen before its answer
                published(new(message, publisher, null));
        }
        var taken = Options.Intercept(publisher, message);
        if (!taken.IsCompletedSuccessfully)
            return DistributeUnlessAsync(taken, message, publisher);
        if (!taken.Result)
            Distribute(message, publisher);
        return default;
    }

    public void PublishWill(MqttConnection publisher, WillMessage will)
    {
        var properties = will.Properties.WillDelayInterval is null ? will.Properties : will.Properties with { WillDelayInterval = null };
        var message = Message(will.Topic, will.Payload, will.Qos, will.Retain, properties);
        lock (_gate)
        {
            Options.Published?.Invoke(new(message, publisher, null));
            Distribute(message, publisher);
        }
    }

    /// <summary>A message to one client only, subscribed or not.</summary>
    public void SendTo(MqttConnection receiver, MqttMessage message)
    {
        lock (_gate)
        {
            Options.Published?.Invoke(new(message, null, receiver));
            if (_sessions.Find(receiver.ClientId) is { } session && session.IsHeldBy(receiver))
                Deliver(session, new(message, message.Qos, Retain: false));
        }
    }

    public IReadOnlyList<MqttConnection> Connected() => [.. _sessions.All.Where(s => s.IsConnected).Select(s => s.Connection)];

    public MqttConnection? Find(string clientId) => _sessions.Find(clientId) is { IsConnected: true } session ? session.Connection : null;

    /// <summary>Finds or makes the client's session, and answers its CONNECT before anything else can be sent to it.</summary>
    public Session Connect(MqttConnection connection, ConnectPacket connect, Func<Session, bool, ConnAckPacket> answer)
    {
        lock (_gate)
        {
            var (session, wasPresent) = _sessions.Begin(connection, connect);
            connection.PacketWriter.Send(answer(session, wasPresent));
            session.Connect(connection, Math.Min(connect.Properties.ReceiveMaximum ?? ushort.MaxValue, Limits.InFlight));
            connection.PacketWriter.Serve(session.Queue);
            return session;
        }
    }

    public void Disconnected(MqttConnection connection, ReasonCode reason)
    {
        lock (_gate)
            _sessions.Disconnected(connection, reason);
    }

    public void ChangeExpiry(Session session, uint seconds)
    {
        lock (_gate)
            _sessions.ChangeExpiry(session, seconds);
    }

    /// <summary>Answers a SUBSCRIBE, and sends what is retained after the answer.</summary>
    public void Subscribe(MqttConnection connection, Session session, SubscribePacket packet)
    {
        lock (_gate)
        {
            if (!session.IsHeldBy(connection))
                return;
            var reasons = new ReasonCode[packet.Subscriptions.Count];
            List<Delivery>? retained = null;
            for (var i = 0; i < reasons.Length; i++)
                reasons[i] = Subscribe(session, packet.Subscriptions[i], ref retained);
            connection.PacketWriter.Send(new SubAckPacket(packet.PacketId, reasons));
            foreach (var delivery in retained ?? [])
                Deliver(session, delivery);
        }
    }

    public void Unsubscribe(MqttConnection connection, Session session, UnsubscribePacket packet)
    {
        lock (_gate)
        {
            if (!session.IsHeldBy(connection))
                return;
            var reasons = new ReasonCode[packet.Filters.Count];
            for (var i = 0; i < reasons.Length; i++)
            {
                reasons[i] = session.Subscriptions.Remove(packet.Filters[i]) ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
                _subscriptions.Remove(session, packet.Filters[i]);
            }
            connection.PacketWriter.Send(new UnsubAckPacket(packet.PacketId, reasons));
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            Retained.Clear();
            _sessions.Clear();
        }
    }

    private bool HasReceivers(string topic, in TenantFilter filter)
    {
        lock (_gate)
        {
            _found.Clear();
            _subscriptions.Match(topic, filter, _found);
            return _found.Count > 0;
        }
    }

    private async ValueTask DistributeUnlessAsync(ValueTask<bool> taken, MqttMessage message, MqttConnection publisher)
    {
        if (!await taken)
            Distribute(message, publisher);
    }

    private void Distribute(MqttMessage message, MqttConnection publisher)
    {
        lock (_gate)
            Distribute(message, publisher.Tenant, publisher);
    }

    /// <summary>
    /// What is retained is sent to those who name its topic: a filter with wildcards gets none (developer guide, "AWS IoT differences from
    /// MQTT specifications").
    /// </summary>
    private ReasonCode Subscribe(Session session, in SubscriptionRequest request, ref List<Delivery>? retained)
    {
        var isShared = Topics.TryReadShare(request.Filter, out _, out var filter);
        if (!Topics.IsWithin(Limits, isShared ? filter : request.Filter))
            return ReasonCode.TopicFilterInvalid;
        var isNew = !session.Subscriptions.ContainsKey(request.Filter);
        if (isNew && session.Subscriptions.Count >= Limits.SubscriptionsPerConnection)
            return ReasonCode.QuotaExceeded;
        var subscription = new Subscription(session, request);
        session.Subscriptions[request.Filter] = subscription;
        _subscriptions.Set(subscription);
        if (!isShared && !Topics.HasWildcards(request.Filter) && Wants(request.RetainHandling, isNew)
            && Retained.Get(request.Filter, session.Connection.Tenant, Time.GetUtcNow()) is { } message
            && !(request.NoLocal && message.Publisher == session.ClientId))
            (retained ??= []).Add(new(message, Lower(message.Qos, subscription.Granted), Retain: true));
        return (ReasonCode)subscription.Granted;
    }

    private void Distribute(MqttMessage message, string? tenant, MqttConnection? publisher)
    {
        var filter = new TenantFilter(tenant);
        if (message.Retain && !message.Topic.StartsWith('$') && !Retained.Set(message with { Publisher = publisher?.ClientId }, filter) && publisher is not null)
            Options.Dropped?.Invoke(publisher, message);
        _found.Clear();
        _receivers.Clear();
        _subscriptions.Match(message.Topic, filter, _found);
        _publications++;
        foreach (var subscription in _found)
        {
            if (!subscription.Request.NoLocal || subscription.Session.Connection != publisher)
                AddReceiver(subscription, message);
        }
        foreach (var (session, delivery) in _receivers)
            Deliver(session, delivery);
    }

    /// <summary>A client whose filters overlap gets the message once, with the best that they promise.</summary>
    private void AddReceiver(Subscription subscription, MqttMessage message)
    {
        var session = subscription.Session;
        var qos = Lower(message.Qos, subscription.Granted);
        var retain = message.Retain && subscription.Request.RetainAsPublished;
        if (session.LastMatch.Publication != _publications)
        {
            session.LastMatch = (_publications, _receivers.Count);
            _receivers.Add((session, new(message, qos, retain)));
            return;
        }
        var known = _receivers[session.LastMatch.Place].Delivery;
        _receivers[session.LastMatch.Place] = (session, new(message, qos > known.Qos ? qos : known.Qos, retain || known.Retain));
    }

    private void Deliver(Session session, in Delivery delivery)
    {
        if (!session.Deliver(delivery))
            Options.Dropped?.Invoke(session.Connection, delivery.Message);
    }

    private static bool Wants(RetainHandling handling, bool isNew) =>
        handling == RetainHandling.Send || (isNew && handling == RetainHandling.SendIfNew);

    private static Qos Lower(Qos a, Qos b) => a < b ? a : b;
}
