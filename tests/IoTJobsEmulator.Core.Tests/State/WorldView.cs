using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Tests.State;

/// <summary>
/// A realm as it stands, to be compared with another: each table's rows and each index's groups, found by looking at the tables'
/// members, so that a new table or index needs no line here.
/// </summary>
internal static class WorldView
{
    /// <summary>The rows of each table, by table, and of each group of each index in order.</summary>
    public static Dictionary<string, List<object>> Of(Realm realm)
    {
        Dictionary<string, List<object>> view = [];
        foreach (var table in realm.Tables)
        {
            view[table.GetType().Name] = [.. table.Rows.OrderBy(row => (string)((dynamic)row).Key.ToString(), StringComparer.Ordinal)];
            foreach (var (name, index) in Indexes(table))
            {
                foreach (var group in index.Groups)
                {
                    List<object> rows = [.. index.In(group)];
                    view.Add($"{table.GetType().Name}.{name}[{group}]", rows);
                    Assert.Equal(rows.Count, (int)index.Count(group));
                    Assert.Same(rows[0], (object)index.First(group));
                    Assert.True(index.Any(group));
                }
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

    public static void AssertSame(Dictionary<string, List<object>> expected, Dictionary<string, List<object>> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (place, rows) in expected)
            Assert.True(rows.SequenceEqual(actual[place]), $"{place} differs");
    }

    /// <summary>No row is missing from an index, none is in it twice or under another group, and all are in order.</summary>
    public static void AssertIndexesFollowRows(Realm realm) => AssertSame(Of(Rebuilt(realm)), Of(realm));

    private static IEnumerable<(string Name, dynamic Index)> Indexes(ITable table) =>
        from property in table.GetType().GetProperties()
        where property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() is { } type
            && (type == typeof(Index<,,>) || type == typeof(ManyIndex<,,>))
        select (property.Name, (dynamic)property.GetValue(table)!);
}
