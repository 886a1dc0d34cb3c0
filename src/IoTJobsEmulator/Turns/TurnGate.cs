using System.Diagnostics;
using System.Runtime.ExceptionServices;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// The only access to the world, for reading as for writing: one turn at a time, whole or not at all. A turn takes microseconds and
/// never awaits, so the gate is a plain lock. With a database file an answer leaves when what it may have seen is committed.
/// <see cref="ClockControl"/> sets the clock and <see cref="DueWorkRunner"/> does due work, both in turns of this gate.
/// </summary>
public sealed class TurnGate : IDisposable
{
    private readonly TurnLock _lock = new();
    private readonly World _world;
    private readonly EmulatorClock _clock;
    private readonly Outbox _outbox;
    private readonly TurnCommitter _committer;

    public TurnGate(World world, EmulatorClock clock, StorageOptions storage, ILoggerFactory logs)
        : this(world, clock, storage, logs, DueWork.NextDue)
    {
    }

    /// <param name="world">The world, empty, with the settings of the start.</param>
    /// <param name="clock">The emulator's clock.</param>
    /// <param name="storage">Where the state is stored.</param>
    /// <param name="logs">Loggers of the gate and of the journal.</param>
    /// <param name="nextDue">When the next work of a realm is due.</param>
    internal TurnGate(World world, EmulatorClock clock, StorageOptions storage, ILoggerFactory logs, Func<Realm, Moment?> nextDue)
    {
        var log = logs.CreateLogger<TurnGate>();
        (_world, _clock, SettingsAtStart) = (world, clock, world.Settings);
        (_outbox, Alarm) = (new(Resets, log), new(clock, nextDue));
        Journal = new(storage, RollBackInTurn, logs.CreateLogger<Journal>());
        _committer = new(Journal, _outbox, new(log), Resets, clock, Alarm);
    }

    /// <summary>Counts resets and restores: see <see cref="ResetCounter"/>.</summary>
    public ResetCounter Resets { get; } = new();

    public Settings Settings => _world.Settings;

    internal Settings SettingsAtStart { get; }

    /// <summary>
    /// Whether listeners may put announcements in the database file. Then the answer of a turn waits until that is written, so that the
    /// notifications of an answered request are not lost either.
    /// </summary>
    public Func<bool> KeepsAnnouncements
    {
        get => _committer.KeepsAnnouncements;
        set => _committer.KeepsAnnouncements = value;
    }

    /// <summary>Where the spans of turns begin, each a child of its request's; null when there are none.</summary>
    public ActivitySource? Spans { get; set; }

    internal Journal Journal { get; }

    internal DueWorkAlarm Alarm { get; }

    /// <summary>Says how simulated devices call operations, which they do in turns of due work. Called before the first turn.</summary>
    public void CallForDevices(DeviceOperations operations) => _world.Devices = operations;

