using System.Linq.Expressions;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Reads the rows of one table, as <see cref="RowWriter"/> writes them: a prepared SELECT and a function that makes the row, both from
/// its columns, because EF Core 10's own queries, without tracking, take two to four times as long.
/// </summary>
internal sealed class RowReader<TRow> : IDisposable where TRow : class
{
    private readonly SelectStatement _select;
    private readonly TextColumn<string> _account, _region;
    private readonly Func<Func<SelectStatement, TRow>> _make;
    private Func<SelectStatement, TRow>? _row;

    public RowReader(StoredTable table, sqlite3 database, TextPool pool)
    {
        var members = table.Columns(database);
        string[] tenant = table.TenantColumns;
        string[] columns = [.. tenant, .. members.Select(member => member.Name)];
        _select = new(database, $"""SELECT {string.Join(", ", columns.Select(name => $"\"{name}\""))} FROM "{table.Name}" """);
        (_account, _region) = (new(0, pool, text => text), new(1, pool, text => text));
        // Compiled when there is a row, so that an empty table does not cost the start anything.
        _make = () =>
        {
            var select = Expression.Parameter(typeof(SelectStatement));
            var values = members.Select((member, i) => Expression.Bind(member.Member, Value(member, select, tenant.Length + i, pool)));
            return Expression.Lambda<Func<SelectStatement, TRow>>(Expression.MemberInit(Expression.New(typeof(TRow)), values), select).Compile();
        };
    }

    public bool Next() => _select.Next();

    /// <summary>The account of the row. Only rows of a realm have one, and a region.</summary>
    public string Account => _account.Read(_select);

    public string Region => _region.Read(_select);

    public TRow Row => (_row ??= _make())(_select);

    public void Dispose() => _select.Dispose();

    /// <summary>The value of a member, read from its column and converted.</summary>
    private static Expression Value(StoredColumn stored, ParameterExpression select, int column, TextPool pool)
    {
        var type = stored.Member.PropertyType;
        var given = Nullable.GetUnderlyingType(type) ?? type;
        var converter = stored.Converter;
        Expression value = stored.ColumnType switch
        {
            "INTEGER" => Number(nameof(SelectStatement.Integer)),
            "REAL" => Number(nameof(SelectStatement.Real)),
            "TEXT" => Text(),
            var other => throw new NotSupportedException($"{typeof(TRow).Name}.{stored.Name} is {other}."),
        };
        return stored.IsNullable
            ? Expression.Condition(Expression.Call(select, nameof(SelectStatement.IsNull), null, Expression.Constant(column)), Expression.Default(type), Expression.Convert(value, type))
            : value;

        Expression Number(string method)
        {
            Expression number = Expression.Call(select, method, null, Expression.Constant(column));
            if (converter is not null)
                return Expression.Call(Expression.Constant(converter), converter.FromColumn, number);
            return given == typeof(bool) ? Expression.NotEqual(number, Expression.Constant(0L)) : Expression.Convert(number, given);
        }

        Expression Text()
        {
            var convert = converter?.FromColumn.CreateDelegate(typeof(Func<,>).MakeGenericType(typeof(string), given), converter) ?? ((string text) => text);
            var reader = Activator.CreateInstance(typeof(TextColumn<>).MakeGenericType(given), column, pool, convert)!;
            return Expression.Call(Expression.Constant(reader), nameof(TextColumn<>.Read), null, select);
        }
    }
}
