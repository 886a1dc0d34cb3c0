using System.Reflection;

namespace IoTJobsEmulator.Core.Tests.State;

/// <summary>
/// A realm as it stands, to be compared with another: each table's rows and each index's groups, found by looking at the tables'
/// members, so that a new table or index needs no line here.
/// </summary>
internal static class WorldView
{
    /// <summary>The rows of each table in no order, and of each group of each index in order.</summary>
    public static Dictionary<(string Place, object? Group), List<object>> Of(Realm realm)
    {
        Dictionary<(string, object?), List<object>> view = [];
        foreach (var table in realm.Tables)
        {
            var name = table.GetType().Name;
            view[(name, null)] = [.. table.Rows];
            foreach (var property in table.GetType().GetProperties())
            {
                if (AdderOf(property.PropertyType) is { } add)
                    add.MakeGenericMethod(property.PropertyType.GenericTypeArguments).Invoke(null, [view, $"{name}.{property.Name}", property.GetValue(table)]);
            }
        }
        return view;
    }

    /// <summary>A realm of the same rows, each put in its place anew in another order: what the indexes should be.</summary>
    public static Realm Rebuilt(Realm realm)
    {
        var again = new World(() => default).Realm(realm.Account, realm.Region);
        foreach (var (from, to) in realm.Tables.Zip(again.Tables))
        {
            foreach (var row in from.Rows.Reverse())
                to.Load(row);
        }
        return again;
    }

    public static void AssertSame(Dictionary<(string Place, object? Group), List<object>> expected, Dictionary<(string Place, object? Group), List<object>> actual)
    {
        Assert.Empty(expected.Keys.ToHashSet().Except(actual.Keys));
        Assert.Empty(actual.Keys.ToHashSet().Except(expected.Keys));
        foreach (var (place, rows) in expected)
            Assert.True(place.Group is null ? rows.Count == actual[place].Count && rows.ToHashSet().SetEquals(actual[place]) : rows.SequenceEqual(actual[place]), $"{place} differs");
    }

    /// <summary>No row is missing from an index, none is in it twice or under another group, and all are in order.</summary>
    public static void AssertIndexesFollowRows(Realm realm) => AssertSame(Of(Rebuilt(realm)), Of(realm));

    private static MethodInfo? AdderOf(Type type)
    {
        var isGrouped = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(GroupedIndex<,,>);
        if (!isGrouped && !type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IIndex<>)))
            return null;
        return typeof(WorldView).GetMethod(type.GetGenericTypeDefinition() == typeof(OrderedIndex<,>) ? nameof(AddOrdered) : nameof(Add), BindingFlags.NonPublic | BindingFlags.Static);
    }

    private static void Add<TRow, TGroup, TOrder>(Dictionary<(string, object?), List<object>> view, string name, GroupedIndex<TRow, TGroup, TOrder> index)
        where TRow : class where TGroup : IEquatable<TGroup> where TOrder : IComparable<TOrder>
    {
        foreach (var group in index.Groups)
        {
            List<object> rows = [.. index.RowsIn(group)];
            view.Add((name, group), rows);
            Assert.Equal(rows.Count, index.Count(group));
            Assert.Same(rows[0], index.First(group));
            Assert.True(index.Any(group));
        }
    }

    private static void AddOrdered<TRow, TOrder>(Dictionary<(string, object?), List<object>> view, string name, OrderedIndex<TRow, TOrder> index)
        where TRow : class where TOrder : IComparable<TOrder>
    {
        List<object> rows = [.. index.Rows];
        view.Add((name, "all"), rows);
        Assert.Equal((rows.Count, rows.Count > 0), (index.Count, index.Any));
        Assert.Same(rows.FirstOrDefault(), index.First);
    }
}
