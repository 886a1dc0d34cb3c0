using IoTJobsEmulator.Core.State;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>The rows in an SQLite file, which prepared statements made from its columns read and write.</summary>
internal sealed class DatabaseFile : IDisposable
{
    private const string Staged = "staged";

    /// <summary>
    /// After how many rows others may have the processor, while a temporary file is written: without it a batch would keep it for some milliseconds. For
    /// the commit of a batch in another file answers wait.
    /// </summary>
    private const int RowsInOneGo = 8;

    private readonly DatabaseConnection _connection;
    private readonly WriteStatement _begin, _commit, _rollback, _setClock;
    private readonly Dictionary<Type, RowWriter> _writers = [];
    private DirectoryInfo? _deleteAtEnd;
    private bool _isTemporary;
    private DatabaseWatch? _watch;
    private Checkpoints? _checkpoints;
    private string? _examinedAs;

    private DatabaseFile(DatabaseConnection connection)
    {
        _connection = connection;
        try
        {
            (_begin, _commit, _rollback) = (new(connection.Handle, "BEGIN IMMEDIATE"), new(connection.Handle, "COMMIT"), new(connection.Handle, "ROLLBACK"));
            _setClock = new(connection.Handle, """INSERT OR REPLACE INTO "Clock" ("Id", "OffsetMilliseconds", "FrozenAt") VALUES (1, ?, ?)""");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that survives the process: what was committed is there after kill -9 (WAL; NORMAL syncs at checkpoints only).</summary>
    /// <param name="file">
    /// The file, open; if it is empty, the tables are made. It must be closed after this database, because POSIX has a process lose all locks on a
    /// file with the first descriptor that it closes.
    /// </param>
    /// <param name="waits">Called with a sentence when a lock of another process is waited for.</param>
    public static DatabaseFile Open(FileStream file, Action<string> waits)
    {
        var isNew = RandomAccess.GetLength(file.SafeFileHandle) == 0;
        var connection = new DatabaseConnection(file.Name, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0", waits);
        return new(connection) { _examinedAs = isNew ? null : $"The database '{file.Name}'", _watch = new(connection, file), _checkpoints = new(connection, file) };
    }

    /// <summary>
    /// Opens a file that no other process has, to be read or written once, with no SQLite journal and no syncs. One that is not there is created,
    /// for its owner only.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="examinedAs">The subject of the sentence that says how it is damaged, for which it is examined while it is loaded; null for a new file.</param>
    public static DatabaseFile OpenPrivate(string path, string? examinedAs = null)
    {
        PrivateFile.Open(path, FileShare.ReadWrite).Dispose();
        return new(new(path, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")) { _examinedAs = examinedAs };
    }

    /// <summary>
    /// Creates a file that is never loaded, with no SQLite journal, no syncs and no other readers. Where the system allows it, the open
    /// file is deleted at once, so that nothing stays behind even after kill -9.
    /// </summary>
    public static DatabaseFile CreateTemporary()
    {
        var folder = Directory.CreateTempSubdirectory("iot-jobs-emulator-");
        try
        {
            var path = Path.Combine(folder.FullName, "state.db");
            PrivateFile.Open(path, FileShare.ReadWrite).Dispose();
            var file = new DatabaseFile(new(path, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE")) { _isTemporary = true };
            if (OperatingSystem.IsWindows())
                file._deleteAtEnd = folder;
            else
                folder.Delete(recursive: true);
            return file;
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public string FilePath => _connection.Path;

    /// <summary>Whether it has the emulator's tables and nothing else: no view, no computed column that takes the place of rows.</summary>
    public bool HasOwnTablesOnly
    {
        get
        {
            using var created = new DatabaseConnection(":memory:", "PRAGMA synchronous = OFF");
            return created.Schema == _connection.Schema;
        }
    }

    /// <summary>
    /// Fills an empty world with every row. Answers the clock, or null if it was never set. Meanwhile another thread has SQLite examine the
    /// whole file, which takes a fraction of the time that the load takes.
    /// </summary>
    /// <exception cref="StorageException">The file is damaged.</exception>
    public ClockState? Load(World world)
    {
        var examination = _examinedAs is not null
            ? Task.Factory.StartNew(() => DatabaseConnection.FindDamage(_connection.Path), default, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Task.FromResult<string?>(null);
        ClockState? clock;
        try
        {
            clock = LoadRows(world);
        }
        catch (Exception exception) when (examination.GetAwaiter().GetResult() is { } cause)
        {
            throw IsDamaged(cause, exception);
        }
        if (examination.GetAwaiter().GetResult() is { } damage)
            throw IsDamaged(damage);
        _watch?.Begin();
        return clock;
    }

    /// <summary>Every row of one of the broker's tables, in no order.</summary>
    public IReadOnlyList<TRow> Read<TRow>() where TRow : BrokerRow
    {
        using var reader = new RowReader<TRow>(StoredTables.TableOf(typeof(TRow)), _connection.Handle, new());
        var rows = new List<TRow>();
        while (reader.Next())
            rows.Add(reader.Row);
        return rows;
    }

    /// <summary>Writes a batch in one transaction, whole or not at all.</summary>
    public void Write(Batch.NetEffect batch)
    {
        if (batch.Replacement?.Path is not { } path)
        {
            InTransaction(() => WriteInTransaction(batch));
            return;
        }
        using var staged = _connection.Attach(path, Staged);
        InTransaction(() => WriteInTransaction(batch));
    }

    private void WriteInTransaction(Batch.NetEffect batch)
    {
        if (batch.IsReset)
            Empty(StoredTables.TableNames);
        if (batch.Replacement is { } replacement)
        {
            Empty(StoredTables.OfRealms.Select(table => table.Name));
            if (replacement.Path is null)
                Put(replacement.Rows);
            else
                CopyStaged();
        }
        var rows = 0;
        foreach (var (table, before, after) in batch.Rows)
        {
            if (_isTemporary && ++rows % RowsInOneGo == 0)
                Thread.Yield();
            if (after is not null)
                WriterOf(table.RowType).Upsert(table.Realm.Tenant, after);
            else if (before is not null)
                WriterOf(table.RowType).Delete(table.Realm.Tenant, before);
        }
        foreach (var (row, isDeleted, _) in batch.Broker)
            if (isDeleted)
                WriterOf(row.GetType()).Delete(null, row);
            else
                WriterOf(row.GetType()).Upsert(null, row);
        if (batch.Clock is { } clock)
            SetClock(clock);
    }

    /// <summary>Writes a world into a file that has no rows.</summary>
    public void Write(WorldRows world, ClockState clock) => InTransaction(() =>
    {
        Put(world);
        SetClock(clock);
    });

    /// <inheritdoc cref="Checkpoints.MakeIfNeeded"/>
    public void MakeCheckpointIfNeeded() => _checkpoints?.MakeIfNeeded();

    /// <summary>Copies all that was committed from the <c>-wal</c> to the file itself, unless it was harmed. Answers whether that succeeded.</summary>
    public bool TryFinish()
    {
        _checkpoints?.Dispose();
        return _watch?.TryFinish() ?? false;
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values)
            writer.Dispose();
        foreach (var statement in new[] { _begin, _commit, _rollback, _setClock })
            statement.Dispose();
        _checkpoints?.Dispose();
        _watch?.Dispose();
        _connection.Dispose();
        _deleteAtEnd?.Delete(recursive: true);
    }

    private StorageException IsDamaged(string damage, Exception? cause = null) => new($"{_examinedAs} is damaged: {damage}. It was left as it is.", cause);

    private void InTransaction(Action write)
    {
        _watch?.ThrowIfHarmed();
        _connection.WhenUnlocked(_begin.Run);
        try
        {
            write();
            foreach (var writer in _writers.Values)
                writer.Flush();
            _commit.Run();
            _watch?.ThrowIfHarmed();
        }
        catch
        {
            foreach (var writer in _writers.Values)
                writer.Forget();
            // On a full disk SQLite has rolled back already.
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                _rollback.Run();
            throw;
        }
    }

    private void Put(WorldRows world)
    {
        foreach (var (tenant, rows) in world.Tables)
        {
            var writer = WriterOf(rows[0].GetType());
            foreach (var row in rows)
                writer.Upsert(tenant, row);
        }
    }

    /// <summary>SQLite copies the content of an empty table from one of the same form without looking into the rows.</summary>
    private void CopyStaged()
    {
        foreach (var table in StoredTables.OfRealms)
            _connection.Run($"""INSERT INTO main."{table.Name}" SELECT * FROM {Staged}."{table.Name}" """);
    }

    private void Empty(IEnumerable<string> tables)
    {
        foreach (var table in tables)
            _connection.Run($"""DELETE FROM main."{table}" """);
    }

    private void SetClock(ClockState clock)
    {
        _setClock.Bind(1, clock.OffsetMilliseconds);
        _setClock.Bind(2, clock.FrozenAt?.Milliseconds);
        _setClock.Run();
    }

    /// <summary>Created with the first row of its table: most runs write to a few tables only.</summary>
    private RowWriter WriterOf(Type row) => _writers.TryGetValue(row, out var writer)
        ? writer
        : _writers[row] = new(StoredTables.TableOf(row), _connection.Handle);

    private ClockState? LoadRows(World world)
    {
        var pool = new TextPool();
        foreach (var table in StoredTables.OfRealms)
            table.Load(_connection.Handle, pool, world);
        // One row, read without EF: to compile its first query takes longer than the rest of a start.
        using var clock = new SelectStatement(_connection.Handle, """SELECT "OffsetMilliseconds", "FrozenAt" FROM "Clock" """);
        return clock.Next() ? new() { OffsetMilliseconds = clock.Integer(0), FrozenAt = clock.IsNull(1) ? null : new(clock.Integer(1)) } : null;
    }
}
