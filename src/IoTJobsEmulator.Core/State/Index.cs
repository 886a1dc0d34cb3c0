using System.Runtime.InteropServices;

namespace IoTJobsEmulator.Core.State;

/// <summary>Where a row lies. The indexes hold slots, so a row that changes without being filed elsewhere costs them nothing.</summary>
public sealed class Slot<TRow>(TRow row)
{
    public TRow Row { get; set; } = row;
}

public interface IIndex<TRow>
{
    void Add(Slot<TRow> slot);

    void Remove(Slot<TRow> slot);

    /// <summary>Files the slot anew; its row is still <paramref name="before"/>.</summary>
    void Move(Slot<TRow> slot, TRow before, TRow after);

    void Clear();
}

/// <summary>
/// Rows in groups, in order. A group of one is the slot itself, a group of few an array of slots, any other a set: most groups of a
/// fleet are small, and this halves its memory. An empty group is let go. The order must tell all rows of a group apart (it ends
/// in a row's Ordinal), or rows would vanish.
/// </summary>
public abstract class IndexGroups<TRow, TGroup, TOrder> where TRow : class where TGroup : notnull
{
    /// <summary>The largest group of few: beyond it moving slots along costs more than a set.</summary>
    private const int Few = 16;

    private static readonly Comparer<TOrder> Order = Comparer<TOrder>.Default;
    private static readonly Comparer<Entry> Comparer = Comparer<Entry>.Create((a, b) => Order.Compare(a.Order, b.Order));

    // The value is a Slot<TRow>, a Slot<TRow>[] without gaps or a SortedSet<Entry>.
    private readonly Dictionary<TGroup, object> _groups = [];

    private readonly record struct Entry(TOrder Order, Slot<TRow>? Slot);

    /// <summary>The order of a row that is in a small group.</summary>
    private protected abstract TOrder OrderOf(TGroup group, TRow row);

    public IEnumerable<TGroup> Groups => _groups.Keys;

    public bool Any(TGroup group) => _groups.ContainsKey(group);

    public int Count(TGroup group) => _groups.GetValueOrDefault(group) switch
    {
        null => 0,
        SortedSet<Entry> set => set.Count,
        Slot<TRow>[] few => few.Length,
        _ => 1,
    };

    /// <summary>The first row of a group, or null.</summary>
    public TRow? First(TGroup group) => _groups.GetValueOrDefault(group) switch
    {
        null => null,
        SortedSet<Entry> set => set.Min.Slot!.Row,
        Slot<TRow>[] few => few[0].Row,
        var slot => ((Slot<TRow>)slot).Row,
    };

    /// <summary>The rows of a group in order. Not to be enumerated while the group changes.</summary>
    public IEnumerable<TRow> In(TGroup group) => _groups.GetValueOrDefault(group) switch
    {
        null => [],
        SortedSet<Entry> set => set.Select(entry => entry.Slot!.Row),
        Slot<TRow>[] few => few.Select(slot => slot.Row),
        var slot => [((Slot<TRow>)slot).Row],
    };

    /// <summary>The rows of a group that come after a place in its order, which need not be taken. Not to be enumerated while the group changes.</summary>
    public IEnumerable<TRow> After(TGroup group, TOrder place)
    {
        switch (_groups.GetValueOrDefault(group))
        {
            case null:
                return [];
            case SortedSet<Entry> set:
                var start = new Entry(place, null);
                var last = set.Max;
                if (Comparer.Compare(start, last) >= 0)
                    return [];
                return set.GetViewBetween(start, last).Where(entry => Comparer.Compare(entry, start) != 0).Select(entry => entry.Slot!.Row);
            case Slot<TRow>[] few:
                var from = PlaceIn(few, group, place);
                return few.Skip(from < 0 ? ~from : from + 1).Select(slot => slot.Row);
            case var slot:
                var row = ((Slot<TRow>)slot).Row;
                return Order.Compare(OrderOf(group, row), place) > 0 ? [row] : [];
        }
    }

    /// <summary>The rows of several groups that come after a place, merged into one order. Not to be enumerated while the groups change.</summary>
    public IEnumerable<TRow> Merged(IEnumerable<TGroup> groups, TOrder place)
    {
        var heads = new PriorityQueue<(TGroup Group, IEnumerator<TRow> Rows), TOrder>();
        foreach (var group in groups)
            Enqueue(group, After(group, place).GetEnumerator());
        while (heads.TryDequeue(out var head, out _))
        {
            yield return head.Rows.Current;
            Enqueue(head.Group, head.Rows);
        }

        void Enqueue(TGroup group, IEnumerator<TRow> rows)
        {
            if (rows.MoveNext())
                heads.Enqueue((group, rows), OrderOf(group, rows.Current));
        }
    }

