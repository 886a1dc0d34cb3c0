namespace IoTJobsEmulator.Core.State;

/// <summary>Where a row lies. The indexes hold slots, so a row that changes and keeps its place in an index costs that index nothing.</summary>
public sealed class Slot<TRow>(TRow row)
{
    public TRow Row { get; set; } = row;

    /// <summary>The rows of slots, from one on.</summary>
    internal static IEnumerable<TRow> RowsOf(Slot<TRow>[] slots, int from = 0)
    {
        for (var at = from; at < slots.Length; at++)
            yield return slots[at].Row;
    }
}

/// <summary>What follows the rows of a table. Made with the table that it follows, which keeps it up to date from then on.</summary>
public interface IIndex<TRow>
{
    void Add(Slot<TRow> slot);

    void Remove(Slot<TRow> slot);

    /// <summary>Gives the slot its new place; its row is still <paramref name="before"/>.</summary>
    void Move(Slot<TRow> slot, TRow before, TRow after);

    /// <summary>Exchanges all that it holds with the same index of another table.</summary>
    void Exchange(IIndex<TRow> other);
}

/// <summary>The rows of an index that has no condition.</summary>
internal static class AllRows
{
    public static bool Belong<TRow>(TRow row) => true;
}

/// <summary>A table as its indexes see it.</summary>
public interface IIndexed<TRow>
{
    /// <summary>Called by every index when it is made, so that none can be forgotten.</summary>
    internal void Attach(IIndex<TRow> index);
}

/// <summary>An index without groups: the rows that belong to it, in one order.</summary>
public sealed class OrderedIndex<TRow, TOrder> : IIndex<TRow> where TRow : class where TOrder : IComparable<TOrder>
{
    private readonly Func<TRow, TOrder> _order;
    private readonly Func<TRow, bool> _belongs;
    private OrderedRows<TRow, TOrder> _rows;

    internal OrderedIndex(IIndexed<TRow> table, Func<TRow, TOrder> order, Func<TRow, bool>? belongs = null)
    {
        (_order, _belongs) = (order, belongs ?? AllRows.Belong);
        table.Attach(this);
    }

    public bool Any => !_rows.IsEmpty;

    public int Count => _rows.Count;

    /// <summary>The first row, or null.</summary>
    public TRow? First => _rows.First;

    /// <summary>The rows in order. Not to be enumerated while the index changes.</summary>
    public IEnumerable<TRow> Rows => _rows.Rows;

    /// <summary>The rows that come after a place in the order, which need not be taken. Not to be enumerated while the index changes.</summary>
    public IEnumerable<TRow> RowsAfter(TOrder place) => _rows.RowsAfter(place, _order);

    void IIndex<TRow>.Add(Slot<TRow> slot)
    {
        if (_belongs(slot.Row))
            _rows.Add(slot, _order(slot.Row), _order);
    }

    void IIndex<TRow>.Remove(Slot<TRow> slot)
    {
        if (_belongs(slot.Row))
            _rows.Remove(_order(slot.Row), _order);
    }

    void IIndex<TRow>.Move(Slot<TRow> slot, TRow before, TRow after)
    {
        var (did, does) = (_belongs(before), _belongs(after));
        if (did && does && _order(before).CompareTo(_order(after)) == 0)
            return;
        if (did)
            _rows.Remove(_order(before), _order);
        if (does)
            _rows.Add(slot, _order(after), _order);
    }

    void IIndex<TRow>.Exchange(IIndex<TRow> other)
    {
        var others = (OrderedIndex<TRow, TOrder>)other;
        (_rows, others._rows) = (others._rows, _rows);
    }
}

/// <summary>Rows in groups, each group in order.</summary>
public abstract class GroupedIndex<TRow, TGroup, TOrder> where TRow : class where TGroup : IEquatable<TGroup> where TOrder : IComparable<TOrder>
{
    /// <summary>The groups that have rows, in no order.</summary>
    public abstract IEnumerable<TGroup> Groups { get; }

    public bool Any(TGroup group) => First(group) is not null;

    public abstract int Count(TGroup group);

    /// <summary>The first row of a group, or null.</summary>
    public abstract TRow? First(TGroup group);

    /// <summary>The rows of a group in order. Not to be enumerated while the group changes.</summary>
    public abstract IEnumerable<TRow> RowsIn(TGroup group);

    /// <summary>The rows of a group that come after a place in its order, which need not be taken. Not to be enumerated while the group changes.</summary>
    public abstract IEnumerable<TRow> RowsAfter(TGroup group, TOrder place);

    /// <summary>The rows of several groups that come after a place, merged into one order. Not to be enumerated while the groups change.</summary>
    public IEnumerable<TRow> MergedRowsAfter(IEnumerable<TGroup> groups, TOrder place)
    {
        var lists = new List<SortedRows<TRow, TOrder>>();
        foreach (var group in groups)
            lists.Add(new(RowsAfter(group, place), OrderIn(group)));
        return MergedRows.Of(lists);
    }

    /// <summary>How the order of a row in a group is found.</summary>
    private protected abstract Func<TRow, TOrder> OrderIn(TGroup group);
}

