using System.Linq.Expressions;
using IoTJobsEmulator.Core.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SQLitePCL;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Writes the rows of one table: a prepared upsert and a prepared delete, made from EF's model, because SaveChanges costs four to
/// ten times as much (performance.md).
/// </summary>
internal sealed class RowWriter : IDisposable
{
    private readonly Column[] _columns;
    private readonly Column[] _key;
    private readonly Statement _upsert;
    private readonly Statement _delete;

    public RowWriter(IEntityType type, sqlite3 database)
    {
        var table = StoreObjectIdentifier.Table(type.GetTableName()!);
        _columns = [.. type.GetProperties().Where(property => !property.IsShadowProperty()).Select(property => new Column(property, table))];
        _key = [.. _columns.Where(column => column.IsKey)];
        string[] whose = [JobsDb.Account, JobsDb.Region];
        string[] names = [.. whose, .. _columns.Select(column => column.Name)];
        string[] keyNames = [.. whose, .. _key.Select(column => column.Name)];
        string[] others = [.. names.Except(keyNames)];
        var update = others.Length == 0 ? "NOTHING" : $"UPDATE SET {List(others.Select(name => $"\"{name}\" = excluded.\"{name}\""))}";
        _upsert = new(database, $"""
            INSERT INTO "{table.Name}" ({List(names.Select(name => $"\"{name}\""))}) VALUES ({List(names.Select(_ => "?"))})
            ON CONFLICT ({List(keyNames.Select(name => $"\"{name}\""))}) DO {update}
            """);
        _delete = new(database, $"""DELETE FROM "{table.Name}" WHERE {string.Join(" AND ", keyNames.Select(name => $"\"{name}\" = ?"))}""");
    }

    public void Put(Realm realm, object row) => Run(_upsert, realm, _columns, row);

    public void Remove(Realm realm, object row) => Run(_delete, realm, _key, row);

    public void Dispose()
    {
        _upsert.Dispose();
        _delete.Dispose();
    }

    private static void Run(Statement statement, Realm realm, Column[] columns, object row)
    {
        statement.Bind(1, realm.Account);
        statement.Bind(2, realm.Region);
        for (var i = 0; i < columns.Length; i++)
            columns[i].Bind(statement, 3 + i, row);
        statement.Run();
    }

    private static string List(IEnumerable<string> parts) => string.Join(", ", parts);

    /// <summary>One member of the row on its way to its column, through the model's converter.</summary>
    private sealed class Column
    {
        private readonly Func<object, long?>? _integer;
        private readonly Func<object, double?>? _real;
        private readonly Func<object, string?>? _text;

        public Column(IProperty property, StoreObjectIdentifier table)
        {
            Name = property.GetColumnName(table)!;
            IsKey = property.IsPrimaryKey();
            switch (property.GetColumnType())
            {
                case "INTEGER":
                    _integer = Getter<long?>(property);
                    break;
                case "REAL":
                    _real = Getter<double?>(property);
                    break;
                case "TEXT":
                    _text = Getter<string?>(property);
                    break;
                case var other:
                    throw new NotSupportedException($"{table.Name}.{Name} is {other}.");
            }
        }

        public string Name { get; }

        public bool IsKey { get; }

        public void Bind(Statement statement, int place, object row)
        {
            if (_integer is not null)
                statement.Bind(place, _integer(row));
            else if (_text is not null)
                statement.Bind(place, _text(row));
            else
                statement.Bind(place, _real!(row));
        }

        private static Func<object, TValue> Getter<TValue>(IProperty property)
        {
            var row = Expression.Parameter(typeof(object));
            Expression member = Expression.Property(Expression.Convert(row, property.DeclaringEntityType.ClrType), property.PropertyInfo!);
            var type = Nullable.GetUnderlyingType(member.Type) ?? member.Type;
            var given = type == member.Type ? member : Expression.Property(member, nameof(Nullable<int>.Value));
            Expression stored = property.GetTypeMapping().Converter is { } converter ? Expression.Invoke(converter.ConvertToProviderExpression, given) : given;
            if (stored.Type == typeof(bool))
                stored = Expression.Condition(stored, Expression.Constant(1L), Expression.Constant(0L));
            stored = Expression.Convert(stored, typeof(TValue));
            if (property.IsNullable)
                stored = Expression.Condition(Expression.Equal(member, Expression.Constant(null, member.Type)), Expression.Default(typeof(TValue)), stored);
            return Expression.Lambda<Func<object, TValue>>(stored, row).Compile();
        }
    }
}
