using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Tests.Storage;

/// <summary>
/// Rows of every type with chance in every member, and histories of them. Made from the types alone, so that a member or a table
/// that is added is in these tests at once.
/// </summary>
internal sealed class AnyRows(int seed)
{
    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly string[] Texts = ["", "plain", "Grüße, 日本語 🦄", "it's \"quoted\" \\ and\nbroken", "{}", "null", " 1 ", "nul\0inside"];

    private readonly Random _chance = new(seed);
    private int _names;

    /// <summary>Puts, changes or removes one row of one table.</summary>
    public void Happen(Realm realm)
    {
        var tables = realm.Tables;
        dynamic table = tables[_chance.Next(tables.Count)];
        var rows = ((ITable)table).Rows.ToArray();
        dynamic? row = rows.Length == 0 ? null : rows[_chance.Next(rows.Length)];
        switch (_chance.Next(6))
        {
            case 0 when row is not null:
                table.Remove(row.Key);
                break;
            case 1 or 2 when row is not null:
                Change(table, row, Next(realm, row));
                break;
            case var _ when row is not null && !Key((Type)row.GetType()).Any(): // a realm has one at most
                Change(table, row, Next(realm, row));
                break;
            default:
                table.Put((dynamic)Row(realm, ((ITable)table).RowType));
                break;
        }
    }

    private static void Change<TKey, TRow>(Table<TKey, TRow> table, TRow row, object next) where TKey : IEquatable<TKey> where TRow : class, IRow<TKey> =>
        table.Change(row.Key, _ => (TRow)next);

    /// <summary>Another row of the same key. Its Ordinal stays, as that of a row does.</summary>
    private object Next(Realm realm, object row)
    {
        var next = Row(realm, row.GetType());
        foreach (var member in row.GetType().GetProperties().Where(member => member.Name == StoredTables.Ordinal || IsKey(member)))
            member.SetValue(next, member.GetValue(row));
        return next;
    }

    private object Row(Realm realm, Type type)
    {
        var row = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var member in type.GetProperties().Where(member => member.CanWrite))
            member.SetValue(row, member.Name switch
            {
                "Ordinal" => realm.NextOrdinal(),
                "NamespaceId" => _chance.Next(3) == 0 ? null : $"space-{_chance.Next(3)}", // none is empty
                _ when member.PropertyType == typeof(string) && (IsKey(member) || member.Name is "ThingGroupName" or "Path") => $"{member.Name}-{++_names}",
                _ => Value(member.PropertyType, Nullability.Create(member)),
            });
        return row;
    }

    private object? Value(Type type, NullabilityInfo nullability)
    {
        if (nullability.WriteState == NullabilityState.Nullable && _chance.Next(3) == 0)
            return null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return Texts[_chance.Next(Texts.Length)];
        if (type == typeof(long))
            return _chance.NextInt64(-1, long.MaxValue);
        if (type == typeof(int))
            return _chance.Next(-1, 1000);
        if (type == typeof(double))
            return _chance.Next(1, 10_000) / 100.0;
        if (type == typeof(bool))
            return _chance.Next(2) == 0;
        if (type == typeof(Moment))
            return new Moment(_chance.NextInt64(0, 4_000_000_000_000));
        if (type == typeof(ValueMap))
            return new ValueMap(Enumerable.Range(0, _chance.Next(3)).Select(i => KeyValuePair.Create($"key-{i}", Texts[_chance.Next(Texts.Length)])));
        if (type.IsEnum)
            return Member(type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EnumText<>))
            return Activator.CreateInstance(type, Member(type.GetGenericArguments()[0]).ToString());
        if (typeof(IEnumerable).IsAssignableFrom(type))
            return List(type, nullability);
        return Structure(type);
    }

    private object List(Type type, NullabilityInfo nullability)
    {
        dynamic list = Activator.CreateInstance(type)!;
        var add = typeof(ICollection<>).MakeGenericType(type.GetGenericArguments()[0]).GetMethod("Add")!;
        for (var count = _chance.Next(3); count > 0; count--)
            add.Invoke((object)list, [Value(type.GetGenericArguments()[0], nullability.GenericTypeArguments[0])]);
        return list;
    }

    private object Structure(Type type)
    {
        var structure = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var member in type.GetProperties().Where(member => member.CanWrite))
            member.SetValue(structure, Value(member.PropertyType, Nullability.Create(member)));
        return structure;
    }

    private object Member(Type type)
    {
        var members = Enum.GetValues(type);
        return members.GetValue(_chance.Next(members.Length))!;
    }

    private static bool IsKey(PropertyInfo member) => Key(member.DeclaringType!).Any(key => key.Name == member.Name);

    private static IEnumerable<PropertyInfo> Key(Type rowType) => StoredTables.TableOf(rowType).Key.Select(name => rowType.GetProperty(name)!);
}
