using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Reads the rows of one table, as <see cref="RowWriter"/> writes them: a prepared SELECT and a function that makes the row, both from
/// EF's model, because EF's own reading costs several times as much.
/// </summary>
internal sealed class RowReader<TRow> : IDisposable where TRow : class
{
    private readonly Query _query;
    private readonly TextColumn<string> _account, _region;
    private readonly Func<Query, TRow> _row;

    public RowReader(IEntityType type, sqlite3 database, NamePool names)
    {
        var table = StoreObjectIdentifier.Table(type.GetTableName()!);
        IProperty[] members = [.. type.GetProperties().Where(property => !property.IsShadowProperty())];
        string[] columns = [JobsDb.Account, JobsDb.Region, .. members.Select(member => member.GetColumnName(table)!)];
        _query = new(database, $"""SELECT {string.Join(", ", columns.Select(name => $"\"{name}\""))} FROM "{table.Name}" """);
        (_account, _region) = (new(0, names, text => text), new(1, names, text => text));
        var query = Expression.Parameter(typeof(Query));
        var values = members.Select((member, i) => Expression.Bind(member.PropertyInfo!, Value(member, query, 2 + i, names)));
        _row = Expression.Lambda<Func<Query, TRow>>(Expression.MemberInit(Expression.New(typeof(TRow)), values), query).Compile();
    }

    public bool Next() => _query.Next();

    public string Account => _account.In(_query);

    public string Region => _region.In(_query);

    public TRow Row => _row(_query);

    public void Dispose() => _query.Dispose();

    /// <summary>A column on its way to its member, through the model's converter.</summary>
    private static Expression Value(IProperty property, ParameterExpression query, int place, NamePool names)
    {
        var type = property.PropertyInfo!.PropertyType;
        var given = Nullable.GetUnderlyingType(type) ?? type;
        var converter = property.GetTypeMapping().Converter?.ConvertFromProviderExpression;
        Expression value = property.GetColumnType() switch
        {
            "INTEGER" => Number(nameof(Query.Integer)),
            "REAL" => Number(nameof(Query.Real)),
            "TEXT" => Text(),
            var other => throw new NotSupportedException($"{typeof(TRow).Name}.{property.Name} is {other}."),
        };
        return property.IsNullable
            ? Expression.Condition(Expression.Call(query, nameof(Query.IsNull), null, Expression.Constant(place)), Expression.Default(type), Expression.Convert(value, type))
            : value;

        Expression Number(string column)
        {
            Expression stored = Expression.Call(query, column, null, Expression.Constant(place));
            if (converter is not null)
                return Expression.Invoke(converter, stored);
            return given == typeof(bool) ? Expression.NotEqual(stored, Expression.Constant(0L)) : Expression.Convert(stored, given);
        }

        Expression Text()
        {
            var convert = converter?.Compile() ?? ((string text) => text);
            var column = Activator.CreateInstance(typeof(TextColumn<>).MakeGenericType(given), place, names, convert)!;
            return Expression.Call(Expression.Constant(column), nameof(TextColumn<>.In), null, query);
        }
    }
}
