namespace IoTJobsEmulator.Core.Tests.State;

/// <summary>Rows in chunks are in order, whatever comes and goes at either end and between.</summary>
public sealed class ChunkedRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Rows_stay_in_order(int seed)
    {
        var random = new Random(seed);
        var rows = new TestRealm().Realm.DeletedThings;
        var expected = new SortedSet<long>();
        for (var step = 0; step < 4_000; step++)
        {
            var isGrowing = step / 500 % 2 == 0;
            var number = random.Next(3) switch
            {
                0 => (expected.Count == 0 ? 0 : expected.Min) - 1,
                1 => (expected.Count == 0 ? 0 : expected.Max) + 1,
                _ => random.Next(-1_000, 1_000),
            };
            if (expected.Count > 1 && random.Next(4) < (isGrowing ? 1 : 3))
            {
                number = random.Next(2) == 0 ? expected.Min : expected.ElementAt(random.Next(expected.Count));
                expected.Remove(number);
                rows.Remove(number);
            }
            else if (expected.Add(number))
                rows.Put(new() { ThingName = "pump-1", Ordinal = number });
            Assert.Equal(expected.Count, rows.InOrder.Count);
            if (step % 20 == 0)
                Assert.Equal(expected, rows.InOrder.Rows.Select(row => row.Ordinal));
        }
    }
}
