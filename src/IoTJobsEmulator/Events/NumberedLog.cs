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
}

/// <summary>The last of what has happened, in one numbering. The oldest items go first; the last one is kept in any case. Used under a lock of its owner.</summary>
/// <param name="maxNumbers">Numbers that are kept at most.</param>
/// <param name="maxBytes">How much is kept at most, about.</param>
internal sealed class NumberedLog<TItem>(int maxNumbers, long maxBytes) where TItem : NumberedItem
{
    // A ring. There may be one more than there are numbers while one is added.
    private readonly Place[] _ring = new Place[maxNumbers + 1];
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
        At(_count++) = new(item, item.First);
        Count(ref At(_count - 1));
        _added?.SetResult();
        _added = null;
    }

    /// <summary>Counts the bytes of an item that has become larger since it was added, if it is still kept.</summary>
    public void Recount(TItem item)
    {
        if (_count > 0 && item.First >= At(0).First)
            Count(ref At(PlaceAfter(item.First - 1)));
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
        var first = PlaceAfter(number);
        var items = new TItem[Math.Min(limit, _count - first)];
        for (var i = 0; i < items.Length; i++)
            items[i] = At(first + i).Item;
        return items;
    }

    /// <summary>Completes when there is something after a number.</summary>
    public Task WhenAdded(long number) =>
        Last > number ? Task.CompletedTask : (_added ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private ref Place At(int place) => ref _ring[(_begin + place) % _ring.Length];

    /// <summary>The place of the first item that reaches beyond a number.</summary>
    private int PlaceAfter(long number)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Item.Last <= number)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void Count(ref Place place)
    {
        var bytes = place.Item.Bytes;
        (_bytes, place.Bytes) = (_bytes + bytes - place.Bytes, bytes);
        while (_count > 1 && (Last - At(0).First >= maxNumbers || _bytes > maxBytes))
        {
            Drop();
            Lost = At(0).First - 1;
        }
    }

    private void Drop()
    {
        _bytes -= At(0).Bytes;
        At(0) = default;
        (_begin, _count) = ((_begin + 1) % _ring.Length, _count - 1);
    }

    /// <summary>
    /// A place of the ring. What is asked of the oldest item for each that is added stands here: the item itself is long out of the processor's caches.
    /// </summary>
    private struct Place(TItem item, long first)
    {
        public readonly TItem Item = item;

        public readonly long First = first;

        /// <summary>What of <see cref="NumberedItem.Bytes"/> is counted.</summary>
        public long Bytes;
    }
}
