using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IoTJobsEmulator.Benchmarks.Limits;

/// <summary>A prepared statement without anything between it and SQLite.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        if (raw.sqlite3_prepare_v2(connection.Handle, sql, out _statement) != raw.SQLITE_OK)
            throw new BenchmarkException($"{sql}: {raw.sqlite3_errmsg(connection.Handle).utf8_to_string()}");
    }

    public void Bind(int place, string text) => raw.sqlite3_bind_text(_statement, place, text);

    public void Bind(int place, long number) => raw.sqlite3_bind_int64(_statement, place, number);

    /// <summary>What is not bound is null.</summary>
    public void Run()
    {
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
            throw new BenchmarkException($"SQLite answered {result}.");
    }

    /// <summary>A limit that writes nothing would be none.</summary>
    public void RunChangingARow()
    {
        Run();
        if (raw.sqlite3_changes(_connection.Handle) != 1)
            throw new BenchmarkException("The limit has written no row.");
    }

    public void Dispose() => _statement.Dispose();
}
