using System.Globalization;
using IoTJobsEmulator.Core.State;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>An open SQLite file with the emulator's tables. EF Core creates the tables and maps the rows, prepared statements read and write them.</summary>
internal sealed class DatabaseFile : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly JobsDb _db;
    private readonly WriteStatement _begin, _commit, _rollback, _setClock;
    private readonly Dictionary<Type, RowWriter> _writers = [];
    private DirectoryInfo? _deleteAtEnd;

    /// <summary>
    /// Turns off SQLite's mutexes and memory statistics, so that it takes no lock for each value that is bound or read: one thread at
    /// a time uses a connection. These options take effect only before the first use of SQLite in the process.
    /// </summary>
    static DatabaseFile()
    {
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private DatabaseFile(string path, string pragmas)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _db = new(_connection);
        try
        {
            _connection.Open();
            Run("PRAGMA busy_timeout = 5000");
            CreateTables();
            Run(pragmas);
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

    /// <summary>Opens or creates a file that survives the process: what was committed is there after kill -9 (WAL; NORMAL syncs at checkpoints only).</summary>
    public static DatabaseFile Open(string path) => new(path, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");

    /// <summary>
    /// Creates a file that is never loaded, with no SQLite journal, no syncs and no other readers. Where the system allows it, the open
    /// file is deleted at once, so that nothing stays behind even after kill -9.
    /// </summary>
    public static DatabaseFile CreateTemporary()
    {
        var folder = Directory.CreateTempSubdirectory("iot-jobs-emulator-");
        try
        {
            var file = new DatabaseFile(
                Path.Combine(folder.FullName, "state.db"), "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE");
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

    /// <summary>Fills an empty world with every row. Answers the clock, or null if it was never set.</summary>
    public ClockState? Load(World world)
    {
        var (database, pool) = (_connection.Handle!, new TextPool());
        foreach (var table in JobsDb.Tables)
            table.Load(_db.Model, database, pool, world);
        // One row, read without EF: to compile its first query takes longer than the rest of a start.
        using var clock = new SelectStatement(database, """SELECT "OffsetMilliseconds", "FrozenAt" FROM "Clock" """);
        return clock.Next() ? new() { OffsetMilliseconds = clock.Integer(0), FrozenAt = clock.IsNull(1) ? null : new(clock.Integer(1)) } : null;
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
        _begin.Run();
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
        }
        catch
        {
            // On a full disk SQLite has rolled back already.
            if (raw.sqlite3_get_autocommit(_connection.Handle!) == 0)
                _rollback.Run();
            throw;
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

    private void Close()
    {
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
