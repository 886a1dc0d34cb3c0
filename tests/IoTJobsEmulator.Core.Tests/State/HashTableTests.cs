namespace IoTJobsEmulator.Core.Tests.State;

/// <summary>A table finds its rows by their keys as a dictionary does, whatever comes and goes, and however many hash codes are the same.</summary>
public sealed class HashTableTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(2, 64)]
    [InlineData(3, int.MaxValue)]
    public void Rows_are_found_by_their_keys(int seed, int hashCodes)
    {
        var random = new Random(seed);
        var table = new NumberedTable(new TestRealm());
        var expected = new Dictionary<int, NumberedRow>();
        for (var step = 0; step < 6_000; step++)
        {
            // More come than go until there are a few hundred, then more go, and all of it twice.
            var isGrowing = step / 1_500 % 2 == 0;
            var row = new NumberedRow(new(random.Next(600), hashCodes));
            Assert.Equal(expected.GetValueOrDefault(row.Key.Number), table.Find(row.Key));
            if (random.Next(4) < (isGrowing ? 3 : 1))
            {
                if (expected.TryAdd(row.Key.Number, row))
                    table.Put(row);
                else
                    Assert.Throws<ArgumentException>(() => table.Put(row));
            }
            else if (expected.Remove(row.Key.Number))
                table.Remove(row.Key);
            else
                Assert.Throws<KeyNotFoundException>(() => table.Remove(row.Key));
            Assert.Equal(expected.Count, table.Count);
            if (step % 100 == 0)
                Assert.Equal(expected.Values.ToHashSet(), table.All.ToHashSet());
        }
        foreach (var row in expected.Values)
            table.Remove(row.Key);
        Assert.Empty(table.All);
    }

    [Fact]
    public void Rows_are_loaded_beside_those_that_are_left()
    {
        var table = new NumberedTable(new TestRealm());
        var next = 0;
        foreach (var count in (int[])[3, 100, 5])
        {
            NumberedRow[] rows = [.. Enumerable.Range(next, count).Select(number => new NumberedRow(new(number, 10)))];
            foreach (var part in ((ITable<NumberedRow>)table).Load(rows))
                part();
            ((ITable<NumberedRow>)table).EndLoad();
            table.Remove(rows[1].Key);
            next += count;
        }
        int[] expected = [.. Enumerable.Range(0, next).Except([1, 4, 104])];
        Assert.Equal(expected, table.All.Select(row => row.Key.Number).Order());
        Assert.Equal(expected, Enumerable.Range(0, next).Where(number => table.Find(new(number, 10)) is not null));
    }

    /// <summary>A key with one of so many hash codes.</summary>
    private readonly record struct NumberedKey(int Number, int HashCodes)
    {
        public override int GetHashCode() => Number % HashCodes;
    }

    private sealed record NumberedRow(NumberedKey Key) : IRow<NumberedKey>;

    private sealed class NumberedTable(Realm realm) : Table<NumberedKey, NumberedRow>(realm);
}