    public void Clear()
    {
        _groups.Clear();
        _groups.TrimExcess();
    }

    private protected void File(Slot<TRow> slot, TGroup group, TOrder order)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, group, out _);
        switch (held)
        {
            case null:
                held = slot;
                break;
            case SortedSet<Entry> set:
                set.Add(new(order, slot));
                break;
            case Slot<TRow>[] { Length: Few } full:
                held = new SortedSet<Entry>(full.Select(one => new Entry(OrderOf(group, one.Row), one)).Append(new(order, slot)), Comparer);
                break;
            case Slot<TRow>[] few:
                var place = ~PlaceIn(few, group, order);
                held = (Slot<TRow>[])[.. few.AsSpan(0, place), slot, .. few.AsSpan(place)];
                break;
            case var only:
                var first = (Slot<TRow>)only;
                held = Order.Compare(OrderOf(group, first.Row), order) < 0 ? (Slot<TRow>[])[first, slot] : (Slot<TRow>[])[slot, first];
                break;
        }
    }

    private protected void Unfile(TGroup group, TOrder order)
    {
        switch (_groups[group])
        {
            case SortedSet<Entry> set:
                set.Remove(new(order, null));
                if (set.Count == 1)
                    _groups[group] = set.Min.Slot!;
                break;
            case Slot<TRow>[] { Length: 2 } two:
                _groups[group] = two[1 - PlaceIn(two, group, order)];
                break;
            case Slot<TRow>[] few:
                var place = PlaceIn(few, group, order);
                _groups[group] = (Slot<TRow>[])[.. few.AsSpan(0, place), .. few.AsSpan(place + 1)];
                break;
            default:
                _groups.Remove(group);
                break;
        }
    }

    /// <summary>Where a place in the order is among few slots; the complement of where it would be when none has it.</summary>
    private int PlaceIn(Slot<TRow>[] few, TGroup group, TOrder place)
    {
        var (low, high) = (0, few.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var comparison = Order.Compare(OrderOf(group, few[middle].Row), place);
            if (comparison == 0)
                return middle;
            (low, high) = comparison < 0 ? (middle + 1, high) : (low, middle - 1);
        }
        return ~low;
    }
}

/// <summary>An index in which each row that belongs has one place.</summary>
public sealed class Index<TRow, TGroup, TOrder>(Func<TRow, TGroup> group, Func<TRow, TOrder> order, Func<TRow, bool>? belongs = null)
    : IndexGroups<TRow, TGroup, TOrder>, IIndex<TRow> where TRow : class where TGroup : notnull
{
    private readonly Func<TRow, bool> _belongs = belongs ?? (_ => true);

    private protected override TOrder OrderOf(TGroup of, TRow row) => order(row);

    void IIndex<TRow>.Add(Slot<TRow> slot)
    {
        if (_belongs(slot.Row))
            File(slot, group(slot.Row), order(slot.Row));
    }

    void IIndex<TRow>.Remove(Slot<TRow> slot)
    {
        if (_belongs(slot.Row))
            Unfile(group(slot.Row), order(slot.Row));
    }

    void IIndex<TRow>.Move(Slot<TRow> slot, TRow before, TRow after)
    {
        var (did, does) = (_belongs(before), _belongs(after));
        if (did && does && EqualityComparer<TGroup>.Default.Equals(group(before), group(after))
            && Comparer<TOrder>.Default.Compare(order(before), order(after)) == 0)
            return;
        if (did)
            Unfile(group(before), order(before));
        if (does)
            File(slot, group(after), order(after));
    }
}

/// <summary>An index in which a row has a place under each of several groups, or none.</summary>
public sealed class ManyIndex<TRow, TGroup, TOrder>(Func<TRow, IEnumerable<(TGroup Group, TOrder Order)>> filing, Func<TRow, TRow, bool> sameFiling)
    : IndexGroups<TRow, TGroup, TOrder>, IIndex<TRow> where TRow : class where TGroup : notnull
{
    private protected override TOrder OrderOf(TGroup group, TRow row) =>
        filing(row).First(place => EqualityComparer<TGroup>.Default.Equals(place.Group, group)).Order;

    void IIndex<TRow>.Add(Slot<TRow> slot)
    {
        foreach (var (group, order) in filing(slot.Row))
            File(slot, group, order);
    }

    void IIndex<TRow>.Remove(Slot<TRow> slot)
    {
        foreach (var (group, order) in filing(slot.Row))
            Unfile(group, order);
    }

    void IIndex<TRow>.Move(Slot<TRow> slot, TRow before, TRow after)
    {
        if (sameFiling(before, after))
            return;
        foreach (var (group, order) in filing(before))
            Unfile(group, order);
        foreach (var (group, order) in filing(after))
            File(slot, group, order);
    }
}
