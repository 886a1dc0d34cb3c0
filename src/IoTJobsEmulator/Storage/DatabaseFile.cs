using System.Globalization;
using IoTJobsEmulator.Core.State;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>An open SQLite file with the emulator's tables. EF Core creates the tables and maps the rows, prepared statements read and write them.</summary>
internal sealed class DatabaseFile : IDisposable
{
    // Milliseconds for which SQLite waits for another process's lock.
    private const int BeforeSaying = 1_000, AfterSaying = 4_000;

    private readonly SqliteConnection _connection;
    private readonly JobsDb _db;
    private readonly WriteStatement _begin, _commit, _rollback, _setClock;
    private readonly Dictionary<Type, RowWriter> _writers = [];
    private readonly string _path;
    private readonly Action<string>? _waits;
    private DirectoryInfo? _deleteAtEnd;
    private WatchedFile? _watched, _watchedLog;
    private FileStream? _log;
    private bool _examines;
    private string? _harm;

    static DatabaseFile() => Batteries_V2.Init();

    private DatabaseFile(string path, string pragmas, Action<string>? waits = null)
    {
        (_path, _waits) = (path, waits);
        _connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        _db = new(_connection);
        try
        {
            _connection.Open();
            WaitAtMost(BeforeSaying);
            WhenUnlocked(() =>
            {
                CreateTables();
                Run(pragmas);
            });
            var database = _connection.Handle!;
            (_begin, _commit, _rollback) = (new(database, "BEGIN IMMEDIATE"), new(database, "COMMIT"), new(database, "ROLLBACK"));
            _setClock = new(database, """INSERT OR REPLACE INTO "Clock" ("Id", "OffsetMilliseconds", "FrozenAt") VALUES (1, ?, ?)""");
        }
        catch
        {
            Close();
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
        var database = new DatabaseFile(file.Name, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", waits) { _examines = !isNew };
        database.KeepLog(true);
        database._watched = new(file);
        return database;
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
            var file = new DatabaseFile(path, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE");
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

    public JobsDb Db => _db;

    /// <summary>
    /// Fills an empty world with every row. Answers the clock, or null if it was never set. Meanwhile another thread has SQLite examine the
    /// whole file, which takes a fraction of the time that the load takes.
    /// </summary>
    /// <exception cref="StorageException">The file is damaged.</exception>
    public ClockState? Load(World world)
    {
        var examination = _examines ? Task.Factory.StartNew(FindDamage, default, TaskCreationOptions.LongRunning, TaskScheduler.Default) : Task.FromResult<string?>(null);
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
        if (_watched is not null)
            WatchLog();
        return clock;
    }

    /// <summary>Every row of one of the broker's tables, in no order.</summary>
    public IReadOnlyList<TRow> Read<TRow>() where TRow : BrokerRow
    {
        using var reader = new RowReader<TRow>(_db.Model.FindEntityType(typeof(TRow))!, _connection.Handle!, new());
        var rows = new List<TRow>();
        while (reader.Next())
            rows.Add(reader.Row);
        return rows;
    }

    /// <summary>Writes a batch in one transaction, whole or not at all.</summary>
    public void Write(Batch.NetEffect batch)
    {
        ThrowIfHarmed();
        WhenUnlocked(_begin.Run);
        try
        {
            if (batch.IsReset)
                foreach (var type in _db.Model.GetEntityTypes())
                    Run($"""DELETE FROM "{type.GetTableName()}" """);
            foreach (var (table, before, after) in batch.Rows)
                if (after is not null)
                    WriterOf(table.RowType).Upsert(table.Realm, after);
                else if (before is not null)
                    WriterOf(table.RowType).Delete(table.Realm, before);
            foreach (var (row, isDeleted, _) in batch.Broker)
                if (isDeleted)
                    WriterOf(row.GetType()).Delete(null, row);
                else
                    WriterOf(row.GetType()).Upsert(null, row);
            if (batch.Clock is { } clock)
            {
                _setClock.Bind(1, clock.OffsetMilliseconds);
                _setClock.Bind(2, clock.FrozenAt?.Milliseconds);
                _setClock.Run();
            }
            _commit.Run();
            ThrowIfHarmed();
        }
        catch
        {
            // On a full disk SQLite has rolled back already.
            if (raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
                _rollback.Run();
            throw;
        }
    }

    /// <summary>Copies all that was committed from the <c>-wal</c> to the file itself, unless it was harmed. Answers whether that succeeded.</summary>
    public bool TryFinish()
    {
        if (_watchedLog is null)
            return false;
        try
        {
            ThrowIfHarmed();
            Run("PRAGMA wal_checkpoint(TRUNCATE)");
            KeepLog(false);
            return true;
        }
        catch (Exception exception) when (exception is SqliteException or StorageException)
        {
            KeepLog(true);
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values)
            writer.Dispose();
        foreach (var statement in new[] { _begin, _commit, _rollback, _setClock })
            statement.Dispose();
        Close();
        _deleteAtEnd?.Delete(recursive: true);
    }

    /// <summary>Created with the first row of its table: most runs write to a few tables only.</summary>
    private RowWriter WriterOf(Type row) => _writers.TryGetValue(row, out var writer)
        ? writer
        : _writers[row] = new(_db.Model.FindEntityType(row)!, _connection.Handle!);

    private ClockState? LoadRows(World world)
    {
        var (database, pool) = (_connection.Handle!, new TextPool());
        foreach (var table in JobsDb.Tables)
            table.Load(_db.Model, database, pool, world);
        // One row, read without EF: to compile its first query takes longer than the rest of a start.
        using var clock = new SelectStatement(database, """SELECT "OffsetMilliseconds", "FrozenAt" FROM "Clock" """);
        return clock.Next() ? new() { OffsetMilliseconds = clock.Integer(0), FrozenAt = clock.IsNull(1) ? null : new(clock.Integer(1)) } : null;
    }

    /// <summary>What SQLite finds wrong in any page of the file, on a connection of its own; null if nothing.</summary>
    private string? FindDamage()
    {
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
            connection.Open();
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA quick_check(1)";
            return check.ExecuteScalar() is string and not "ok" and var damage ? damage : null;
        }
        catch (SqliteException exception)
        {
            return exception.Message;
        }
    }

    private StorageException IsDamaged(string damage, Exception? cause = null) => new($"The database '{_path}' is damaged: {damage}. It was left as it is.", cause);

    private void WatchLog()
    {
        _log = new(_path + "-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _watchedLog = new(_log);
    }

    /// <summary>Looks whether the file and its <c>-wal</c> are where they were and have what was written. Once they are not, nothing is written any more.</summary>
    private void ThrowIfHarmed()
    {
        if (_watched is null || _watchedLog is null)
            return;
        if ((_harm ??= FindHarm(_watched, _watchedLog)) is null)
            return;
        KeepLog(true);
        throw new StorageException($"{_harm} while the emulator was running. Nothing is written any more until the emulator is started again");
    }

    private string? FindHarm(WatchedFile file, WatchedFile log)
    {
        if (!file.IsInPlace)
            return $"The database '{_path}' was removed, renamed or replaced";
        if (!log.IsInPlace)
            return $"'{_path}-wal' was removed, renamed or replaced";
        if (file.HasShrunk())
            return $"The database '{_path}' was truncated";
        // SQLite itself, in another process, truncates the log when all of it is in the file.
        return log.HasShrunk() && LogHasFrames() ? $"'{_path}-wal' was truncated" : null;
    }

    private bool LogHasFrames()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(NOOP)";
        using var row = command.ExecuteReader();
        return row.Read() && row.GetInt64(1) > 0;
    }

    /// <summary>
    /// Whether the <c>-wal</c> stays when the file is closed, and the file itself is not written to: as long as it is not known to be sound.
    /// </summary>
    private void KeepLog(bool keep) => _ = raw.sqlite3_db_config(_connection.Handle!, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, out _);

    /// <summary>Does what another process's lock may prevent. When that has taken a second, says so, and waits four more.</summary>
    private void WhenUnlocked(Action action)
    {
        try
        {
            action();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_BUSY && _waits is not null)
        {
            _waits($"The database '{_path}' is locked by {LockHolder.Of(_path, _path + "-shm")}: waiting for it");
            WaitAtMost(AfterSaying);
            try
            {
                action();
            }
            finally
            {
                WaitAtMost(BeforeSaying);
            }
        }
    }

    private void WaitAtMost(int milliseconds) => _ = raw.sqlite3_busy_timeout(_connection.Handle!, milliseconds);

    private void Close()
    {
        _log?.Dispose();
        _db.Dispose();
        _connection.Dispose();
    }

    /// <summary>
    /// Creates the tables in a file that has none, in one transaction before WAL is turned on, so that application_id and user_version
    /// are written to the header of the file itself. EF's EnsureCreated would need a second transaction for them.
    /// </summary>
    private void CreateTables()
    {
        using var count = _connection.CreateCommand();
        count.CommandText = "SELECT COUNT(*) FROM sqlite_master";
        if ((long)count.ExecuteScalar()! > 0)
            return;
        Run(string.Create(CultureInfo.InvariantCulture, $"""
            BEGIN EXCLUSIVE;
            {_db.Database.GenerateCreateScript()}
            PRAGMA application_id = {JobsDb.ApplicationId};
            PRAGMA user_version = {_db.SchemaVersion};
            COMMIT
            """));
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
