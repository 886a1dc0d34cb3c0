namespace IoTJobsEmulator.Core.State;

/// <summary>The slots of a table by the keys of their rows.</summary>
internal interface ISlots<TKey, TRow>
{
    int Count { get; }

    /// <summary>The slots, in no order.</summary>
    IEnumerable<Slot<TRow>> All { get; }

    Slot<TRow>? Find(TKey key);

    /// <exception cref="ArgumentException">There is one with this key.</exception>
    void Add(Slot<TRow> slot);

    /// <summary>Answers the slot that was there, or null.</summary>
    Slot<TRow>? Remove(TKey key);

    /// <summary>Makes room for many that are added one after another.</summary>
    void EnsureCapacity(int count);

    /// <summary>Exchanges all slots with those of another table.</summary>
    void Exchange(ISlots<TKey, TRow> other);
}

/// <inheritdoc/>
internal sealed class SlotDictionary<TKey, TRow> : ISlots<TKey, TRow> where TKey : notnull where TRow : IRow<TKey>
{
    private Dictionary<TKey, Slot<TRow>> _slots = [];

    public int Count => _slots.Count;

    public IEnumerable<Slot<TRow>> All => _slots.Values;

    public Slot<TRow>? Find(TKey key) => _slots.GetValueOrDefault(key);

    public void Add(Slot<TRow> slot) => _slots.Add(slot.Row.Key, slot);

    public Slot<TRow>? Remove(TKey key) => _slots.Remove(key, out var slot) ? slot : null;

    public void EnsureCapacity(int count) => _slots.EnsureCapacity(count);

    public void Exchange(ISlots<TKey, TRow> other)
    {
        var others = (SlotDictionary<TKey, TRow>)other;
        (_slots, others._slots) = (others._slots, _slots);
    }
}

/// <summary>
/// The slots by keys of which a part names a group and the rest tells the rows of a group apart. It also lists the rows of a group, so that the table needs
/// no index for it.
/// </summary>
internal sealed class GroupedSlots<TKey, TRow, TGroup, TOrder> : GroupedIndex<TRow, TGroup, TOrder>, ISlots<TKey, TRow>
    where TKey : notnull
    where TRow : class, IRow<TKey>
    where TGroup : notnull
{
    private readonly Func<TKey, TGroup> _group;
    private readonly Func<TKey, TOrder> _order;
    private readonly Func<TRow, TOrder> _orderOf;
    private int _count;

    /// <param name="group">The group that a key names.</param>
    /// <param name="order">The place of a key in the order of its group.</param>
    public GroupedSlots(Func<TKey, TGroup> group, Func<TKey, TOrder> order) => (_group, _order, _orderOf) = (group, order, row => order(row.Key));

    int ISlots<TKey, TRow>.Count => _count;

    public IEnumerable<Slot<TRow>> All => AllSlots;

    private protected override Func<TRow, TOrder> OrderIn(TGroup group) => _orderOf;

    public Slot<TRow>? Find(TKey key) => Find(_group(key), _order(key));

    public void Add(Slot<TRow> slot)
    {
        var key = slot.Row.Key;
        if (Find(key) is not null)
            throw new ArgumentException($"There is a {typeof(TRow).Name} {key} already.", nameof(slot));
        Add(slot, _group(key), _order(key));
        _count++;
    }

    public Slot<TRow>? Remove(TKey key)
    {
        if (Find(key) is not { } slot)
            return null;
        Remove(_group(key), _order(key));
        _count--;
        return slot;
    }

    public void Exchange(ISlots<TKey, TRow> other)
    {
        var others = (GroupedSlots<TKey, TRow, TGroup, TOrder>)other;
        ExchangeGroups(others);
        (_count, others._count) = (others._count, _count);
    }
}
