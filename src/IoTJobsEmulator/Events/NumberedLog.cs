namespace IoTJobsEmulator.Events;

/// <summary>What is kept in a <see cref="NumberedLog{TItem}"/>. It takes one number or several.</summary>
internal abstract class NumberedItem
{
    /// <summary>The first of its numbers. Set when it is added.</summary>
    public long First { get; set; }

    /// <summary>The last of its numbers.</summary>
    public long Last => First + Count - 1;

    /// <summary>How many numbers it takes.</summary>
    public virtual int Count => 1;

    /// <summary>About how much memory it keeps.</summary>
    public abstract long Bytes { get; }

    /// <summary>What of <see cref="Bytes"/> the log has counted.</summary>
    internal long CountedBytes { get; set; }
}

/// <summary>The last of what has happened, in one numbering. The oldest items go first; the last one is kept in any case. Used under a lock of its owner.</summary>
/// <param name="maxNumbers">Numbers that are kept at most.</param>
/// <param name="maxBytes">How much is kept at most, about.</param>
internal sealed class NumberedLog<TItem>(int maxNumbers, long maxBytes) where TItem : NumberedItem
{
    // A ring. There may be one more than there are numbers while one is added.
    private readonly TItem?[] _ring = new TItem?[maxNumbers + 1];
    private int _begin, _count;
    private long _bytes;
    private TaskCompletionSource? _added;

    /// <summary>The last number.</summary>
    public long Last { get; private set; }

    /// <summary>The number after which everything is kept, but for what <see cref="Clear"/> has removed.</summary>
    public long Lost { get; private set; }

    public void Add(TItem item)
    {
        item.First = Last + 1;
        Last = item.Last;
        _ring[(_begin + _count++) % _ring.Length] = item;
        Count(item);
        _added?.SetResult();
        _added = null;
    }

    /// <summary>Counts the bytes of an item that has become larger since it was added, if it is still kept.</summary>
    public void Recount(TItem item)
    {
        if (_count > 0 && item.First >= At(0).First)
            Count(item);
    }

    /// <summary>Removes all. Numbers go on.</summary>
    public void Clear()
    {
        while (_count > 0)
            Drop();
    }

    /// <summary>The items that reach beyond a number, oldest first.</summary>
    /// <param name="number">The last number that was seen.</param>
    /// <param name="limit">How many at most.</param>
    public TItem[] After(long number, int limit = int.MaxValue)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Last <= number)
                low = middle + 1;
            else
                high = middle;
        }
        var items = new TItem[Math.Min(limit, _count - low)];
        for (var i = 0; i < items.Length; i++)
            items[i] = At(low + i);
        return items;
    }

    /// <summary>Completes when there is something after a number.</summary>
    public Task WhenAdded(long number) =>
        Last > number ? Task.CompletedTask : (_added ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private TItem At(int place) => _ring[(_begin + place) % _ring.Length]!;

    private void Count(TItem item)
    {
        _bytes += item.Bytes - item.CountedBytes;
        item.CountedBytes = item.Bytes;
        while (_count > 1 && (Last - At(0).First >= maxNumbers || _bytes > maxBytes))
            Lost = Drop().Last;
    }

    private TItem Drop()
    {
        var dropped = At(0);
        _ring[_begin] = null;
        (_begin, _count, _bytes) = ((_begin + 1) % _ring.Length, _count - 1, _bytes - dropped.CountedBytes);
        return dropped;
    }
}