/// <summary>An index with groups of its own. An empty group is removed.</summary>
public abstract class GroupDictionary<TRow, TGroup, TOrder> : GroupedIndex<TRow, TGroup, TOrder>
    where TRow : class
    where TGroup : IEquatable<TGroup>
    where TOrder : IComparable<TOrder>
{
    private HashTable<TGroup, OrderedRows<TRow, TOrder>> _groups = new();

    public override IEnumerable<TGroup> Groups => _groups.Keys;

    /// <summary>Whether no row has a place.</summary>
    public bool IsEmpty => _groups.Count == 0;

    public override int Count(TGroup group) => _groups.Find(group).Count;

    public override TRow? First(TGroup group) => _groups.Find(group).First;

    public override IEnumerable<TRow> RowsIn(TGroup group) => _groups.Find(group).Rows;

    public override IEnumerable<TRow> RowsAfter(TGroup group, TOrder place) =>
        _groups.Find(group).RowsAfter(place, OrderIn(group));

    public void Exchange(IIndex<TRow> other)
    {
        var others = (GroupDictionary<TRow, TGroup, TOrder>)other;
        (_groups, others._groups) = (others._groups, _groups);
    }

    private protected void Add(Slot<TRow> slot, TGroup group, TOrder order) =>
        _groups.FindOrAdd(group).Add(slot, order, OrderIn(group));

    /// <summary>Gives a slot of a group another place in its order.</summary>
    private protected void Move(Slot<TRow> slot, TGroup group, TOrder from, TOrder to)
    {
        ref var rows = ref _groups[group];
        rows.Remove(from, OrderIn(group));
        rows.Add(slot, to, OrderIn(group));
    }

    private protected void Remove(TGroup group, TOrder order)
    {
        ref var rows = ref _groups[group];
        rows.Remove(order, OrderIn(group));
        if (rows.IsEmpty)
            _groups.Remove(group);
    }
}

/// <summary>An index in which each row that belongs has one place.</summary>
public sealed class Index<TRow, TGroup, TOrder> : GroupDictionary<TRow, TGroup, TOrder>, IIndex<TRow>
    where TRow : class
    where TGroup : IEquatable<TGroup>
    where TOrder : IComparable<TOrder>
{
    private readonly Func<TRow, TGroup> _group;
    private readonly Func<TRow, TOrder> _order;
    private readonly Func<TRow, bool> _belongs;

    internal Index(IIndexed<TRow> table, Func<TRow, TGroup> group, Func<TRow, TOrder> order, Func<TRow, bool>? belongs = null)
    {
        (_group, _order, _belongs) = (group, order, belongs ?? AllRows.Belong);
        table.Attach(this);
    }

    private protected override Func<TRow, TOrder> OrderIn(TGroup group) => _order;

    void IIndex<TRow>.Add(Slot<TRow> slot)
    {
        if (_belongs(slot.Row))
            Add(slot, _group(slot.Row), _order(slot.Row));
    }

    void IIndex<TRow>.Remove(Slot<TRow> slot)
    {
        if (_belongs(slot.Row))
            Remove(_group(slot.Row), _order(slot.Row));
    }

    void IIndex<TRow>.Move(Slot<TRow> slot, TRow before, TRow after)
    {
        var (did, does) = (_belongs(before), _belongs(after));
        if (did && does && _group(before).Equals(_group(after)))
        {
            var (from, to) = (_order(before), _order(after));
            if (from.CompareTo(to) != 0)
                Move(slot, _group(after), from, to);
            return;
        }
        if (did)
            Remove(_group(before), _order(before));
        if (does)
            Add(slot, _group(after), _order(after));
    }
}

/// <summary>An index in which a row has a place under each of several groups, or none.</summary>
public sealed class ManyIndex<TRow, TGroup, TOrder> : GroupDictionary<TRow, TGroup, TOrder>, IIndex<TRow>
    where TRow : class
    where TGroup : struct, IEquatable<TGroup>
    where TOrder : IComparable<TOrder>
{
    private readonly Action<TRow, StructList<TGroup>> _findGroups;
    private readonly Func<TGroup, Func<TRow, TOrder>> _orderIn;
    private readonly Func<TRow, TRow, bool> _samePlaces;

    // Used again for each row.
    private readonly StructList<TGroup> _groupsOfRow = new();

    /// <param name="table">The table.</param>
    /// <param name="findGroups">Adds the groups of a row.</param>
    /// <param name="orderIn">How a group is ordered.</param>
    /// <param name="samePlaces">Whether two versions of a row have the same groups, and the same places in them.</param>
    internal ManyIndex(
        IIndexed<TRow> table, Action<TRow, StructList<TGroup>> findGroups, Func<TGroup, Func<TRow, TOrder>> orderIn, Func<TRow, TRow, bool> samePlaces)
    {
        (_findGroups, _orderIn, _samePlaces) = (findGroups, orderIn, samePlaces);
        table.Attach(this);
    }

    private protected override Func<TRow, TOrder> OrderIn(TGroup group) => _orderIn(group);

    void IIndex<TRow>.Add(Slot<TRow> slot) => Add(slot, slot.Row);

    void IIndex<TRow>.Remove(Slot<TRow> slot) => Remove(slot.Row);

    void IIndex<TRow>.Move(Slot<TRow> slot, TRow before, TRow after)
    {
        if (_samePlaces(before, after))
            return;
        Remove(before);
        Add(slot, after);
    }

    private void Add(Slot<TRow> slot, TRow row)
    {
        FindGroups(row);
        for (var i = 0; i < _groupsOfRow.Count; i++)
            Add(slot, _groupsOfRow[i], OrderIn(_groupsOfRow[i])(row));
    }

    private void Remove(TRow row)
    {
        FindGroups(row);
        for (var i = 0; i < _groupsOfRow.Count; i++)
            Remove(_groupsOfRow[i], OrderIn(_groupsOfRow[i])(row));
    }

    private void FindGroups(TRow row)
    {
        _groupsOfRow.Clear();
        _findGroups(row, _groupsOfRow);
    }
}
