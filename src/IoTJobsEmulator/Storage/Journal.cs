using IoTJobsEmulator.Core.State;
using Microsoft.Data.Sqlite;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Carries what turns have changed to SQLite, on a thread of its own: whatever has gathered goes in one transaction. With a
/// database file answers wait for their commit; without one a private file is written behind them.
/// </summary>
public sealed class Journal(StorageOptions options, ILogger<Journal> log) : IDisposable
{
    /// <summary>How far the private file may lag behind before fleet-sized work waits for it.</summary>
    public const int BacklogLimit = 5_000;

    // Machine time, seen by nobody: EF's start must not compete with the first answers, and a writer that waits a little gathers more.
    private static readonly TimeSpan BeforeTheFirstWrite = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromMilliseconds(5);

    private readonly object _sync = new();
    private readonly ManualResetEventSlim _closed = new();
    private DatabaseClaim? _claim;
    private DatabaseFile? _file;
    private Thread? _thread;
    private Batch _gathering = new();
    private Batch? _writing;
    private bool _isClosing;
    private bool _hasGivenUp;

    /// <summary>Whether an answer waits until what it may have seen is committed.</summary>
    public bool IsKept => options.DatabaseFile is not null;

    /// <summary>Runs an action as a turn of its own. Set by the gate, needed when a commit fails.</summary>
    public Action<Action> InOneTurn { get; set; } = action => action();

    /// <summary>Opens the database file, if there is one, and fills the world from it. Answers the clock, if it was set.</summary>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public ClockState? Load(World world)
    {
        if (options.DatabaseFile is not { } path)
            return null;
        try
        {
            _claim = DatabaseClaim.To(path);
            _file = _claim.Open();
            return _file.Load(world);
        }
        catch (Exception exception)
        {
            Close();
            // The parts of a table are filed at once, and what fails there comes wrapped.
            throw exception as StorageException ?? new StorageException($"The database '{path}' cannot be read: {exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>Takes what a turn has changed. Called within the turn. The task says whether it was committed.</summary>
    public Task<bool> HandIn(Entry entry)
    {
        if (IsKept && _file is null)
            throw new InvalidOperationException("The database must be loaded before the first turn.");
        lock (_sync)
        {
            if (_hasGivenUp || _isClosing)
                return Task.FromResult(!IsKept);
            if (_thread is null)
                Start();
            if (_gathering.IsEmpty)
                Monitor.PulseAll(_sync);
            _gathering.Add(entry);
            return _gathering.Written;
        }
    }

    /// <summary>Says whether everything handed in so far was committed: what a turn that changed nothing may have seen.</summary>
    public Task<bool> Written
    {
        get
        {
            lock (_sync)
                return !_gathering.IsEmpty ? _gathering.Written : _writing?.Written ?? Task.FromResult(true);
        }
    }

    /// <summary>What fleet-sized work waits for without a database file, so that memory does not grow with the backlog.</summary>
    public Task Caught
    {
        get
        {
            lock (_sync)
                return _gathering.Size > BacklogLimit ? _gathering.Written : Task.CompletedTask;
        }
    }

    /// <summary>Writes what is left to a file that is kept; a private file goes.</summary>
    public void Dispose()
    {
        lock (_sync)
        {
            _isClosing = true;
            Monitor.PulseAll(_sync);
        }
        _closed.Set();
        _thread?.Join();
        Close();
        _closed.Dispose();
    }

    private void Start()
    {
        _thread = new(Run) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    private void Run()
    {
        if (!IsKept)
            _closed.Wait(BeforeTheFirstWrite);
        while (NextBatch() is { } batch)
        {
            try
            {
                (_file ??= DatabaseFile.Private()).Write(batch.Total());
                lock (_sync)
                    _writing = null;
                batch.End(isCommitted: true);
            }
            catch (Exception exception)
            {
                if (IsKept)
                    TakeBack(batch, exception);
                else
                    GiveUp(batch, exception);
            }
            if (!IsKept)
                _closed.Wait(BetweenWrites);
        }
    }

    /// <summary>Waits for something to write. Null at the end, which leaves a private file as it is.</summary>
    private Batch? NextBatch()
    {
        lock (_sync)
        {
            while (_gathering.IsEmpty && !_isClosing)
                Monitor.Wait(_sync);
            if (_gathering.IsEmpty || (_isClosing && !IsKept))
                return null;
            (_writing, _gathering) = (_gathering, new());
            return _writing;
        }
    }

    /// <summary>
    /// The world becomes what was last committed, in one turn: turns that came while the batch was written have seen it, so they are
    /// taken back too, last first.
    /// </summary>
    private void TakeBack(Batch batch, Exception cause)
    {
        Log(LogLevel.Error, cause, "The database could not be written, so what was not committed is taken back and answered with 503");
        InOneTurn(() =>
        {
            Batch gathered;
            lock (_sync)
                (gathered, _gathering, _writing) = (_gathering, new(), null);
            gathered.Undo();
            batch.Undo();
            gathered.End(isCommitted: false);
            batch.End(isCommitted: false);
        });
    }

    /// <summary>Memory goes on without the private file, which nobody would load; the space that it took is free again.</summary>
    private void GiveUp(Batch batch, Exception cause)
    {
        Log(LogLevel.Warning, cause, "The private file of the state could not be written, so the emulator goes on in memory alone");
        Batch gathered;
        lock (_sync)
        {
            _hasGivenUp = true;
            (gathered, _gathering, _writing) = (_gathering, new(), null);
        }
        batch.End(isCommitted: true);
        gathered.End(isCommitted: true);
        Close();
    }

    /// <summary>What SQLite or the disk says needs no stack; anything else is a fault of ours.</summary>
    private void Log(LogLevel level, Exception cause, string what) =>
        log.Log(level, cause is SqliteException or IOException ? null : cause, "{What}: {Cause}", what, cause.Message);

    private void Close()
    {
        _file?.Dispose();
        _file = null;
        _claim?.Dispose();
        _claim = null;
    }
}
