namespace IoTJobsEmulator.Mqtt.Protocol.Sessions;

/// <summary>
/// All subscriptions, with one node per topic level (MQTT 5, 4.7). Finding the subscriptions of a topic costs its depth, not their number.
/// </summary>
internal sealed class SubscriptionTree(MqttLimits limits, LimitReports reports)
{
    private readonly Node _root = new();

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a session may have one more. The limit of all clients is reported when it is reached.</summary>
    public bool HasRoomFor(Session session)
    {
        if (Count < limits.Subscriptions)
            return session.Subscriptions.Count < limits.SubscriptionsPerConnection;
        reports.Report($"{limits.Subscriptions} subscriptions of all clients: further ones are refused");
        return false;
    }

    /// <summary>Adds the subscription, or replaces the session's earlier one with the same filter (MQTT 5, 3.8.4).</summary>
    public void Set(Subscription subscription)
    {
        var (shareName, filter) = SplitShared(subscription.Request.Filter);
        var node = _root;
        foreach (var range in filter.AsSpan().Split('/'))
            node = node.GetOrAddChild(filter.AsSpan(range));
        if (node.Set(shareName, subscription))
            Count++;
    }

    public void Remove(Session session, string filter)
    {
        var (shareName, sharedFilter) = SplitShared(filter);
        Remove(_root, sharedFilter, shareName, session);
    }

    /// <summary>Gives back what subscriptions have taken that are removed.</summary>
    public void TrimExcess() => _root.TrimExcess();

    /// <summary>Adds the subscriptions that match a topic to a list, of each shared subscription one member.</summary>
    /// <param name="topic">A topic name.</param>
    /// <param name="tenants">Which sessions may receive the message.</param>
    /// <param name="matches">The list.</param>
    /// <param name="isDelivered">Whether they receive a message: then the next one goes to other members of shared subscriptions.</param>
    public void Match(ReadOnlySpan<char> topic, TenantFilter tenants, List<Subscription> matches, bool isDelivered) =>
        Match(_root, topic, skipWildcards: topic.StartsWith('$'), tenants, matches, isDelivered); // MQTT 5, 4.7.2

    private static (string ShareName, string Filter) SplitShared(string filter) =>
        Topics.TryParseShared(filter, out var shareName, out var sharedFilter) ? (shareName.ToString(), sharedFilter.ToString()) : ("", filter);

    private static void Match(Node node, ReadOnlySpan<char> topic, bool skipWildcards, TenantFilter tenants, List<Subscription> matches, bool isDelivered)
    {
        if (!skipWildcards && node.FindChild("#") is { } multiLevel)
            multiLevel.AddTo(matches, tenants, isDelivered);
        var slash = topic.IndexOf('/');
        var level = slash < 0 ? topic : topic[..slash];
        MatchChild(node.FindChild(level), slash, topic, tenants, matches, isDelivered);
        if (!skipWildcards)
            MatchChild(node.FindChild("+"), slash, topic, tenants, matches, isDelivered);
    }

    private static void MatchChild(Node? child, int slash, ReadOnlySpan<char> topic, TenantFilter tenants, List<Subscription> matches, bool isDelivered)
    {
        if (child is null)
            return;
        if (slash >= 0)
            Match(child, topic[(slash + 1)..], skipWildcards: false, tenants, matches, isDelivered);
        else
            child.AddTo(matches, tenants, isDelivered);
    }

    /// <returns>Whether the node is empty now and can be removed from its parent.</returns>
    private bool Remove(Node node, ReadOnlySpan<char> filter, string shareName, Session session)
    {
        var slash = filter.IndexOf('/');
        var level = slash < 0 ? filter : filter[..slash];
        if (node.FindChild(level) is not { } child)
            return false;
        if (slash < 0 && child.RemoveSubscription(shareName, session))
            Count--;
        if (slash < 0 ? child.IsEmpty : Remove(child, filter[(slash + 1)..], shareName, session))
            node.RemoveChild(level);
        return node.IsEmpty;
    }

    private sealed class Node
    {
        private Dictionary<string, Node>? _children;
        private Dictionary<string, SharedSubscription>? _shared;

        private Dictionary<Session, Subscription>? _subscriptions;

        public bool IsEmpty => _children is not { Count: > 0 } && _shared is not { Count: > 0 } && _subscriptions is not { Count: > 0 };

        public Node? FindChild(ReadOnlySpan<char> level) =>
            _children is not null && _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out var child) ? child : null;

        public Node GetOrAddChild(ReadOnlySpan<char> level) => FindChild(level) ?? ((_children ??= [])[level.ToString()] = new());

        public void RemoveChild(ReadOnlySpan<char> level) => _children!.GetAlternateLookup<ReadOnlySpan<char>>().Remove(level);

        /// <returns>Whether it replaces none.</returns>
        public bool Set(string shareName, Subscription subscription)
        {
            if (shareName.Length == 0)
            {
                _subscriptions ??= [];
                var before = _subscriptions.Count;
                _subscriptions[subscription.Session] = subscription;
                return _subscriptions.Count > before;
            }
            _shared ??= [];
            if (!_shared.TryGetValue(shareName, out var shared))
                _shared[shareName] = shared = new();
            return shared.Set(subscription);
        }

        /// <returns>Whether there was one.</returns>
        public bool RemoveSubscription(string shareName, Session session)
        {
            if (shareName.Length == 0)
                return _subscriptions?.Remove(session) ?? false;
            if (_shared is null || !_shared.TryGetValue(shareName, out var shared) || !shared.Remove(session))
                return false;
            if (shared.IsEmpty)
                _shared.Remove(shareName);
            return true;
        }

        public void TrimExcess()
        {
            _subscriptions?.TrimExcess();
            _shared?.TrimExcess();
            _children?.TrimExcess();
            foreach (var child in _children?.Values ?? Enumerable.Empty<Node>())
                child.TrimExcess();
        }

        public void AddTo(List<Subscription> matches, TenantFilter tenants, bool isDelivered)
        {
            if (_subscriptions is not null)
            {
                foreach (var subscription in _subscriptions.Values)
                {
                    if (tenants.Allows(subscription.Session))
                        matches.Add(subscription);
                }
            }
            if (_shared is null)
                return;
            foreach (var shared in _shared.Values)
            {
                if (shared.Next(tenants, isDelivered) is { } subscription)
                    matches.Add(subscription);
            }
        }
    }
}
