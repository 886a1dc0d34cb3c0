using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>All that a reset clears, so that a reset that cannot be committed can be rolled back. Taken and restored within a turn.</summary>
internal sealed class WorldSnapshot
{
    private readonly World _world;
    private readonly EmulatorClock _clock;
    private readonly Settings _settings;
    private readonly ClockState _clockState;
    private readonly RealmRows[] _realms;

    public WorldSnapshot(World world, EmulatorClock clock)
    {
        (_world, _clock, _settings, _clockState) = (world, clock, world.Settings, clock.State);
        _realms = [.. world.Realms.Select(realm => new RealmRows(realm))];
    }

    public void Restore()
    {
        _world.Clear();
        foreach (var realm in _realms)
            realm.Restore();
        _world.Settings = _settings;
        _clock.Restore(_clockState);
    }

    private sealed class RealmRows(Realm realm)
    {
        private readonly long _lastOrdinal = realm.NextOrdinal();
        private readonly (ITable Table, object[] Rows)[] _tables = [.. realm.Tables.Select(table => (table, table.Rows.ToArray()))];

        public void Restore()
        {
            foreach (var (table, rows) in _tables)
                foreach (var row in rows)
                    table.Load(row);
            realm.OrdinalsWereUsedUpTo(_lastOrdinal);
        }
    }
}
