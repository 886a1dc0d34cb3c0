using System.Linq.Expressions;
using IoTJobsEmulator.Core;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Writes the rows of one table: a prepared upsert and a prepared delete, made from its columns, because SaveChanges of EF Core
/// 10 takes more than ten times as long.
/// </summary>
internal sealed class RowWriter : IDisposable
{
    private readonly WriteStatement _upsert, _delete;
    private readonly Action<WriteStatement, object> _bindRow, _bindKey;

    public RowWriter(StoredTable table, sqlite3 database)
    {
        var members = table.Columns(database);
        StoredColumn[] key = [.. members.Where(member => member.IsKey)];
        string[] tenant = table.TenantColumns;
        string[] names = [.. tenant, .. members.Select(member => member.Name)];
        string[] keyNames = [.. tenant, .. key.Select(member => member.Name)];
        string[] others = [.. names.Except(keyNames)];
        var update = others.Length == 0 ? "NOTHING" : $"UPDATE SET {List(others.Select(name => $"\"{name}\" = excluded.\"{name}\""))}";
        _upsert = new(database, $"""
            INSERT INTO "{table.Name}" ({List(names.Select(name => $"\"{name}\""))}) VALUES ({List(names.Select(_ => "?"))})
            ON CONFLICT ({List(keyNames.Select(name => $"\"{name}\""))}) DO {update}
            """);
        _delete = new(database, $"""DELETE FROM "{table.Name}" WHERE {string.Join(" AND ", keyNames.Select(name => $"\"{name}\" = ?"))}""");
        (_bindRow, _bindKey) = (Binder(table.RowType, members, 1 + tenant.Length), Binder(table.RowType, key, 1 + tenant.Length));
    }

    /// <summary>Inserts or replaces a row. There is no tenant for a table that belongs to no realm.</summary>
    public void Upsert(Tenant? tenant, object row) => Run(_upsert, tenant, _bindRow, row);

    /// <inheritdoc cref="Upsert"/>
    public void Delete(Tenant? tenant, object row) => Run(_delete, tenant, _bindKey, row);

    public void Dispose()
    {
        _upsert.Dispose();
        _delete.Dispose();
    }

    private static void Run(WriteStatement statement, Tenant? tenant, Action<WriteStatement, object> bind, object row)
    {
        if (tenant is var (account, region))
        {
            statement.Bind(1, account);
            statement.Bind(2, region);
        }
        bind(statement, row);
        statement.Run();
    }

    private static string List(IEnumerable<string> parts) => string.Join(", ", parts);

    /// <summary>A function that binds members of a row to the parameters from the first on. One for all members, because compiling one for each takes longer.</summary>
    private static Action<WriteStatement, object> Binder(Type type, IReadOnlyList<StoredColumn> members, int first)
    {
        var (statement, row, typed) = (Expression.Parameter(typeof(WriteStatement)), Expression.Parameter(typeof(object)), Expression.Variable(type));
        var binds = members.Select((member, i) => Expression.Call(statement, nameof(WriteStatement.Bind), null, Expression.Constant(first + i), Stored(member, typed)));
        var body = Expression.Block([typed], [Expression.Assign(typed, Expression.Convert(row, type)), .. binds]);
        return Expression.Lambda<Action<WriteStatement, object>>(body, statement, row).Compile();
    }

    /// <summary>The value of a member, converted to the type of its column.</summary>
    private static Expression Stored(StoredColumn stored, Expression row)
    {
        var column = stored.ColumnType switch
        {
            "INTEGER" => typeof(long?),
            "REAL" => typeof(double?),
            "TEXT" => typeof(string),
            var other => throw new NotSupportedException($"{row.Type.Name}.{stored.Name} is {other}."),
        };
        Expression member = Expression.Property(row, stored.Member);
        var type = Nullable.GetUnderlyingType(member.Type) ?? member.Type;
        var given = type == member.Type ? member : Expression.Property(member, nameof(Nullable<int>.Value));
        Expression value = stored.Converter is { } converter ? Expression.Invoke(converter.ConvertToProviderExpression, given) : given;
        if (value.Type == typeof(bool))
            value = Expression.Condition(value, Expression.Constant(1L), Expression.Constant(0L));
        value = Expression.Convert(value, column);
        return stored.IsNullable
            ? Expression.Condition(Expression.Equal(member, Expression.Constant(null, member.Type)), Expression.Default(column), value)
            : value;
    }
}
