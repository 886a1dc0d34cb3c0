using System.Diagnostics;
using IoTJobsEmulator.Core.State;
using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Writes what turns have changed, and what the broker keeps, to SQLite, on a thread of its own: all entries that have arrived go in one transaction. With a
/// database file, answers wait for their commit. Without one, a temporary file is written behind them.
/// </summary>
/// <param name="options">Where the state is stored.</param>
/// <param name="inTurn">Runs an action as a turn of its own; used to roll back what could not be committed.</param>
/// <param name="log">Where failures are logged.</param>
public sealed class Journal(StorageOptions options, Action<Action> inTurn, ILogger<Journal> log) : IDisposable
{
    /// <summary>How many changes may wait for the temporary file, while others are written to it, before bulk work waits too.</summary>
    private const int BacklogLimit = 2_500;

    /// <summary>How many changes are worth a transaction in the temporary file at once: with fewer it waits for more.</summary>
    private const int WorthWriting = BacklogLimit / 2;

    /// <summary>
    /// How many changes of bulk work may wait for a database file while others are written to it, less than a step has: requests wait for both. Before
    /// SQLite begins it may be twice as many.
    /// </summary>
    private const int DurableAheadLimit = 60;

    /// <summary>How many changes may wait for a database file before callers are refused. Those of a caller who has gone wait too.</summary>
    private const int DurableBacklogLimit = 50_000;

    // Times of the machine, with no effect on results: opening the temporary file must not compete with the first answers, and a writer that waits
    // a little finds more entries for one transaction.
    private static readonly TimeSpan BeforeTheFirstWrite = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromMilliseconds(5);

    private readonly object _sync = new();
    private DatabaseLock? _lock;
    private DatabaseFile? _file;
    private Thread? _thread;
    private Batch _pending = new();
    private Batch? _writing;
    private BrokerChanges _unwrittenOfBroker = new();
    private bool _isClosing;
    private bool _isMemoryOnly;
    private bool _hasRefused;
    private bool _isLost;

    /// <summary>Whether the state survives the process, and so whether an answer waits until what it may have seen is committed.</summary>
    public bool IsDurable => options.DatabaseFile is not null;

    /// <summary>Opens the database file, if there is one, and fills the world from it, or else from the imported file. Answers the clock, if it was set.</summary>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public ClockState? Load(World world)
    {
        if (options.DatabaseFile is not { } path)
            return options.ImportedFile is { } imported ? StateFile.Import(imported, world) : null;
        try
        {
            _lock = DatabaseLock.Acquire(path);
            _file = _lock.OpenDatabase(what => log.LogWarning("{What}", what));
            var clock = _file.Load(world);
            _lock.MarkOpen();
            return clock;
        }
        catch (Exception exception)
        {
            Close();
            throw CannotRead(exception);
        }
    }

    /// <summary>Reads the rows of one of the broker's tables. Called after <see cref="Load"/> and before the first change.</summary>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public IReadOnlyList<TRow> Read<TRow>() where TRow : BrokerRow
    {
        try
        {
            return _file?.Read<TRow>() ?? [];
        }
        catch (Exception exception)
        {
            throw CannotRead(exception);
        }
    }

    /// <summary>Queues a row of the broker that was added or changed. It is never rolled back: what cannot be written is written later.</summary>
    /// <param name="row">The row.</param>
    /// <param name="isNew">Whether the file has no row with its key, unless one is queued.</param>
    public void Put(BrokerRow row, bool isNew = false) => Queue(new(row, IsNew: isNew));

    /// <summary>Queues the deletion of a row of the broker, of which only the key matters.</summary>
    public void Remove(BrokerRow row) => Queue(new(row, IsDeleted: true));

    /// <summary>Makes rows ready to be written by <see cref="Commit"/>: to be disposed of after the commit.</summary>
    /// <exception cref="StorageException">They cannot be written.</exception>
    public StagedRows Stage(WorldRows rows) => IsDurable ? StagedRows.InFile(rows) : StagedRows.InMemory(rows);

    /// <summary>Queues what a turn has changed. Called within the turn. The task says whether it was committed.</summary>
    public Task<bool> Commit(JournalEntry entry)
    {
        if (IsDurable && _file is null)
            throw new InvalidOperationException("The database must be loaded before the first turn.");
        lock (_sync)
        {
            if (_isMemoryOnly || _isClosing)
                return Task.FromResult(!IsDurable);
            StartOrWake();
            var isWorthWriting = _pending.Size >= WorthWriting;
            _pending.Add(entry);
            if (!isWorthWriting && _pending.Size >= WorthWriting)
                Monitor.PulseAll(_sync);
            return _pending.WhenWritten;
        }
    }

    /// <summary>Completes when everything queued so far is written, and says whether it was committed: what a turn that changed nothing may have seen.</summary>
    public Task<bool> WhenWritten
    {
        get
        {
            lock (_sync)
                return !_pending.IsEmpty ? _pending.WhenWritten : _writing?.WhenWritten ?? Task.FromResult(!_hasRefused);
        }
    }

    /// <summary>
    /// The same for rows of the broker, which are not rolled back: as long as some that could not be written wait for the next write, nothing
    /// is written, also when their write has failed before this is asked.
    /// </summary>
    public Task<bool> WhenBrokerWritten
    {
        get
        {
            lock (_sync)
                return _pending.IsEmpty && _writing is null && _unwrittenOfBroker.All.Count > 0 ? Task.FromResult(false) : WhenWritten;
        }
    }

    /// <summary>How many changes wait for SQLite, those that it writes now included.</summary>
    public int Backlog
    {
        get
        {
            lock (_sync)
                return _pending.Size + (_writing?.Size ?? 0);
        }
    }

