using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// A prepared statement that is run many times. It calls SQLite itself: SqliteCommand looks up every parameter by name and binds it
/// anew at each run, which takes four times as long.
/// </summary>
internal sealed class WriteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _handle;

    /// <summary>What each parameter is bound to: a text, <c>this</c> for any number, or null, as before the first run.</summary>
    private readonly object?[] _bound;
    private byte[] _text = new byte[1024];

    public WriteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
        _handle = _statement.DangerousGetHandle();
        _bound = new object?[1 + raw.sqlite3_bind_parameter_count(_statement)];
    }

    /// <summary>Binds a parameter. Parameters are counted from 1.</summary>
    public void Bind(int parameter, long? value)
    {
        if (value is { } number)
            Check(SqliteNative.BindInteger(_handle, parameter, number));
        else
            BindNull(parameter);
        _bound[parameter] = value is null ? null : this;
    }

    /// <inheritdoc cref="Bind(int, long?)"/>
    public void Bind(int parameter, double? value)
    {
        if (value is { } number)
            Check(SqliteNative.BindReal(_handle, parameter, number));
        else
            BindNull(parameter);
        _bound[parameter] = value is null ? null : this;
    }

    /// <inheritdoc cref="Bind(int, long?)"/>
    public void Bind(int parameter, string? value)
    {
        // A binding stays until the parameter is bound again, and rows of a fleet share most of their texts.
        if (value is null)
            BindNull(parameter);
        else if (!ReferenceEquals(value, _bound[parameter]))
            BindText(parameter, value);
        _bound[parameter] = value;
    }

    public void Run()
    {
        var result = SqliteNative.Step(_handle);
        try
        {
            if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
                Check(result);
        }
        finally
        {
            // Returns the error of the step once more.
            _ = SqliteNative.Reset(_handle);
        }
    }

    public void Dispose() => _statement.Dispose();

    private void BindNull(int parameter)
    {
        if (_bound[parameter] is not null)
            Check(SqliteNative.BindNull(_handle, parameter));
    }

    private unsafe void BindText(int parameter, string value)
    {
        if (_text.Length < value.Length * 3)
            _text = new byte[value.Length * 3];
        var length = Encoding.UTF8.GetBytes(value, _text);
        // The buffer is never empty, so an empty text is not bound as null.
        fixed (byte* text = _text)
            Check(SqliteNative.BindText(_handle, parameter, text, length, SqliteNative.Transient));
    }

    private void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(result, _database);
    }
}
