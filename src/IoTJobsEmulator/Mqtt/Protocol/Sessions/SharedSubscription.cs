namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>The subscriptions of one share name and filter (MQTT 5, 4.8.2). Messages go to its members in round robin.</summary>
internal sealed class SharedSubscription
{
    private readonly List<Subscription> _members = [];
    private int _next;

    public bool IsEmpty => _members.Count == 0;

    /// <returns>Whether it replaces none.</returns>
    public bool Set(Subscription subscription)
    {
        var index = _members.FindIndex(m => m.Session == subscription.Session);
        if (index < 0)
            _members.Add(subscription);
        else
            _members[index] = subscription;
        return index < 0;
    }

    /// <returns>Whether the session was a member.</returns>
    public bool Remove(Session session) => _members.RemoveAll(m => m.Session == session) > 0;

    /// <summary>The next member that is connected. If none is, an offline member whose session can queue the message.</summary>
    /// <param name="tenants">Which sessions may receive the message.</param>
    /// <param name="isDelivered">Whether it receives the message, so that the one after it comes next.</param>
    public Subscription? Next(TenantFilter tenants, bool isDelivered)
    {
        Subscription? offline = null;
        for (var i = 0; i < _members.Count; i++)
        {
            var member = _members[(_next + i) % _members.Count];
            if (!tenants.Allows(member.Session))
                continue;
            if (member.Session.IsConnected)
            {
                if (isDelivered)
                    _next = (_next + i + 1) % _members.Count;
                return member;
            }
            offline ??= member;
        }
        return offline;
    }
}
