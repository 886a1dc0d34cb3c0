using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>A prepared SELECT that is read once, row by row. Places of columns are counted from 0.</summary>
internal sealed class Query : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _handle;

    public Query(sqlite3 database, string sql)
    {
        _database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out _statement), database);
        _handle = _statement.DangerousGetHandle();
    }

    /// <summary>Goes to the next row. False after the last.</summary>
    public bool Next()
    {
        var result = Sqlite.Step(_handle);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(result, _database);
        return result == raw.SQLITE_ROW;
    }

    public bool IsNull(int place) => Sqlite.ColumnType(_handle, place) == raw.SQLITE_NULL;

    public long Integer(int place) => Sqlite.ColumnInteger(_handle, place);

    public double Real(int place) => Sqlite.ColumnReal(_handle, place);

    /// <summary>A text's UTF-8, which is there until the next row.</summary>
    public unsafe ReadOnlySpan<byte> Text(int place)
    {
        var text = Sqlite.ColumnText(_handle, place);
        return new(text, Sqlite.ColumnBytes(_handle, place));
    }

    public void Dispose() => _statement.Dispose();
}
