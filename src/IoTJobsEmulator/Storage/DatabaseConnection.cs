using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// An open SQLite file with the emulator's tables, which it creates if there are none. It waits a few seconds for other processes' locks. One
/// thread at a time uses it.
/// </summary>
internal sealed class DatabaseConnection : IDisposable
{
    // Milliseconds for which SQLite waits for another process's lock.
    private const int BeforeSaying = 1_000, AfterSaying = 4_000;

    private readonly SqliteConnection _connection;
    private readonly Action<string>? _waits;

    static DatabaseConnection() => Batteries_V2.Init();

    /// <param name="path">The file, which need not be there.</param>
    /// <param name="pragmas">How SQLite uses it.</param>
    /// <param name="waits">Called with a sentence when a lock of another process is waited for; null for a file that no other process knows.</param>
    public DatabaseConnection(string path, string pragmas, Action<string>? waits = null)
    {
        (Path, _waits) = (path, waits);
        _connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            _connection.Open();
            WaitAtMost(BeforeSaying);
            WhenUnlocked(() =>
            {
                CreateTables();
                Run(pragmas);
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; }

    public sqlite3 Handle => _connection.Handle!;

    /// <summary>The statements that made what is in the file, without the columns of primary keys: files may differ in these.</summary>
    public string Schema
    {
        get
        {
            using var schema = Command("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name");
            using var statements = schema.ExecuteReader();
            var all = new StringBuilder();
            while (statements.Read())
                all.Append(WithoutKey(statements.GetString(0))).Append(';');
            return all.ToString();
        }
    }

    /// <summary>What SQLite finds wrong in any page of a file, on a connection of its own; null if nothing.</summary>
    public static string? FindDamage(string path)
    {
        try
        {
            using var connection = OpenAnother(path, SqliteOpenMode.ReadOnly);
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA quick_check(1)";
            return check.ExecuteScalar() is string and not "ok" and var damage ? damage : null;
        }
        catch (SqliteException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Opens one more connection to a file that is there.</summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static SqliteConnection OpenAnother(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = mode }.ToString());
        connection.Open();
        return connection;
    }

    public void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    public SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    /// <summary>Has SQLite see another file under a name, until what this answers is disposed of. Called outside a transaction.</summary>
    public IDisposable Attach(string path, string name)
    {
        using var attach = Command($"ATTACH $path AS {name}");
        attach.Parameters.AddWithValue("$path", path);
        attach.ExecuteNonQuery();
        return new Attached(this, name);
    }

    /// <summary>Does what another process's lock may prevent. When that has taken a second, says so, and waits four more.</summary>
    public void WhenUnlocked(Action action)
    {
        try
        {
            action();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_BUSY && _waits is not null)
        {
            _waits($"The database '{Path}' is locked by {LockHolder.Of(Path, Path + "-shm")}: waiting for it");
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

    public void Dispose() => _connection.Dispose();

    private void WaitAtMost(int milliseconds) => _ = raw.sqlite3_busy_timeout(Handle, milliseconds);

    /// <summary>
    /// Creates the tables in a file that has none, in one transaction before WAL is turned on, so that application_id and user_version
    /// are written to the header of the file itself.
    /// </summary>
    private void CreateTables()
    {
        using var count = Command("SELECT COUNT(*) FROM sqlite_master");
        if ((long)count.ExecuteScalar()! > 0)
            return;
        Run(StoredSchema.Script);
    }

    private static string WithoutKey(string statement)
    {
        const string Key = "PRIMARY KEY (";
        var begin = statement.IndexOf(Key, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : statement.IndexOf(')', begin);
        return end < 0 ? statement : statement.Remove(begin + Key.Length, end - begin - Key.Length);
    }

    private sealed class Attached(DatabaseConnection connection, string name) : IDisposable
    {
        public void Dispose() => connection.Run($"DETACH {name}");
    }
}
