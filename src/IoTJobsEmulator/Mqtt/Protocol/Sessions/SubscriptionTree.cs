namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>All subscriptions, a level of the filter per node, so that finding those of a topic costs its depth and not their number.</summary>
internal sealed class SubscriptionTree
{
    private readonly Node _root = new();

    /// <summary>Adds the subscription, or replaces the session's earlier one with the same filter.</summary>
    public void Set(Subscription subscription)
    {
        var (share, filter) = Parts(subscription.Request.Filter);
        var node = _root;
        foreach (var range in filter.AsSpan().Split('/'))
            node = node.ChildOrNew(filter.AsSpan(range));
        if (share.Length == 0)
            (node.Subscriptions ??= [])[subscription.Session] = subscription;
        else
            node.GroupOrNew(share).Set(subscription);
    }

    public void Remove(Session session, string filter)
    {
        var (share, shared) = Parts(filter);
        Remove(_root, shared, share, session);
    }

    /// <summary>Adds the subscriptions that this topic has; of a shared one the member whose turn it is among those who may get it.</summary>
    public void Match<TMay>(ReadOnlySpan<char> topic, TMay may, List<Subscription> found) where TMay : struct, IEligible =>
        Match(_root, topic, withoutWildcards: topic.StartsWith('$'), may, found);

    private static (string Share, string Filter) Parts(string filter) =>
        Topics.TryReadShare(filter, out var share, out var shared) ? (share.ToString(), shared.ToString()) : ("", filter);

    private static void Match<TMay>(Node node, ReadOnlySpan<char> rest, bool withoutWildcards, TMay may, List<Subscription> found)
        where TMay : struct, IEligible
    {
        if (!withoutWildcards && node.Child("#") is { } all)
            all.Collect(may, found);
        var slash = rest.IndexOf('/');
        var level = slash < 0 ? rest : rest[..slash];
        Descend(node.Child(level), slash, rest, may, found);
        if (!withoutWildcards)
            Descend(node.Child("+"), slash, rest, may, found);
    }

    private static void Descend<TMay>(Node? child, int slash, ReadOnlySpan<char> rest, TMay may, List<Subscription> found)
        where TMay : struct, IEligible
    {
        if (child is null)
            return;
        if (slash >= 0)
        {
            Match(child, rest[(slash + 1)..], withoutWildcards: false, may, found);
            return;
        }
        child.Collect(may, found);
    }

    /// <returns>Whether nothing is left below the node, so that it can go.</returns>
    private static bool Remove(Node node, ReadOnlySpan<char> rest, string share, Session session)
    {
        var slash = rest.IndexOf('/');
        var level = slash < 0 ? rest : rest[..slash];
        if (node.Child(level) is not { } child)
            return false;
        if (slash < 0)
            child.Leave(share, session);
        if (slash < 0 ? child.IsEmpty : Remove(child, rest[(slash + 1)..], share, session))
            node.Drop(level);
        return node.IsEmpty;
    }

    private sealed class Node
    {
        private Dictionary<string, Node>? _children;
        private Dictionary<string, SharedSubscription>? _groups;

        public Dictionary<Session, Subscription>? Subscriptions { get; set; }

        public bool IsEmpty => _children is not { Count: > 0 } && _groups is not { Count: > 0 } && Subscriptions is not { Count: > 0 };

        public Node? Child(ReadOnlySpan<char> level) =>
            _children is not null && _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out var child) ? child : null;

        public Node ChildOrNew(ReadOnlySpan<char> level) => Child(level) ?? ((_children ??= [])[level.ToString()] = new());

        public void Drop(ReadOnlySpan<char> level) => _children!.GetAlternateLookup<ReadOnlySpan<char>>().Remove(level);

        public SharedSubscription GroupOrNew(string share)
        {
            _groups ??= [];
            if (!_groups.TryGetValue(share, out var group))
                _groups[share] = group = new();
            return group;
        }

        public void Leave(string share, Session session)
        {
            if (share.Length == 0)
                Subscriptions?.Remove(session);
            else if (_groups is not null && _groups.TryGetValue(share, out var group) && group.Remove(session))
                _groups.Remove(share);
        }

        public void Collect<TMay>(TMay may, List<Subscription> found) where TMay : struct, IEligible
        {
            if (Subscriptions is not null)
            {
                foreach (var subscription in Subscriptions.Values)
                {
                    if (may.Includes(subscription.Session))
                        found.Add(subscription);
                }
            }
            if (_groups is null)
                return;
            foreach (var group in _groups.Values)
            {
                if (group.Next(may) is { } subscription)
                    found.Add(subscription);
            }
        }
    }
}
