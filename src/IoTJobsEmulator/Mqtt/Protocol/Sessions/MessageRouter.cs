namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// Finds the receivers of a message and adds it to their queues (MQTT 5, sections 3.3.4 and 4.8). Used under the broker's lock only.
/// </summary>
internal sealed class MessageRouter(MqttBrokerOptions options, SubscriptionTree subscriptions, RetainedMessages retained)
{
    // Reused by every message, so that routing allocates nothing.
    private readonly List<Subscription> _matches = [];
    private readonly List<(Session Session, Delivery Delivery)> _receivers = [];
    private long _lastNumber;

    public bool HasReceivers(string topic, TenantFilter tenants)
    {
        _matches.Clear();
        subscriptions.Match(topic, tenants, _matches, isDelivered: false);
        return _matches.Count > 0;
    }

    /// <summary>Retains the message if it asks for it, and delivers it to the subscribers of its topic.</summary>
    /// <param name="message">The message.</param>
    /// <param name="tenants">Which clients may receive it.</param>
    /// <param name="publisher">The client that published it; null for the server.</param>
    /// <returns>Whether something was given to the store.</returns>
    public bool Route(MqttMessage message, TenantFilter tenants, MqttConnection? publisher)
    {
        var isKept = IsRetained(message) && Retain(message, tenants, publisher);
        _matches.Clear();
        subscriptions.Match(message.Topic, tenants, _matches, isDelivered: true);
        _lastNumber++;
        foreach (var subscription in _matches)
        {
            if (!subscription.Request.NoLocal || publisher is null || subscription.Session.Connection != publisher)
                AddReceiver(subscription, message);
        }
        foreach (var (session, delivery) in _receivers)
        {
            Deliver(session, delivery);
            isKept |= session.IsKept && delivery.Qos == Qos.AtLeastOnce;
        }
        _matches.Clear(); // they would hold the last message and its receivers
        _receivers.Clear();
        return isKept;
    }

    /// <summary>Whether the message may be published: one that asks to be retained may not when it would exceed a limit.</summary>
    public bool Accepts(MqttMessage message, TenantFilter tenants) => !IsRetained(message) || retained.HasRoomFor(message, tenants);

    /// <summary>Gives back what a message with many receivers has taken.</summary>
    public void TrimExcess()
    {
        _matches.Clear();
        _matches.TrimExcess();
        _receivers.TrimExcess();
    }

    public void Deliver(Session session, in Delivery delivery)
    {
        if (!session.TryDeliver(delivery))
            options.MessageDropped?.Invoke(session.ClientId, delivery.Message);
    }

    /// <returns>Whether it was given to the store.</returns>
    private bool Retain(MqttMessage message, TenantFilter tenants, MqttConnection? publisher)
    {
        retained.TrySet(message with { Publisher = publisher?.Key }, tenants, options.Store);
        return options.Store is not null;
    }

    private static bool IsRetained(MqttMessage message) => message.Retain && !message.Topic.StartsWith('$');

    /// <summary>A client with overlapping subscriptions receives the message once, with the highest QoS of them (MQTT 5, 3.3.4).</summary>
    private void AddReceiver(Subscription subscription, MqttMessage message)
    {
        var session = subscription.Session;
        var qos = subscription.QosOf(message);
        var retain = message.Retain && subscription.Request.RetainAsPublished;
        if (session.LastMatch.MessageNumber != _lastNumber)
        {
            session.LastMatch = (_lastNumber, _receivers.Count);
            _receivers.Add((session, new(message, qos, retain)));
            return;
        }
        var earlier = _receivers[session.LastMatch.Index].Delivery;
        _receivers[session.LastMatch.Index] = (session, new(message, qos > earlier.Qos ? qos : earlier.Qos, retain || earlier.Retain));
    }
}