    /// <summary>Whether so much waits for the database file, because it is locked or slow, that no turn may add to it.</summary>
    public bool IsFull => IsDurable && Volatile.Read(ref _pending).Size > DurableBacklogLimit;

    /// <summary>
    /// Completes at once unless the backlog is over its limit, else when what is before it is written, so that bulk work goes on while SQLite writes. Keeps
    /// the memory that bulk work takes bounded.
    /// </summary>
    public Task WhenCaughtUp
    {
        get
        {
            lock (_sync)
            {
                var limit = !IsDurable ? BacklogLimit : _writing is null ? 2 * DurableAheadLimit : DurableAheadLimit;
                return _pending.Size <= limit ? Task.CompletedTask : (_writing ?? _pending).WhenWritten;
            }
        }
    }

    /// <summary>Writes what is pending to a database file; a temporary file is removed.</summary>
    public void Dispose()
    {
        lock (_sync)
        {
            _isClosing = true;
            Monitor.PulseAll(_sync);
        }
        _thread?.Join();
        Close();
    }

    private void Queue(BrokerChange change)
    {
        lock (_sync)
        {
            if (_isClosing)
            {
                _hasRefused = true;
                return;
            }
            StartOrWake();
            _pending.Add(change);
        }
    }

    /// <summary>Has the thread write what is about to be added.</summary>
    private void StartOrWake()
    {
        if (_thread is null)
        {
            _thread = new(Run) { IsBackground = true, Name = "journal" };
            _thread.Start();
        }
        else if (_pending.IsEmpty)
            Monitor.PulseAll(_sync);
    }

    private void Run()
    {
        if (!IsDurable)
            WaitForMore(BeforeTheFirstWrite);
        var room = new Batch.MergeRoom();
        while (NextBatch() is { } batch)
        {
            if (TryWrite(batch, room))
                _file!.MakeCheckpointIfNeeded(); // the answers leave meanwhile
            room.Clear();
            if (!IsDurable)
                WaitForMore(BetweenWrites);
        }
    }

    private bool TryWrite(Batch batch, Batch.MergeRoom room)
    {
        try
        {
            (_file ??= DatabaseFile.CreateTemporary()).Write(batch.Merge(room));
            lock (_sync)
                _writing = null;
            batch.Complete(isCommitted: true);
            return true;
        }
        catch (Exception exception)
        {
            if (IsDurable)
                RollBack(batch, exception);
            else
                ContinueInMemory(batch, exception);
            return false;
        }
    }

    /// <summary>Waits until enough is pending, at most for a while.</summary>
    private void WaitForMore(TimeSpan atMost)
    {
        var since = Stopwatch.GetTimestamp();
        lock (_sync)
        {
            while (!_isClosing && _pending.Size < WorthWriting && atMost - Stopwatch.GetElapsedTime(since) is { TotalMilliseconds: >= 1 } left)
                Monitor.Wait(_sync, left);
        }
    }

    /// <summary>Waits for something to write. Null at the end, when a temporary file needs nothing more.</summary>
    private Batch? NextBatch()
    {
        lock (_sync)
        {
            while (_pending.IsEmpty && !_isClosing)
                Monitor.Wait(_sync);
            if (_pending.IsEmpty || (_isClosing && !IsDurable))
                return null;
            (_writing, _pending) = (_pending, new());
            _writing.AddFirst(_unwrittenOfBroker);
            _unwrittenOfBroker = new();
            return _writing;
        }
    }

    /// <summary>
    /// Returns the world to the last commit, in one turn. Turns that came while the batch was written have seen its changes, so they
    /// are rolled back too, the last first.
    /// </summary>
    private void RollBack(Batch batch, Exception cause)
    {
        // Each later write finds the file lost again.
        if (!_isLost)
            Log(LogLevel.Error, cause, "The database could not be written, so uncommitted changes are rolled back and answered with 503");
        _isLost = cause is StorageException;
        inTurn(() =>
        {
            Batch later;
            lock (_sync)
            {
                (later, _pending, _writing) = (_pending, new(), null);
                _unwrittenOfBroker = batch.UnwrittenOfBroker;
                _unwrittenOfBroker.AddAll(later.UnwrittenOfBroker);
            }
            later.RollBack();
            batch.RollBack();
            later.Complete(isCommitted: false);
            batch.Complete(isCommitted: false);
        });
    }

    /// <summary>Goes on without the temporary file, which nobody would load. Its disk space is freed.</summary>
    private void ContinueInMemory(Batch batch, Exception cause)
    {
        Log(LogLevel.Warning, cause, "The temporary file of the state could not be written, so the emulator keeps its state in memory only");
        Batch later;
        lock (_sync)
        {
            _isMemoryOnly = true;
            (later, _pending, _writing) = (_pending, new(), null);
        }
        batch.Complete(isCommitted: true);
        later.Complete(isCommitted: true);
        Close();
    }

    /// <summary>What fails while the indexes of a table are filled in parallel arrives in an AggregateException.</summary>
    private StorageException CannotRead(Exception cause) => cause as StorageException
        ?? new StorageException($"The database '{options.DatabaseFile}' cannot be read: {cause.GetBaseException().Message}", cause);

    /// <summary>Errors of SQLite and of the disk are logged without a stack trace.</summary>
    private void Log(LogLevel level, Exception cause, string what) =>
        log.Log(level, cause is SqliteException or IOException or StorageException ? null : cause, "{What}: {Cause}", what, cause.Message);

    private void Close()
    {
        // In this order: killed between the two, the -wal is there and has nothing.
        if (_lock is not null && _file?.TryFinish() == true)
            _lock.MarkClosed();
        _file?.Dispose();
        _file = null;
        _lock?.Dispose();
        _lock = null;
    }
}
