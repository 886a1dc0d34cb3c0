namespace IoTJobsEmulator.Core.State;

/// <summary>
/// The rows of a table in groups, and several orders of each group. A group is looked up once for all its orders, and one of a single row, as most of a
/// fleet's are, is the row's slot: nothing else is held for it.
/// </summary>
public abstract class RowGroups<TRow, TGroup> where TRow : class where TGroup : IEquatable<TGroup>
{
    private readonly List<IGroupOrder<TRow>> _orders = [];

    // By group a Slot<TRow>, or an object?[] with what each order holds. While rows are loaded, a List<Slot<TRow>>.
    private HashTable<TGroup, object> _groups = new();

    // While rows are loaded: the slots of each group that has several.
    private List<List<Slot<TRow>>> _gathered = [];

    internal IEnumerable<TGroup> Groups => _groups.Keys;

    /// <summary>The first order has all rows of a group.</summary>
    private protected IEnumerable<Slot<TRow>> AllSlots
    {
        get
        {
            foreach (var held in _groups.Values)
            {
                if (held is Slot<TRow> only)
                    yield return only;
                else
                    foreach (var slot in _orders[0].SlotsOf(((object?[])held)[0]))
                        yield return slot;
            }
        }
    }

    /// <summary>Called by every order when it is made; answers its place among them.</summary>
    internal int Attach(IGroupOrder<TRow> order)
    {
        _orders.Add(order);
        return _orders.Count - 1;
    }

    /// <summary>What an order holds of a group.</summary>
    internal object? HeldOf(TGroup group, int order) => _groups.Find(group) switch
    {
        null => null,
        Slot<TRow> only => _orders[order].HeldOf(only),
        var several => ((object?[])several)[order],
    };

    private protected void Add(TGroup group, Slot<TRow> slot)
    {
        ref var held = ref _groups.FindOrAdd(group);
        switch (held)
        {
            case null:
                held = slot;
                return;
            case Slot<TRow> only:
                var each = new object?[_orders.Count];
                for (var i = 0; i < each.Length; i++)
                    each[i] = _orders[i].HeldOf(only);
                held = each;
                break;
        }
        var several = (object?[])held;
        for (var i = 0; i < several.Length; i++)
            _orders[i].Add(ref several[i], slot);
    }

    /// <summary>
    /// Adds the slots of many rows that are loaded. Until <see cref="AddGathered"/> a group of several holds a list of them, so that what the orders hold of it is
    /// made once, and not anew with each of its rows.
    /// </summary>
    private protected void Gather(Slot<TRow>[] slots, Func<Slot<TRow>, TGroup> groupOf)
    {
        foreach (var slot in slots)
        {
            ref var held = ref _groups.FindOrAdd(groupOf(slot));
            switch (held)
            {
                case null:
                    held = slot;
                    break;
                case Slot<TRow> first:
                    List<Slot<TRow>> both = [first, slot];
                    _gathered.Add(both);
                    held = both;
                    break;
                case List<Slot<TRow>> all:
                    all.Add(slot);
                    break;
                default:
                    _gathered.Add([slot]);
                    break;
            }
        }
    }

    /// <summary>Makes what the orders hold of the groups whose rows were gathered.</summary>
    /// <returns>The slots that are left, to be added one by one: of groups that had several, are large, or have two rows in the same place.</returns>
    private protected List<Slot<TRow>> AddGathered(Func<Slot<TRow>, TGroup> groupOf)
    {
        List<Slot<TRow>> left = [];
        foreach (var gathered in _gathered)
        {
            ref var held = ref _groups[groupOf(gathered[0])];
            if (held is object?[])
            {
                left.AddRange(gathered);
                continue;
            }
            held = TryHold(gathered);
            if (held is not null)
                continue;
            held = gathered[0];
            left.AddRange(gathered.Skip(1));
        }
        _gathered = [];
        return left;
    }

    /// <summary>What each order holds of several rows; null if it has to be made row by row.</summary>
    private object?[]? TryHold(List<Slot<TRow>> several)
    {
        var each = new object?[_orders.Count];
        for (var i = 0; i < each.Length; i++)
        {
            if (!_orders[i].TryHold(several, out each[i]))
                return null;
        }
        return each;
    }

    private protected void Remove(TGroup group, Slot<TRow> slot)
    {
        ref var held = ref _groups[group];
        if (held is not object?[] several)
        {
            _groups.Remove(group);
            return;
        }
        for (var i = 0; i < several.Length; i++)
            _orders[i].Remove(ref several[i], slot);
        if (several[0] is Slot<TRow> last)
            held = last;
    }

    /// <summary>Gives a slot its new place in each order; its row is still <paramref name="before"/>, of the same group.</summary>
    private protected void Move(TGroup group, Slot<TRow> slot, TRow before, TRow after)
    {
        if (_groups[group] is not object?[] several)
            return;
        for (var i = 0; i < several.Length; i++)
            _orders[i].Move(ref several[i], slot, before, after);
    }

