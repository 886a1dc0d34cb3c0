namespace IoTJobsEmulator.Core.State;

/// <summary>The slots of a table by the keys of their rows.</summary>
internal interface ISlots<TKey, TRow>
{
    int Count { get; }

    /// <summary>The slots, in no order.</summary>
    IEnumerable<Slot<TRow>> All { get; }

    Slot<TRow>? Find(TKey key);

    /// <summary>Adds a slot unless there is one with its key.</summary>
    bool TryAdd(Slot<TRow> slot);

    /// <summary>Answers the slot that was there, or null.</summary>
    Slot<TRow>? Remove(TKey key);

    /// <summary>
    /// Adds many slots, up to one whose key is there already: that one is answered, null when all were added. They are found after <see cref="TryEndLoad"/>,
    /// which may be the one to answer it.
    /// </summary>
    Slot<TRow>? TryLoad(Slot<TRow>[] slots);

    /// <summary>Ends the load of rows.</summary>
    /// <inheritdoc cref="TryLoad"/>
    Slot<TRow>? TryEndLoad();

    /// <summary>Exchanges all slots with those of another table.</summary>
    void Exchange(ISlots<TKey, TRow> other);
}

/// <inheritdoc/>
internal sealed class SlotDictionary<TKey, TRow> : ISlots<TKey, TRow> where TKey : IEquatable<TKey> where TRow : IRow<TKey>
{
    private HashTable<TKey, Slot<TRow>> _slots = new();

    public int Count => _slots.Count;

    public IEnumerable<Slot<TRow>> All => _slots.Values;

    public Slot<TRow>? Find(TKey key) => _slots.Find(key);

    public bool TryAdd(Slot<TRow> slot) => _slots.TryAdd(slot.Row.Key, slot);

    public Slot<TRow>? Remove(TKey key) => _slots.Remove(key);

    public Slot<TRow>? TryLoad(Slot<TRow>[] slots)
    {
        _slots.EnsureCapacity(Count + slots.Length);
        return Array.Find(slots, slot => !TryAdd(slot));
    }

    public Slot<TRow>? TryEndLoad() => null;

    public void Exchange(ISlots<TKey, TRow> other)
    {
        var others = (SlotDictionary<TKey, TRow>)other;
        (_slots, others._slots) = (others._slots, _slots);
    }
}

/// <summary>
/// The slots of a table whose rows come in groups, one after another in an order of their keys. Rows come and go with the slots of the table; as an index it
/// follows how they change.
/// </summary>
internal sealed class GroupedSlots<TKey, TRow, TGroup, TOrder> : RowGroups<TRow, TGroup>, ISlots<TKey, TRow>, IIndex<TRow>
    where TKey : IEquatable<TKey>
    where TRow : class, IRow<TKey>
    where TGroup : IEquatable<TGroup>
    where TOrder : IComparable<TOrder>
{
    private readonly Func<TKey, TGroup> _group;
    private readonly Func<TKey, TOrder> _place;
    private int _count;

    /// <param name="group">The group that a key names.</param>
    /// <param name="place">The place of a key in its group, which tells it from all others.</param>
    public GroupedSlots(Func<TKey, TGroup> group, Func<TKey, TOrder> place)
    {
        (_group, _place) = (group, place);
        ByKey = new(this, row => place(row.Key));
    }

    /// <summary>All rows of a group in the order of their keys.</summary>
    public GroupOrder<TRow, TGroup, TOrder> ByKey { get; }

    public int Count => _count;

    public IEnumerable<Slot<TRow>> All => AllSlots;

    public Slot<TRow>? Find(TKey key) => ByKey.Find(_group(key), _place(key));

    public bool TryAdd(Slot<TRow> slot)
    {
        var key = slot.Row.Key;
        if (Find(key) is not null)
            return false;
        Add(_group(key), slot);
        _count++;
        return true;
    }

    public Slot<TRow>? TryLoad(Slot<TRow>[] slots)
    {
        Gather(slots, GroupOf);
        _count += slots.Length;
        return null;
    }

    public Slot<TRow>? TryEndLoad()
    {
        var left = AddGathered(GroupOf);
        _count -= left.Count;
        return left.Find(slot => !TryAdd(slot));
    }

    public Slot<TRow>? Remove(TKey key)
    {
        if (Find(key) is not { } slot)
            return null;
        Remove(_group(key), slot);
        _count--;
        return slot;
    }

    public void Exchange(ISlots<TKey, TRow> other)
    {
        var others = (GroupedSlots<TKey, TRow, TGroup, TOrder>)other;
        Exchange((RowGroups<TRow, TGroup>)others);
        (_count, others._count) = (others._count, _count);
    }

    private TGroup GroupOf(Slot<TRow> slot) => _group(slot.Row.Key);

    void IIndex<TRow>.Add(Slot<TRow> slot)
    {
    }

    void IIndex<TRow>.Remove(Slot<TRow> slot)
    {
    }

    void IIndex<TRow>.Move(Slot<TRow> slot, TRow before, TRow after) => Move(_group(after.Key), slot, before, after);

    void IIndex<TRow>.Exchange(IIndex<TRow> other)
    {
    }
}
