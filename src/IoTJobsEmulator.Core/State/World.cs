using System.Collections.Concurrent;
using IoTJobsEmulator.Core.Simulators;

namespace IoTJobsEmulator.Core.State;

/// <summary>
/// All accounts and regions, and the moment of the turn that is going on. Touched only within a turn, but for <see cref="Realm"/> and <see cref="Only"/>.
/// A realm is here while it has rows. Any number of accounts and regions may be asked for, which nothing remembers.
/// </summary>
public sealed class World(Func<Guid> newId)
{
    /// <summary>How many realms are asked one by one whether they have a thing. The things of any others are indexed, which costs memory.</summary>
    private const int SearchedOneByOne = 16;

    /// <summary>How many realms are handed out before those are looked for that nobody holds any more.</summary>
    private const int HandedOutAtLeast = 1000;

    private readonly ConcurrentDictionary<Tenant, WeakReference<Realm>> _handedOut = [];
    private readonly List<Realm> _realms = [];
    private readonly List<Realm> _searched = [];
    private Dictionary<string, HashSet<Tenant>> _havingThing = [];

    private volatile Realm? _only;

    // Of the realms that lost their last row. Read outside turns too: it was set long before the garbage collector took such a realm.
    private long _lastOrdinal;

    private int _handedOutAtMost = HandedOutAtLeast;

    /// <summary>A world that is there for its rows: nothing happens in it.</summary>
    public static World OfRows() => new(static () => throw new InvalidOperationException("Nothing new comes into a world that only holds rows."));

    /// <summary>Set by the turn that begins, in whole milliseconds.</summary>
    public Moment Now { get; set; }

    public Settings Settings { get; set; } = new();

    /// <summary>How simulated devices call operations. Set before the first of them does.</summary>
    public DeviceOperations? Devices { get; set; }

    internal Func<Guid> NewId => newId;

    /// <summary>The realms that have rows, in the order of their first. A list, so that due work asks them all without an enumerator.</summary>
    public IReadOnlyList<Realm> Realms => _realms;

    /// <summary>The realm that alone has rows; null when none has, or several have. May be read outside a turn.</summary>
    public Realm? Only => _only;

    /// <summary>
    /// The realm of an account and region: the same one for all callers, as long as it has rows or somebody holds it. May be
    /// called outside a turn.
    /// </summary>
    public Realm Realm(string account, string region)
    {
        var tenant = new Tenant(account, region);
        while (true)
        {
            if (!_handedOut.TryGetValue(tenant, out var known))
            {
                var first = new Realm(this, tenant, _lastOrdinal);
                if (!_handedOut.TryAdd(tenant, new(first)))
                    continue;
                ForgetUnheld();
                return first;
            }
            if (known.TryGetTarget(out var realm))
                return realm;
            var next = new Realm(this, tenant, _lastOrdinal);
            if (_handedOut.TryUpdate(tenant, new(next), known))
                return next;
        }
    }

    /// <summary>The realms that have a thing of this name.</summary>
    public IEnumerable<Realm> HavingThing(string thingName) =>
        _searched.Where(realm => realm.Things.Find(thingName) is not null)
            .Concat((_havingThing.GetValueOrDefault(thingName) ?? []).Select(tenant => Realm(tenant.Account, tenant.Region)));

    /// <summary>
    /// Exchanges all rows with those of another world, and where the numbering of new rows stands: a second exchange undoes it. It takes as long
    /// however many rows there are. Realms stay the same for whoever holds them, because requests that wait for their turn may. Called within a turn.
    /// </summary>
    public void Exchange(World other)
    {
        // Held, so that none is made anew meanwhile.
        var realms = _realms.Concat(other._realms).Select(realm => realm.Tenant).Distinct().ToDictionary(
            tenant => tenant, tenant => (Mine: Realm(tenant.Account, tenant.Region), Others: other.Realm(tenant.Account, tenant.Region)));
        foreach (var (mine, others) in realms.Values)
            mine.Exchange(others);
        ExchangeLists(_realms, other._realms);
        ExchangeLists(_searched, other._searched);
        (_only, other._only) = (SingleOf(_realms), SingleOf(other._realms));
        (_havingThing, other._havingThing) = (other._havingThing, _havingThing);
        (_lastOrdinal, other._lastOrdinal) = (other._lastOrdinal, _lastOrdinal);
        // Realms without rows are numbered as any that would be made now.
        foreach (var known in _handedOut.Values)
        {
            if (known.TryGetTarget(out var realm) && !realm.HasRows)
                realm.SetLastOrdinal(_lastOrdinal);
        }
        _handedOutAtMost = 0;
        ForgetUnheld();

        void ExchangeLists(List<Realm> mine, List<Realm> others)
        {
            List<Realm> next = [.. others.Select(realm => realms[realm.Tenant].Mine)], before = [.. mine.Select(realm => realms[realm.Tenant].Others)];
            mine.Clear();
            mine.AddRange(next);
            others.Clear();
            others.AddRange(before);
        }
    }

    /// <summary>The highest number of a row of the realms that have none any more.</summary>
    internal long LastOrdinal => _lastOrdinal;

    /// <summary>Numbers the rows of new realms from here on.</summary>
    internal void SetLastOrdinal(long ordinal) => _lastOrdinal = ordinal;

    /// <summary>A realm has its first row. Answers whether it is searched for things: else it tells of each of its own.</summary>
    internal bool Add(Realm realm)
    {
        _realms.Add(realm);
        _only = SingleOf(_realms);
        if (_searched.Count == SearchedOneByOne)
            return false;
        _searched.Add(realm);
        return true;
    }

    /// <summary>A realm has no row left. Should it be made again, its numbers go on after these, because page tokens name them.</summary>
    internal void Remove(Realm realm, long lastOrdinal)
    {
        _realms.Remove(realm);
        _only = SingleOf(_realms);
        _searched.Remove(realm);
        _lastOrdinal = Math.Max(_lastOrdinal, lastOrdinal);
    }

    internal void AddThing(Realm realm, string thingName)
    {
        if (!_havingThing.TryGetValue(thingName, out var having))
            _havingThing.Add(thingName, having = []);
        having.Add(realm.Tenant);
    }

    internal void RemoveThing(Realm realm, string thingName)
    {
        if (_havingThing.TryGetValue(thingName, out var having) && having.Remove(realm.Tenant) && having.Count == 0)
            _havingThing.Remove(thingName);
    }

    private static Realm? SingleOf(List<Realm> realms) => realms is [var only] ? only : null;

    /// <summary>Looks through all that were handed out whenever they have doubled, so that each call pays for a few.</summary>
    private void ForgetUnheld()
    {
        if (_handedOut.Count <= _handedOutAtMost)
            return;
        foreach (var realm in _handedOut)
        {
            if (!realm.Value.TryGetTarget(out _))
                _handedOut.TryRemove(realm);
        }
        _handedOutAtMost = Math.Max(HandedOutAtLeast, 2 * _handedOut.Count);
    }
}
