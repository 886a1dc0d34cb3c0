namespace IoTJobsEmulator.Core.State;

/// <summary>
/// The rows of all realms in one turn, and where their numbering stood. Rows never change, so this refers to them and copies none: it costs
/// eight bytes a row, and the memory of the rows that the world does not have any more.
/// </summary>
public sealed class WorldRows
{
    private readonly RealmRows[] _realms;
    private readonly long _lastOrdinal;

    /// <summary>Taken within a turn.</summary>
    public WorldRows(World world)
    {
        _realms = [.. world.Realms.Select(realm => new RealmRows(realm))];
        _lastOrdinal = world.LastOrdinal;
        Count = _realms.Sum(realm => realm.Tables.Sum(rows => rows.Length));
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; }

    /// <summary>The rows that are there, by realm and table.</summary>
    public IEnumerable<(Tenant Tenant, IReadOnlyList<object> Rows)> Tables =>
        from realm in _realms from rows in realm.Tables where rows.Length > 0 select (realm.Tenant, (IReadOnlyList<object>)rows);

    /// <summary>
    /// Makes a world have these rows and no others, whosever they were, and numbers new rows as then. Rows that it has already are not touched.
    /// Called within a turn. Answers all changes, those of each realm together.
    /// </summary>
    public IReadOnlyList<Change> Restore(World world)
    {
        // Held until they have rows, so that no other takes their place.
        var realms = _realms.Select(rows => world.Realm(rows.Tenant.Account, rows.Tenant.Region)).ToList();
        List<Change> changes = [];
        foreach (var realm in world.Realms.Except(realms).ToList())
            changes.AddRange(realm.Restore([], _lastOrdinal));
        foreach (var (realm, rows) in realms.Zip(_realms))
            changes.AddRange(realm.Restore(rows.Tables, rows.LastOrdinal));
        world.Arrange(realms, _lastOrdinal);
        return changes;
    }

    private sealed class RealmRows(Realm realm)
    {
        public Tenant Tenant { get; } = realm.Tenant;

        public long LastOrdinal { get; } = realm.LastOrdinal;

        /// <summary>In the order of the realm's tables.</summary>
        public object[][] Tables { get; } = [.. realm.Tables.Select(table => table.ToArray())];
    }
}
