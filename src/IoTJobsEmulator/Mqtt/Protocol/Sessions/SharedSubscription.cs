namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>The members of one <c>$share</c> group on one filter, who take turns.</summary>
internal sealed class SharedSubscription
{
    private readonly List<Subscription> _members = [];
    private int _turn;

    public void Set(Subscription subscription)
    {
        var known = _members.FindIndex(m => m.Session == subscription.Session);
        if (known < 0)
            _members.Add(subscription);
        else
            _members[known] = subscription;
    }

    /// <returns>Whether the group is empty now.</returns>
    public bool Remove(Session session)
    {
        _members.RemoveAll(m => m.Session == session);
        return _members.Count == 0;
    }

    /// <summary>The member whose turn it is: one that is connected, or else one whose session can wait.</summary>
    public Subscription? Next<TMay>(TMay may) where TMay : struct, IEligible
    {
        Subscription? offline = null;
        for (var i = 0; i < _members.Count; i++)
        {
            var member = _members[(_turn + i) % _members.Count];
            if (!may.Includes(member.Session))
                continue;
            if (member.Session.IsConnected)
            {
                _turn = (_turn + i + 1) % _members.Count;
                return member;
            }
            offline ??= member;
        }
        return offline;
    }
}

/// <summary>Who may get a message at all.</summary>
internal interface IEligible
{
    bool Includes(Session session);
}
