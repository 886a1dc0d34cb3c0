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
    // Mark what is bound as a number.
    private static readonly object Integer = new(), Real = new();

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly nint _handle;

    // A binding stays until the parameter is bound again, and rows of a fleet share most of their values.
    private readonly Bound[] _bound;
    private byte[] _text = new byte[1024];

    public WriteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
        _handle = _statement.DangerousGetHandle();
        _bound = new Bound[1 + raw.sqlite3_bind_parameter_count(_statement)];
    }

    /// <summary>Binds a parameter. Parameters are counted from 1.</summary>
    public void Bind(int parameter, long? value)
    {
        ref var bound = ref _bound[parameter];
        if (value is not { } number)
            BindNull(parameter, ref bound);
        else if (bound.Value != Integer || bound.Bits != number)
        {
            Check(SqliteNative.BindInteger(_handle, parameter, number));
            bound = new(Integer, number);
        }
    }

    /// <inheritdoc cref="Bind(int, long?)"/>
    public void Bind(int parameter, double? value)
    {
        ref var bound = ref _bound[parameter];
        if (value is not { } number)
            BindNull(parameter, ref bound);
        else
        {
            Check(SqliteNative.BindReal(_handle, parameter, number));
            bound = new(Real, 0);
        }
    }

    /// <inheritdoc cref="Bind(int, long?)"/>
    public void Bind(int parameter, string? value)
    {
        ref var bound = ref _bound[parameter];
        if (value is null)
            BindNull(parameter, ref bound);
        else if (!ReferenceEquals(value, bound.Value))
        {
            BindText(parameter, value);
            bound = new(value, 0);
        }
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

    private void BindNull(int parameter, ref Bound bound)
    {
        if (bound.Value is null)
            return;
        Check(SqliteNative.BindNull(_handle, parameter));
        bound = default;
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

    /// <summary>What a parameter is bound to.</summary>
    /// <param name="Value">A text, <see cref="Integer"/> or <see cref="Real"/>; null for null, as before the first run.</param>
    /// <param name="Bits">The number, if it is an integer.</param>
    private readonly record struct Bound(object? Value, long Bits);
}
