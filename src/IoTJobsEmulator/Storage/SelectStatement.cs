using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// A prepared SELECT that is read once, row by row. Columns are counted from 0. SqliteDataReader cannot show a text without
/// making a string of it, and takes twice as long for the columns alone as this one for the whole row.
/// </summary>
internal sealed class SelectStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _handle;

    public SelectStatement(sqlite3 database, string sql)
    {
        _database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out _statement), database);
        _handle = _statement.DangerousGetHandle();
    }

    /// <summary>Moves to the next row. False after the last.</summary>
    public bool Next()
    {
        var result = SqliteNative.Step(_handle);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(result, _database);
        return result == raw.SQLITE_ROW;
    }

    public bool IsNull(int column) => SqliteNative.ColumnType(_handle, column) == raw.SQLITE_NULL;

    public long Integer(int column) => SqliteNative.ColumnInteger(_handle, column);

    public double Real(int column) => SqliteNative.ColumnReal(_handle, column);

    /// <summary>The UTF-8 of a text, valid until the next row.</summary>
    public unsafe ReadOnlySpan<byte> Text(int column)
    {
        var text = SqliteNative.ColumnText(_handle, column);
        return new(text, SqliteNative.ColumnBytes(_handle, column));
    }

    public void Dispose() => _statement.Dispose();
}
