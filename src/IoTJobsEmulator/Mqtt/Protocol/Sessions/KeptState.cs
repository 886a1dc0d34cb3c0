namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>What a store has kept of a broker before the process began. Used under the broker's lock only.</summary>
internal sealed class KeptState(
    ISessionStore store, SessionTable sessions, SubscriptionTree subscriptions, RetainedMessages retained, TimeProvider time)
{
    /// <summary>Adds it to the state of the broker, within the limits. What has expired or exceeds them is removed from the store.</summary>
    public void Restore()
    {
        foreach (var item in store.Load())
        {
            if (!TryRestore(item))
                store.Remove(item);
        }
    }

    private bool TryRestore(KeptItem item)
    {
        switch (item)
        {
            case KeptSession kept:
                return sessions.TryRestore(kept, store);
            case KeptSubscription kept when sessions.Find(kept.Client) is { } session && subscriptions.HasRoomFor(session):
                Subscription subscription = new(session, kept.Request);
                session.Subscriptions[kept.Request.Filter] = subscription;
                subscriptions.Set(subscription);
                return true;
            case KeptDelivery kept:
                return sessions.Find(kept.Client)?.Queue.TryRestore(kept) ?? false;
            case KeptRetained(var message, var tenant):
                return !message.IsExpired(time.GetUtcNow()) && retained.TrySet(message, new(tenant), store: null);
            default:
                return false;
        }
    }
}
