using IoTJobsEmulator.Events;

namespace IoTJobsEmulator.Tests.Events;

/// <summary>What a log keeps of items that have one number or several.</summary>
public sealed class NumberedLogTests
{
    private readonly NumberedLog<Item> _log = new(maxNumbers: 10, maxBytes: 1_000);

    [Fact]
    public void The_oldest_go_when_there_are_too_many_numbers_and_those_of_an_item_go_together()
    {
        Item first = new(4), second = new(4), third = new(3);
        _log.Add(first);
        _log.Add(second);
        Assert.Equal((8, 0), (_log.Last, _log.Lost));
        _log.Add(third);
        Assert.Equal((11, 4), (_log.Last, _log.Lost));
        Assert.Equal([second, third], _log.After(0));
        Assert.Equal([(5, 8), (9, 11)], _log.After(0).Select(item => (item.First, item.Last)));
    }

    [Fact]
    public void The_last_is_kept_however_large_it_is()
    {
        Item small = new(1), large = new(20, bytes: 5_000);
        _log.Add(small);
        _log.Add(large);
        Assert.Equal([large], _log.After(0));
        _log.Add(small = new(1));
        Assert.Equal([small], _log.After(0));
    }

    [Fact]
    public void What_grows_after_it_was_added_counts_as_what_it_is()
    {
        Item first = new(1, bytes: 300), second = new(1, bytes: 300), third = new(1, bytes: 300);
        _log.Add(first);
        _log.Add(second);
        _log.Add(third);
        third.Size = 500;
        _log.Recount(third);
        Assert.Equal([second, third], _log.After(0));

        // What is no longer kept counts for nothing.
        first.Size = 5_000;
        _log.Recount(first);
        _log.Add(new(1, bytes: 200));
        Assert.Equal(3, _log.After(0).Length);
    }

    [Fact]
    public void An_item_is_found_by_each_of_its_numbers()
    {
        Item first = new(3), second = new(3);
        _log.Add(first);
        _log.Add(second);
        Assert.Equal([first, second], _log.After(2));
        Assert.Equal([second], _log.After(3));
        Assert.Equal([second], _log.After(5));
        Assert.Empty(_log.After(6));
        Assert.Equal([first], _log.After(0, limit: 1));
    }

    [Fact]
    public void Numbers_go_on_after_all_is_removed()
    {
        _log.Add(new(3));
        _log.Clear();
        Assert.Empty(_log.After(0));
        var next = new Item(2);
        _log.Add(next);
        Assert.Equal((4, 5, 0), (next.First, _log.Last, _log.Lost));
    }

    [Fact]
    public void Who_waits_is_told_of_the_next_item()
    {
        _log.Add(new(3));
        Assert.True(_log.WhenAdded(2).IsCompleted);
        var added = _log.WhenAdded(3);
        Assert.False(added.IsCompleted);
        _log.Add(new(1));
        Assert.True(added.IsCompleted);
    }

    private sealed class Item(int count, long bytes = 10) : NumberedItem
    {
        public long Size { get; set; } = bytes;

        public override int Count => count;

        public override long Bytes => Size;
    }
}
