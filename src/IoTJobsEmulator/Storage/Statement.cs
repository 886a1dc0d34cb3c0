using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// A prepared statement that is run again and again. It speaks to SQLite itself: ADO.NET looks up every parameter by name at every
/// run, which costs more than the insert.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _handle;

    /// <summary>What each parameter is bound to: a text, a number (which is not remembered) or, as at first, null.</summary>
    private readonly object?[] _bound;
    private byte[] _text = new byte[1024];

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
        _handle = _statement.DangerousGetHandle();
        _bound = new object?[1 + raw.sqlite3_bind_parameter_count(_statement)];
    }

    /// <summary>Binds the parameter at a place, counted from 1.</summary>
    public void Bind(int place, long? value)
    {
        if (value is { } number)
            Check(Sqlite.BindInteger(_handle, place, number));
        else
            BindNull(place);
        _bound[place] = value is null ? null : this;
    }

    /// <inheritdoc cref="Bind(int, long?)"/>
    public void Bind(int place, double? value)
    {
        if (value is { } number)
            Check(Sqlite.BindReal(_handle, place, number));
        else
            BindNull(place);
        _bound[place] = value is null ? null : this;
    }

    /// <inheritdoc cref="Bind(int, long?)"/>
    public void Bind(int place, string? value)
    {
        // What a parameter is bound to stays until it is bound anew, and rows of a fleet share most of their texts.
        if (value is null)
            BindNull(place);
        else if (!ReferenceEquals(value, _bound[place]))
            BindText(place, value);
        _bound[place] = value;
    }

    public void Run()
    {
        var result = Sqlite.Step(_handle);
        try
        {
            if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
                Check(result);
        }
        finally
        {
            // Answers the same error once more.
            _ = Sqlite.Reset(_handle);
        }
    }

    public void Dispose() => _statement.Dispose();

    private void BindNull(int place)
    {
        if (_bound[place] is not null)
            Check(Sqlite.BindNull(_handle, place));
    }

    private unsafe void BindText(int place, string value)
    {
        if (_text.Length < value.Length * 3)
            _text = new byte[value.Length * 3];
        var length = Encoding.UTF8.GetBytes(value, _text);
        // The buffer is never empty: no text is bound as null.
        fixed (byte* text = _text)
            Check(Sqlite.BindText(_handle, place, text, length, Sqlite.Transient));
    }

    private void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(result, _database);
    }
}
