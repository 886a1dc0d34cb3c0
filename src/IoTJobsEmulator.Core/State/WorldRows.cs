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
    /// A world of its own with these rows, which numbers new rows as then. To fill its indexes takes time, but no turn: it is to be exchanged for
    /// the one that is there.
    /// </summary>
    public World ToWorld()
    {
        var world = World.OfRows();
        world.SetLastOrdinal(_lastOrdinal);
        foreach (var rows in _realms)
        {
            var realm = world.Realm(rows.Tenant.Account, rows.Tenant.Region);
            foreach (var (table, rowsOfTable) in realm.Tables.Zip(rows.Tables))
                foreach (var row in rowsOfTable)
                    table.Load(row);
            realm.SetLastOrdinal(rows.LastOrdinal);
        }
        return world;
    }

    private sealed class RealmRows(Realm realm)
    {
        public Tenant Tenant { get; } = realm.Tenant;

        public long LastOrdinal { get; } = realm.LastOrdinal;

        /// <summary>In the order of the realm's tables.</summary>
        public object[][] Tables { get; } = [.. realm.Tables.Select(table => table.ToArray())];
    }
}
