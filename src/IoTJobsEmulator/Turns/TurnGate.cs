using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// The only door to the world, for reading as for writing: one turn at a time, whole or not at all. A turn takes microseconds and
/// never awaits, so the gate is a plain lock. With a database file an answer leaves when what it may have seen is committed.
/// The clock is set in TurnGate.Clock.cs, due work done in TurnGate.DueWork.cs.
/// </summary>
public sealed partial class TurnGate : IDisposable
{
    private readonly Gate _gate = new();
    private readonly World _world;
    private readonly EmulatorClock _clock;
    private readonly Journal _journal;
    private readonly Settings _settingsAtStart;
    private readonly ConcurrentDictionary<(string Account, string Region), Realm> _realms = [];
    private readonly Outbox _told;
    private readonly Func<Realm, Moment?> _nextDue;
    private readonly Func<World, Realm?> _doDueWork;

    public TurnGate(World world, EmulatorClock clock, Journal journal, ILogger<TurnGate> log)
        : this(world, clock, journal, log, DueWork.NextDue, DueWork.Step)
    {
    }

    internal TurnGate(
        World world, EmulatorClock clock, Journal journal, ILogger log, Func<Realm, Moment?> nextDue, Func<World, Realm?> doDueWork)
    {
        (_world, _clock, _journal, _nextDue, _doDueWork) = (world, clock, journal, nextDue, doDueWork);
        _settingsAtStart = world.Settings;
        _told = new(log);
        journal.InOneTurn = action => InTurn(() =>
        {
            action();
            WakeSleeper();
        });
    }

    /// <summary>Hears what each turn changed, in order, each after its commit. Added before the first turn.</summary>
    public event Action<TurnEnded>? Ended;

    public Settings Settings => _world.Settings;

    /// <summary>Fills the world and sets the clock as the database file has them. Before the first turn.</summary>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public void Load() => InTurn(() =>
    {
        if (_journal.Load(_world) is { } clock)
            _clock.Restore(clock);
    });

    /// <summary>
    /// Takes a turn in a realm. What throws leaves no trace, and is thrown on: after the commit of what it may have seen, as an
    /// answer would be.
    /// </summary>
    public ValueTask<T> Take<T>(Realm realm, Func<T> turn)
    {
        T answer = default!;
        ExceptionDispatchInfo? refusal = null;
        Task<bool> committed;
        _gate.Enter();
        try
        {
            try
            {
                _world.Now = _clock.Now;
                answer = turn();
                committed = HandIn(realm);
            }
            catch (Exception exception)
            {
                realm.Undo();
                refusal = ExceptionDispatchInfo.Capture(exception);
                committed = _journal.Written;
            }
        }
        finally
        {
            _gate.Leave();
        }
        _told.Tell();
        return _journal.IsKept ? AfterCommit() : Answer();

        async ValueTask<T> AfterCommit()
        {
            await Committed(committed);
            refusal?.Throw();
            return answer;
        }

        ValueTask<T> Answer()
        {
            refusal?.Throw();
            return new(answer);
        }
    }

    /// <summary>The realm of an account and region, which is there as soon as it is asked for.</summary>
    public Realm RealmOf(string account, string region) =>
        _realms.TryGetValue((account, region), out var realm)
            ? realm
            : _realms.GetOrAdd((account, region), InTurn(() => _world.Realm(account, region)));

    /// <summary>Where an unsigned device belongs: to the fallback if that has its thing, else to the one realm that has it.</summary>
    public Realm RealmHavingThing(string thingName, Realm fallback) => InTurn(() =>
    {
        if (fallback.Things.Find(thingName) is not null)
            return fallback;
        Realm[] having = [.. _world.Realms.Where(realm => realm.Things.Find(thingName) is not null).Take(2)];
        return having is [var only] ? only : fallback;
    });

    /// <summary>Changes what can change while the emulator runs. Settings are not remembered: a restart begins with those it is given.</summary>
    public ValueTask<Settings> ChangeSettings(Func<Settings, Settings> change) =>
        new(InTurn(() => _world.Settings = change(_world.Settings)));

    /// <summary>Everything becomes as it was at the start: no rows, the machine's time, the first settings. What waits to be told is forgotten.</summary>
    public async ValueTask Reset() => await Committed(InTurn(() =>
    {
        var (settings, clock) = (_world.Settings, _clock.State);
        // Only a database file can refuse the reset, and only then must the rows be known.
        var rows = _journal.IsKept ? _world.Realms.Select(Kept).ToArray() : [];
        _world.Clear();
        _world.Settings = _settingsAtStart;
        _clock.Restore(ClockState.OfTheMachine);
        _world.Now = _clock.Now;
        _resets++;
        var committed = _journal.HandIn(new() { StartsAfresh = true, Clock = _clock.State, TakeBack = TakeBack });
        _told.Forget();
        Tell(committed, new(null, _world.Now, [], []));
        WakeSleeper();
        return committed;

        void TakeBack()
        {
            _world.Clear();
            foreach (var putBack in rows)
                putBack();
            _world.Settings = settings;
            _clock.Restore(clock);
        }
    }));

    public void Dispose() => _clockCalls.Dispose();

    /// <summary>Completes when all turns so far are committed, and told to whoever listens.</summary>
    public async ValueTask Quiet()
    {
        await InTurn(() => _journal.Written);
        await _told.Told();
    }

    private static async ValueTask Committed(Task<bool> committed)
    {
        if (!await committed)
            throw ServiceError.ServiceUnavailable.Because("The database could not be written. Nothing has changed.");
    }

    /// <summary>How to fill an emptied realm again.</summary>
    private static Action Kept(Realm realm)
    {
        var lastOrdinal = realm.NextOrdinal();
        (ITable Table, object[] Rows)[] tables = [.. realm.Tables.Select(table => (table, table.Rows.ToArray()))];
        return () =>
        {
            foreach (var (table, rows) in tables)
                foreach (var row in rows)
                    table.Load(row);
            realm.OrdinalsWereUsedUpTo(lastOrdinal);
        };
    }

    /// <summary>Ends a turn that went well: its changes go to the journal and to whoever listens.</summary>
    private Task<bool> HandIn(Realm realm, ClockState? clock = null, Action? takeBack = null, Action<Task<bool>>? before = null)
    {
        if (realm.Changes.Count == 0 && clock is null)
        {
            before?.Invoke(_journal.Written);
            return _journal.Written;
        }
        if (clock is not null)
            WakeSleeper();
        else
            WakeSleeperFor(realm);
        // What is announced follows from the changes and from the indexes as they stand now, at the end of the turn.
        IReadOnlyList<Announcement> announcements = Ended is null ? [] : Announcements.Of(realm, realm.Changes);
        var changes = realm.TakeChanges();
        var committed = _journal.HandIn(new() { Changes = changes, Clock = clock, TakeBack = takeBack });
        before?.Invoke(committed);
        Tell(committed, new(realm, _world.Now, changes, announcements) { EventConfiguration = realm.EventConfigurations.Find(true) });
        return committed;
    }

    private void Tell(Task<bool> committed, TurnEnded ended)
    {
        if (Ended is { } listeners)
            _told.Add(_journal.IsKept ? committed : Task.FromResult(true), () => listeners(ended));
    }

    private T InTurn<T>(Func<T> turn)
    {
        T answer;
        _gate.Enter();
        try
        {
            _world.Now = _clock.Now;
            answer = turn();
        }
        finally
        {
            _gate.Leave();
        }
        _told.Tell();
        return answer;
    }

    private void InTurn(Action turn) => InTurn(() =>
    {
        turn();
        return true;
    });
}