    private protected void Exchange(RowGroups<TRow, TGroup> others) => (_groups, others._groups) = (others._groups, _groups);
}

/// <summary>One of the orders of <see cref="RowGroups{TRow, TGroup}"/>, as these see it. What it holds of a group is up to it; null for nothing.</summary>
internal interface IGroupOrder<TRow>
{
    /// <summary>What is held of a group of one row.</summary>
    object? HeldOf(Slot<TRow> only);

    /// <summary>What is held of a group of several rows.</summary>
    /// <returns>False if it has to be made row by row.</returns>
    bool TryHold(List<Slot<TRow>> several, out object? held);

    IEnumerable<Slot<TRow>> SlotsOf(object? held);

    void Add(ref object? held, Slot<TRow> slot);

    void Remove(ref object? held, Slot<TRow> slot);

    void Move(ref object? held, Slot<TRow> slot, TRow before, TRow after);
}

/// <summary>One of the orders of <see cref="RowGroups{TRow, TGroup}"/>: the rows of each group that belong to it.</summary>
public sealed class GroupOrder<TRow, TGroup, TOrder> : GroupedIndex<TRow, TGroup, TOrder>, IGroupOrder<TRow>
    where TRow : class
    where TGroup : IEquatable<TGroup>
    where TOrder : IComparable<TOrder>
{
    private readonly RowGroups<TRow, TGroup> _groups;
    private readonly int _place;
    private readonly Func<TRow, TOrder> _order;
    private readonly Func<TRow, bool> _belongs;

    internal GroupOrder(RowGroups<TRow, TGroup> groups, Func<TRow, TOrder> order, Func<TRow, bool>? belongs = null)
    {
        (_groups, _order, _belongs) = (groups, order, belongs ?? AllRows.Belong);
        _place = groups.Attach(this);
    }

    public override IEnumerable<TGroup> Groups => _groups.Groups.Where(Any);

    public override int Count(TGroup group) => RowsOf(group).Count;

    public override TRow? First(TGroup group) => RowsOf(group).First;

    public override IEnumerable<TRow> RowsIn(TGroup group) => RowsOf(group).Rows;

    public override IEnumerable<TRow> RowsAfter(TGroup group, TOrder place) => RowsOf(group).RowsAfter(place, _order);

    /// <summary>The first row of a group that comes after a place in its order, which need not be taken, or null.</summary>
    public TRow? FirstAfter(TGroup group, TOrder place) => RowsOf(group).FirstAfter(place, _order);

    internal Slot<TRow>? Find(TGroup group, TOrder place) => RowsOf(group).Find(place, _order);

    private protected override Func<TRow, TOrder> OrderIn(TGroup group) => _order;

    object? IGroupOrder<TRow>.HeldOf(Slot<TRow> only) => _belongs(only.Row) ? only : null;

    bool IGroupOrder<TRow>.TryHold(List<Slot<TRow>> several, out object? held)
    {
        var isMade = OrderedRows<TRow, TOrder>.TryMake(several, _belongs, _order, out var rows);
        held = rows.Held;
        return isMade;
    }

    IEnumerable<Slot<TRow>> IGroupOrder<TRow>.SlotsOf(object? held)
    {
        var rows = new OrderedRows<TRow, TOrder>(held);
        return rows.Only is { } only ? [only] : rows.Several;
    }

    void IGroupOrder<TRow>.Add(ref object? held, Slot<TRow> slot)
    {
        if (_belongs(slot.Row))
            Add(ref held, slot, _order(slot.Row));
    }

    void IGroupOrder<TRow>.Remove(ref object? held, Slot<TRow> slot)
    {
        if (_belongs(slot.Row))
            Remove(ref held, _order(slot.Row));
    }

    void IGroupOrder<TRow>.Move(ref object? held, Slot<TRow> slot, TRow before, TRow after)
    {
        var (did, does) = (_belongs(before), _belongs(after));
        if (did && does && _order(before).CompareTo(_order(after)) == 0)
            return;
        if (did)
            Remove(ref held, _order(before));
        if (does)
            Add(ref held, slot, _order(after));
    }

    private OrderedRows<TRow, TOrder> RowsOf(TGroup group) => new(_groups.HeldOf(group, _place));

    private void Add(ref object? held, Slot<TRow> slot, TOrder order)
    {
        var rows = new OrderedRows<TRow, TOrder>(held);
        rows.Add(slot, order, _order);
        held = rows.Held;
    }

    private void Remove(ref object? held, TOrder order)
    {
        var rows = new OrderedRows<TRow, TOrder>(held);
        rows.Remove(order, _order);
        held = rows.Held;
    }
}
