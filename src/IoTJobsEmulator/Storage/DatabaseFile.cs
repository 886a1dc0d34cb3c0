using System.Globalization;
using IoTJobsEmulator.Core.State;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>An open SQLite file with our tables in it: EF Core makes them and says what a row is, prepared statements read and write the rows.</summary>
internal sealed class DatabaseFile : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly JobsDb _db;
    private readonly Statement _begin, _commit, _rollback, _setClock;
    private readonly Dictionary<Type, RowWriter> _writers = [];
    private DirectoryInfo? _removeAtEnd;

    /// <summary>
    /// One thread at a time uses a connection of ours, and nobody asks how much memory SQLite has, so it need not take a lock for every
    /// value that is bound or read. This can only be said before its first use in the process; later it is without effect.
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
            MakeTables();
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

    /// <summary>A file that is kept: what was committed is there after kill -9 (WAL; NORMAL does without a sync per commit).</summary>
    public static DatabaseFile Kept(string path) => new(path, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");

    /// <summary>
    /// A file that nobody will ever load: no journal of SQLite's own, nothing synced, no other reader. Where an open file can lose
    /// its name it does so at once, so that nothing stays behind even after kill -9.
    /// </summary>
    public static DatabaseFile Private()
    {
        var folder = Directory.CreateTempSubdirectory("iot-jobs-emulator-");
        try
        {
            var file = new DatabaseFile(
                Path.Combine(folder.FullName, "state.db"), "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE");
            if (OperatingSystem.IsWindows())
                file._removeAtEnd = folder;
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

    /// <summary>Fills an empty world with every row. Answers the clock, or null when it was never set.</summary>
    public ClockState? Load(World world)
    {
        var (database, names) = (_connection.Handle!, new NamePool());
        foreach (var table in JobsDb.Tables)
            table.Load(_db.Model, database, names, world);
        using var clock = new Query(database, """SELECT "OffsetMilliseconds", "FrozenAt" FROM "Clock" """);
        return clock.Next() ? new() { OffsetMilliseconds = clock.Integer(0), FrozenAt = clock.IsNull(1) ? null : new(clock.Integer(1)) } : null;
    }

    /// <summary>Writes all of it in one transaction, or nothing.</summary>
    public void Write(Batch.Sum sum)
    {
        _begin.Run();
        try
        {
            if (sum.StartsAfresh)
                foreach (var type in _db.Model.GetEntityTypes())
                    Run($"""DELETE FROM "{type.GetTableName()}" """);
            foreach (var (table, before, after) in sum.Rows)
                if (after is not null)
                    WriterOf(table.RowType).Put(table.Realm, after);
                else if (before is not null)
                    WriterOf(table.RowType).Remove(table.Realm, before);
            if (sum.Clock is { } clock)
            {
                _setClock.Bind(1, clock.OffsetMilliseconds);
                _setClock.Bind(2, clock.FrozenAt?.Milliseconds);
                _setClock.Run();
            }
            _commit.Run();
        }
        catch
        {
            // A full disk has rolled back already.
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
        _removeAtEnd?.Delete(recursive: true);
    }

    /// <summary>Made with the first row of its table: most files hold rows of a few.</summary>
    private RowWriter WriterOf(Type row) => _writers.TryGetValue(row, out var writer)
        ? writer
        : _writers[row] = new(_db.Model.FindEntityType(row)!, _connection.Handle!);

    private void Close()
    {
        _db.Dispose();
        _connection.Dispose();
    }

    /// <summary>
    /// Makes the tables in a file that has none. The transaction is of the old kind, not WAL, so that whose file it is stands in
    /// the file's own header from then on.
    /// </summary>
    private void MakeTables()
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
