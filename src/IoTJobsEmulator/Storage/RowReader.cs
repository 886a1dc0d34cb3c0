using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Reads the rows of one table, as <see cref="RowWriter"/> writes them: a prepared SELECT and a function that makes the row, both from
/// EF's model, because EF Core 10's own queries, without tracking, take two to four times as long.
/// </summary>
internal sealed class RowReader<TRow> : IDisposable where TRow : class
{
    private readonly SelectStatement _select;
    private readonly TextColumn<string> _account, _region;
    private readonly Func<SelectStatement, TRow> _row;

    public RowReader(IEntityType type, sqlite3 database, TextPool pool)
    {
        var table = StoreObjectIdentifier.Table(type.GetTableName()!);
        IProperty[] members = [.. type.GetProperties().Where(property => !property.IsShadowProperty())];
        string[] tenant = JobsDb.TenantColumns(type);
        string[] columns = [.. tenant, .. members.Select(member => member.GetColumnName(table)!)];
        _select = new(database, $"""SELECT {string.Join(", ", columns.Select(name => $"\"{name}\""))} FROM "{table.Name}" """);
        (_account, _region) = (new(0, pool, text => text), new(1, pool, text => text));
        var select = Expression.Parameter(typeof(SelectStatement));
        var values = members.Select((member, i) => Expression.Bind(member.PropertyInfo!, Value(member, select, tenant.Length + i, pool)));
        _row = Expression.Lambda<Func<SelectStatement, TRow>>(Expression.MemberInit(Expression.New(typeof(TRow)), values), select).Compile();
    }

    public bool Next() => _select.Next();

    /// <summary>The account of the row. Only rows of a realm have one, and a region.</summary>
    public string Account => _account.Read(_select);

    public string Region => _region.Read(_select);

    public TRow Row => _row(_select);

    public void Dispose() => _select.Dispose();

    /// <summary>The value of a member, read from its column and converted by the model's converter.</summary>
    private static Expression Value(IProperty property, ParameterExpression select, int column, TextPool pool)
    {
        var type = property.PropertyInfo!.PropertyType;
        var given = Nullable.GetUnderlyingType(type) ?? type;
        var converter = property.GetTypeMapping().Converter?.ConvertFromProviderExpression;
        Expression value = property.GetColumnType() switch
        {
            "INTEGER" => Number(nameof(SelectStatement.Integer)),
            "REAL" => Number(nameof(SelectStatement.Real)),
            "TEXT" => Text(),
            var other => throw new NotSupportedException($"{typeof(TRow).Name}.{property.Name} is {other}."),
        };
        return property.IsNullable
            ? Expression.Condition(Expression.Call(select, nameof(SelectStatement.IsNull), null, Expression.Constant(column)), Expression.Default(type), Expression.Convert(value, type))
            : value;

        Expression Number(string method)
        {
            Expression stored = Expression.Call(select, method, null, Expression.Constant(column));
            if (converter is not null)
                return Expression.Invoke(converter, stored);
            return given == typeof(bool) ? Expression.NotEqual(stored, Expression.Constant(0L)) : Expression.Convert(stored, given);
        }

        Expression Text()
        {
            var convert = converter?.Compile() ?? ((string text) => text);
            var reader = Activator.CreateInstance(typeof(TextColumn<>).MakeGenericType(given), column, pool, convert)!;
            return Expression.Call(Expression.Constant(reader), nameof(TextColumn<>.Read), null, select);
        }
    }
}