    /// <summary>Fills the world and sets the clock from the database file or the imported one. Called before the first turn.</summary>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public void Load() => InTurn(world =>
    {
        if (Journal.Load(world) is { } clock)
            _clock.Restore(clock);
        return true;
    });

    /// <summary>
    /// Adds a listener. It is called after the commit of each turn that changed something, in the order of the turns, by one thread
    /// at a time. It must only enqueue: while it runs no other listener is called, no device is answered, and the thread of a request
    /// may be held up, so it must not block, wait or take a turn. What it throws is logged.
    /// </summary>
    public void AddListener(Action<TurnEnded> listener) => _committer.AddListener(listener);

    /// <summary>
    /// Takes a turn in a realm. A turn that throws changes nothing, and its exception is thrown on: with a database file after the
    /// commit of what the turn may have seen, like an answer.
    /// </summary>
    /// <exception cref="ServiceException">The turn threw it, or its changes could not be committed (ServiceUnavailable).</exception>
    public ValueTask<T> Take<T>(Realm realm, Func<T> turn)
    {
        var outcome = Run(realm, turn, delivery: null);
        _outbox.DeliverReady();
        if (Journal.IsDurable)
            return AfterCommit(outcome);
        outcome.Refusal?.Throw();
        return new(outcome.Answer);
    }

    /// <summary>
    /// Takes a turn whose answer is delivered through the outbox: after its commit, and before what the same turn announces. A turn
    /// that throws changes nothing. Completes when the next turn may be taken.
    /// </summary>
    /// <param name="realm">The realm of the turn.</param>
    /// <param name="turn">Answers, or throws.</param>
    /// <param name="refuse">Makes the answer from the exception; called within the turn, or when the turn could not be committed.</param>
    /// <param name="send">Sends the answer. It must only enqueue, like a listener.</param>
    public ValueTask TakeAndDeliver<T>(Realm realm, Func<T> turn, Func<Exception, T> refuse, Action<T> send)
    {
        Run(realm, turn, new(refuse, send));
        _outbox.DeliverReady();
        return new(_outbox.WhenCaughtUp());
    }

    /// <summary>
    /// Takes one of many turns of bulk work: after the requests that wait for theirs, and without waiting for its commit. A turn that throws
    /// changes nothing.
    /// </summary>
    /// <param name="realm">The realm of the turn.</param>
    /// <param name="turn">Runs within the turn.</param>
    /// <param name="commits">Gets the commit, for <see cref="WhenCaughtUp(PendingCommits)"/> every thousand turns or so.</param>
    internal T TakeAhead<T>(Realm realm, Func<T> turn, PendingCommits commits)
    {
        var outcome = Run(realm, turn, delivery: null, afterWaiters: true);
        _outbox.DeliverReady();
        outcome.Refusal?.Throw();
        commits.Add(outcome.Committed);
        return outcome.Answer;
    }

    /// <summary>Whether no account and region has any rows.</summary>
    public bool IsEmpty => InTurn(world => world.Realms.Count == 0);

    /// <summary>The realm of an account and region. One without rows is kept only as long as a caller holds it.</summary>
    public Realm RealmOf(string account, string region) => _world.Realm(account, region);

    /// <summary>The realm for a device that names none: the fallback if that has the thing, else the only realm that has it, else the fallback.</summary>
    public Realm RealmHavingThing(string thingName, Realm fallback) => ReferenceEquals(_world.Only, fallback) ? fallback : FindRealmHavingThing(thingName, fallback);

    private Realm FindRealmHavingThing(string thingName, Realm fallback) => InTurn(world =>
    {
        if (fallback.Things.Find(thingName) is not null)
            return fallback;
        return world.HavingThing(thingName).Take(2).ToList() is [var only] ? only : fallback;
    });

    /// <summary>Changes what can change while the emulator runs. Settings are not stored: a restart begins with those of its start.</summary>
    public ValueTask<Settings> ChangeSettings(Func<Settings, Settings> change) => new(InTurn(world => world.Settings = change(world.Settings)));

    /// <summary>Makes a delivery after those of the turns so far, unless a reset comes before it. It must only enqueue, like a listener.</summary>
    internal void Deliver(Action delivery) => InTurn(_ =>
    {
        _committer.Deliver(delivery);
        return true;
    });

    /// <summary>
    /// Makes a delivery after those of the turns so far, whatever becomes of them. It is made by a thread of the pool and no turn is taken, so that the caller may
    /// have a lock that listeners need.
    /// </summary>
    internal void DeliverOnPool(Action delivery)
    {
        _committer.DeliverAlways(delivery);
        ThreadPool.UnsafeQueueUserWorkItem(static outbox => outbox.DeliverReady(), _outbox, preferLocal: false);
    }

    /// <summary>Takes a turn that replaces the whole world. Announcements that wait are dropped, and devices hear nothing of it.</summary>
    /// <param name="replace">Replaces the rows, the settings and the clock, and answers what the journal stores of it. It must not throw after it has changed something.</param>
    internal Task<bool> Replace(Func<World, JournalEntry> replace) => InTurn(world =>
    {
        var entry = replace(world);
        world.Now = _clock.Now;
        return _committer.CommitReplacement(entry, world.Now);
    });

    /// <summary>Completes when the listeners know of all turns so far.</summary>
    internal Task WhenDelivered => _outbox.WhenDelivered();

    /// <summary>Refuses a turn that would change something while too many changes wait for the database.</summary>
    /// <exception cref="ServiceException">ServiceUnavailable: too many changes wait.</exception>
    internal void EnsureJournalHasRoom()
    {
        if (Journal.IsFull)
            throw ServiceError.ServiceUnavailable.Because("Too many changes wait for the database.");
    }

    /// <summary>With a database file, completes when everything up to now is committed: what an answer without a turn may have seen or done.</summary>
    /// <exception cref="ServiceException">The database could not be written.</exception>
    public ValueTask WhenCommitted() => Journal.IsDurable ? EnsureCommitted(Journal.WhenWritten) : default;

    /// <summary>With a database file, completes when the turns so far are committed, or could not be.</summary>
    internal Task WhenStored => Journal.IsDurable ? Journal.WhenWritten : Task.CompletedTask;

    /// <summary>Completes when all turns so far are committed and their answers and announcements delivered.</summary>
    public async ValueTask WhenIdle()
    {
        await InTurn(_ => Journal.WhenWritten);
        await _outbox.WhenDelivered();
    }

    public void Dispose() => Journal.Dispose();

    /// <summary>Runs a function as a turn of no particular realm. It must not throw after it has changed something.</summary>
    /// <param name="turn">Runs within the turn.</param>
    /// <param name="afterWaiters">Whether the requests that wait for their turn go first.</param>
    internal T InTurn<T>(Func<World, T> turn, bool afterWaiters = false)
    {
        T answer;
        if (afterWaiters)
            _lock.EnterAfterWaiters();
        else
            _lock.Enter();
        try
        {
            _world.Now = _clock.Now;
            answer = turn(_world);
        }
        finally
        {
            _lock.Exit();
        }
        _outbox.DeliverReady();
        return answer;
    }

    /// <summary>Hands what the turn has changed, the clock included, to the journal and the outbox. Called last within a turn.</summary>
    /// <param name="realm">The realm that was changed, or null.</param>
    /// <param name="clockBefore">The state of the clock before the turn.</param>
    /// <param name="span">The span of the turn; null when nobody follows it.</param>
    internal Task<bool> Commit(Realm? realm, ClockState clockBefore, Activity? span = null) => _committer.Commit(realm, clockBefore, span);

    /// <summary>Completes when bulk work may go on: after the commit with a database file, else when the backlogs are short.</summary>
    internal async ValueTask WhenCaughtUp(Task<bool> committed)
    {
        if (Journal.IsDurable)
            await EnsureCommitted(committed);
        else
            await Journal.WhenCaughtUp;
        await _outbox.WhenCaughtUp();
    }

    /// <summary>Completes when bulk work may go on: after all of its commits with a database file, else when the backlogs are short.</summary>
    /// <exception cref="ServiceException">The database could not be written, and what was not committed is undone.</exception>
    internal async ValueTask WhenCaughtUp(PendingCommits commits)
    {
        if (Journal.IsDurable)
            await commits.EnsureMade();
        else
            await Journal.WhenCaughtUp;
        await _outbox.WhenCaughtUp();
    }

    /// <summary>
    /// Completes when the next of many turns may be taken ahead of the commits of those before: when others had their chance, and no backlog is long.
    /// </summary>
    internal async ValueTask WhenMayGoOn()
    {
        await Journal.WhenCaughtUp;
        await _outbox.WhenCaughtUp();
        // Requests go first that wait for a processor, and those that wait for a thread of the pool, which begins with as many as there are processors.
        Thread.Yield();
        await Task.Yield();
    }

    internal static async ValueTask EnsureCommitted(Task<bool> committed)
    {
        if (!await committed)
            throw TurnCommitter.NotCommitted();
    }

    private static async ValueTask<T> AfterCommit<T>(Outcome<T> outcome)
    {
        if (!await outcome.Committed)
            throw TurnCommitter.NotCommitted();
        outcome.Refusal?.Throw();
        return outcome.Answer;
    }

    private Outcome<T> Run<T>(Realm realm, Func<T> turn, AnswerDelivery<T>? delivery, bool afterWaiters = false)
    {
        using var span = Spans?.StartActivity("turn");
        if (afterWaiters)
            _lock.EnterAfterWaiters();
        else
            _lock.Enter();
        span?.AddEvent(new("began"));
        try
        {
            _world.Now = _clock.Now;
            try
            {
                var answer = turn();
                if (realm.Changes.Count > 0)
                    EnsureJournalHasRoom();
                return new(answer, null, _committer.Commit(realm, answer, delivery, span));
            }
            catch (Exception exception)
            {
                realm.Undo();
                return new(default!, ExceptionDispatchInfo.Capture(exception), _committer.Refuse(exception, delivery));
            }
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>The journal's way back into a turn, when a commit has failed.</summary>
    private void RollBackInTurn(Action rollBack) => InTurn(_ =>
    {
        rollBack();
        Alarm.Wake();
        return true;
    });

    /// <summary>What came of a turn: its answer or its exception, and the commit that either waits for.</summary>
    private readonly record struct Outcome<T>(T Answer, ExceptionDispatchInfo? Refusal, Task<bool> Committed);
}
