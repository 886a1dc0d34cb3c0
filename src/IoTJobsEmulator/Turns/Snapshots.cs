using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// Snapshots of the world by name, in memory until the process ends; a reset keeps them. Each is taken, and restored, in one turn. They are of all
/// accounts and regions, with the clock and the settings. MQTT sessions and messages, faults and the journal of requests are not in them.
/// </summary>
public sealed class Snapshots
{
    /// <summary>How many there can be.</summary>
    public const int MaxSnapshots = 100;

    /// <summary>How many rows there can be in all of them: each costs eight bytes, and its own size once the world does not have it any more.</summary>
    public const int MaxRows = 5_000_000;

    private readonly WorldReplacement _replacement;
    private readonly int _maxRows;
    private readonly Lock _sync = new();
    private readonly SortedDictionary<string, WorldSnapshot> _byName = new(StringComparer.Ordinal);

    public Snapshots(WorldReplacement replacement) : this(replacement, MaxRows)
    {
    }

    internal Snapshots(WorldReplacement replacement, int maxRows) => (_replacement, _maxRows) = (replacement, maxRows);

    /// <summary>All snapshots, in the order of their names.</summary>
    public IReadOnlyList<Snapshot> All
    {
        get
        {
            lock (_sync)
                return [.. _byName.Select(named => View(named.Key, named.Value))];
        }
    }

    /// <exception cref="ServiceException">ResourceNotFound: there is none of this name.</exception>
    public Snapshot Get(string name) => View(name, Find(name));

    /// <summary>Takes a snapshot, which replaces one of the same name. Completes when what is in it is committed.</summary>
    /// <exception cref="ServiceException">LimitExceeded: there are too many, or they have too many rows. Or the database could not be written.</exception>
    public async ValueTask<Snapshot> Take(string name)
    {
        var taken = await _replacement.TakeSnapshot();
        lock (_sync)
        {
            var others = _byName.Where(named => named.Key != name).Select(named => named.Value).ToList();
            if (others.Count >= MaxSnapshots)
                throw ServiceError.LimitExceeded.Because($"There can be {MaxSnapshots} snapshots at most.");
            var rows = others.Sum(other => (long)other.Rows.Count);
            if (rows + taken.Rows.Count > _maxRows)
                throw ServiceError.LimitExceeded.Because(
                    $"All snapshots together can have {_maxRows} rows: {name} would have {taken.Rows.Count}, and the others have {rows}.");
            _byName[name] = taken;
        }
        return View(name, taken);
    }

    /// <summary>Makes everything as it was in a snapshot, which stays. Completes when that is committed.</summary>
    /// <exception cref="ServiceException">ResourceNotFound: there is none of this name. Or the database could not be written, and nothing has changed.</exception>
    public async ValueTask<Snapshot> Restore(string name, CancellationToken aborted)
    {
        var snapshot = Find(name);
        await _replacement.Restore(snapshot, aborted);
        return View(name, snapshot);
    }

    /// <summary>Removes a snapshot, and answers it.</summary>
    /// <exception cref="ServiceException">ResourceNotFound: there is none of this name.</exception>
    public Snapshot Delete(string name)
    {
        lock (_sync)
        {
            var snapshot = Find(name);
            _byName.Remove(name);
            return View(name, snapshot);
        }
    }

    private WorldSnapshot Find(string name)
    {
        lock (_sync)
            return _byName.GetValueOrDefault(name) ?? throw ServiceError.ResourceNotFound.Because($"Snapshot {name} cannot be found.");
    }

    private static Snapshot View(string name, WorldSnapshot snapshot) => new(name, snapshot.TakenAt!.Value, snapshot.Clock.FrozenAt is not null, snapshot.Rows.Count);
}

/// <summary>A snapshot of the world.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Now">The emulator's time in it.</param>
/// <param name="IsFrozen">Whether the clock stands still in it.</param>
/// <param name="Rows">How many rows it has, of all accounts and regions.</param>
public sealed record Snapshot(string Name, Moment Now, bool IsFrozen, int Rows);
