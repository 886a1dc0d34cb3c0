using IoTJobsEmulator.Core;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Writes the rows of one table: prepared upserts and a prepared delete, made from its columns, because SaveChanges of EF Core
/// 10 takes more than ten times as long. Rows that are put gather until there are enough for one statement, which takes two thirds of the time; where
/// rows are found by their Ordinal, those that are deleted gather as long as one is next to the others.
/// </summary>
internal sealed class RowWriter : IDisposable
{
    private const int RowsAtOnce = 8;

    /// <summary>How many rows one statement deletes: others may have the processor between two.</summary>
    private const int DeletedAtOnce = 64;

    private readonly StoredTable _table;
    private readonly WriteStatement _upsert, _delete;
    private readonly Lazy<WriteStatement> _upsertMany;
    private readonly int _parameters;
    private readonly Action<WriteStatement, object, int> _bindRow, _bindKey;
    private readonly (Tenant? Tenant, object Row)[] _gathered = new (Tenant?, object)[RowsAtOnce];
    private readonly bool _deletesRuns;
    private int _count;
    private DeletedRun? _deleted;

    public RowWriter(StoredTable table, sqlite3 database)
    {
        _table = table;
        var members = table.Columns(database);
        StoredColumn[] key = [.. members.Where(member => member.IsKey)];
        string[] tenant = table.TenantColumns;
        string[] names = [.. tenant, .. members.Select(member => member.Name)];
        string[] keyNames = [.. tenant, .. key.Select(member => member.Name)];
        // Without row ids SQLite puts a row in its place without looking for the one before; with them it would give the row another id.
        var (insert, onConflict) = table.HasSmallRows ? ("INSERT OR REPLACE", "") : ("INSERT", $"ON CONFLICT ({Quoted(keyNames)}) DO UPDATE SET {Updates()}");
        _parameters = names.Length;
        _upsert = Upserts(1);
        _upsertMany = new(() => Upserts(RowsAtOnce));
        _deletesRuns = key is [{ Name: StoredTables.Ordinal }];
        _delete = new(database, $"""
            DELETE FROM "{table.Name}" WHERE {string.Join(" AND ", keyNames.Select(name => $"\"{name}\" {(_deletesRuns && name == StoredTables.Ordinal ? "BETWEEN ? AND ?" : "= ?")}"))}
            """);
        (_bindRow, _bindKey) = (RowBinder.Of(table.RowType, members, 1 + tenant.Length), RowBinder.Of(table.RowType, key, 1 + tenant.Length));

        WriteStatement Upserts(int rows) => new(database, $"""
            {insert} INTO "{table.Name}" ({Quoted(names)})
            VALUES {List(Enumerable.Repeat($"({List(names.Select(_ => "?"))})", rows))}
            {onConflict}
            """);

        string Updates() => List(names.Except(keyNames).Select(name => $"\"{name}\" = excluded.\"{name}\""));
    }

    /// <summary>Inserts or replaces a row, at the latest with <see cref="Flush"/>. There is no tenant for a table that belongs to no realm.</summary>
    public void Upsert(Tenant? tenant, object row)
    {
        FlushDeleted();
        _gathered[_count++] = (tenant, row);
        if (_count < RowsAtOnce)
            return;
        for (var i = 0; i < RowsAtOnce; i++)
            Bind(_upsertMany.Value, _gathered[i].Tenant, _bindRow, _gathered[i].Row, i * _parameters);
        _upsertMany.Value.Run();
        ForgetUpserts();
    }

    /// <summary>Deletes a row, after those that were put before, at the latest with <see cref="Flush"/>.</summary>
    /// <inheritdoc cref="Upsert" path="/param"/>
    public void Delete(Tenant? tenant, object row)
    {
        FlushUpserts();
        if (!_deletesRuns)
        {
            Bind(_delete, tenant, _bindKey, row, 0);
            _delete.Run();
            return;
        }
        var ordinal = _table.OrdinalOf(row);
        if (_deleted is { } run && run.Tenant == tenant && run.Last - run.First + 1 < DeletedAtOnce && (ordinal == run.Last + 1 || ordinal == run.First - 1))
        {
            _deleted = run with { First = Math.Min(run.First, ordinal), Last = Math.Max(run.Last, ordinal) };
            return;
        }
        FlushDeleted();
        _deleted = new(tenant!.Value, ordinal, ordinal);
    }

    /// <summary>Writes what has gathered. Called before the commit.</summary>
    public void Flush()
    {
        FlushUpserts();
        FlushDeleted();
    }

    /// <summary>Forgets what has gathered: it could not be written.</summary>
    public void Forget()
    {
        ForgetUpserts();
        _deleted = null;
    }

    public void Dispose()
    {
        _upsert.Dispose();
        _delete.Dispose();
        if (_upsertMany.IsValueCreated)
            _upsertMany.Value.Dispose();
    }

    private void FlushUpserts()
    {
        for (var i = 0; i < _count; i++)
        {
            Bind(_upsert, _gathered[i].Tenant, _bindRow, _gathered[i].Row, 0);
            _upsert.Run();
        }
        ForgetUpserts();
    }

    private void FlushDeleted()
    {
        if (_deleted is not var (tenant, first, last))
            return;
        _delete.Bind(1, tenant.Account);
        _delete.Bind(2, tenant.Region);
        _delete.Bind(3, first);
        _delete.Bind(4, last);
        _delete.Run();
        _deleted = null;
    }

    private void ForgetUpserts()
    {
        Array.Clear(_gathered, 0, _count);
        _count = 0;
    }

    private static void Bind(WriteStatement statement, Tenant? tenant, Action<WriteStatement, object, int> bind, object row, int after)
    {
        if (tenant is var (account, region))
        {
            statement.Bind(after + 1, account);
            statement.Bind(after + 2, region);
        }
        bind(statement, row, after);
    }

    private static string Quoted(IEnumerable<string> names) => List(names.Select(name => $"\"{name}\""));

    private static string List(IEnumerable<string> parts) => string.Join(", ", parts);

    /// <summary>Rows that one statement deletes: all from the first Ordinal to the last, of which each is that of a row.</summary>
    private readonly record struct DeletedRun(Tenant Tenant, long First, long Last);
}
