namespace IoTJobsEmulator.Core.State;

/// <summary>All accounts and regions, and the moment of the turn that is going on. Touched only within a turn.</summary>
public sealed class World(Func<Guid> newId)
{
    private readonly Dictionary<(string Account, string Region), Realm> _realms = [];
    private readonly List<Realm> _inOrder = [];

    /// <summary>Set by the turn that begins, in whole milliseconds.</summary>
    public Moment Now { get; set; }

    public Settings Settings { get; set; } = new();

    internal Func<Guid> NewId => newId;

    /// <summary>In the order in which they were first asked for. A list, so that due work asks them all without an enumerator.</summary>
    public IReadOnlyList<Realm> Realms => _inOrder;

    /// <summary>The realm of an account and region, which is there as soon as it is asked for.</summary>
    public Realm Realm(string account, string region)
    {
        if (!_realms.TryGetValue((account, region), out var realm))
        {
            _realms.Add((account, region), realm = new(this, account, region));
            _inOrder.Add(realm);
        }
        return realm;
    }

    /// <summary>Empties every realm. The realms themselves stay: requests that wait for their turn hold them.</summary>
    public void Clear()
    {
        foreach (var realm in Realms)
            realm.Clear();
    }
}
