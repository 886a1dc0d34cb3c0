namespace IoTJobsEmulator.Core.State;

/// <summary>
/// Rows in order: one row is the slot itself, up to <see cref="ArrayLimit"/> rows an array of slots, more a sorted set. Most groups of
/// a fleet's indexes are small, and this halves their memory. The order must tell all rows apart (it ends in a row's Ordinal), or rows
/// would be lost. Mutable, and of the size of one reference: to be held in a field or changed by reference.
/// </summary>
internal struct OrderedRows<TRow, TOrder> where TRow : class
{
    /// <summary>The most rows that an array holds: beyond it, moving slots costs more than a set.</summary>
    private const int ArrayLimit = 16;

    private static readonly Comparer<TOrder> Order = Comparer<TOrder>.Default;
    private static readonly Comparer<Entry> Comparer = Comparer<Entry>.Create((a, b) => Order.Compare(a.Order, b.Order));

    // Null, a Slot<TRow>, a Slot<TRow>[] without gaps or a SortedSet<Entry>.
    private object? _held;

    private readonly record struct Entry(TOrder Order, Slot<TRow>? Slot);

    public readonly bool IsEmpty => _held is null;

    public readonly int Count => _held switch
    {
        null => 0,
        SortedSet<Entry> set => set.Count,
        Slot<TRow>[] few => few.Length,
        _ => 1,
    };

    public readonly TRow? First => _held switch
    {
        null => null,
        SortedSet<Entry> set => set.Min.Slot!.Row,
        Slot<TRow>[] few => few[0].Row,
        var slot => ((Slot<TRow>)slot).Row,
    };

    /// <summary>The rows in order. Not to be enumerated while they change.</summary>
    public readonly IEnumerable<TRow> Rows => _held switch
    {
        null => [],
        SortedSet<Entry> set => set.Select(entry => entry.Slot!.Row),
        Slot<TRow>[] few => few.Select(slot => slot.Row),
        var slot => [((Slot<TRow>)slot).Row],
    };

    /// <summary>The rows that come after a place in the order, which need not be taken. Not to be enumerated while they change.</summary>
    public readonly IEnumerable<TRow> RowsAfter(TOrder place, Func<TRow, TOrder> orderOf)
    {
        switch (_held)
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
                var from = PlaceIn(few, place, orderOf);
                return few.Skip(from < 0 ? ~from : from + 1).Select(slot => slot.Row);
            case var slot:
                var row = ((Slot<TRow>)slot).Row;
                return Order.Compare(orderOf(row), place) > 0 ? [row] : [];
        }
    }

    public void Add(Slot<TRow> slot, TOrder order, Func<TRow, TOrder> orderOf)
    {
        switch (_held)
        {
            case null:
                _held = slot;
                break;
            case SortedSet<Entry> set:
                set.Add(new(order, slot));
                break;
            case Slot<TRow>[] { Length: ArrayLimit } full:
                _held = new SortedSet<Entry>(full.Select(one => new Entry(orderOf(one.Row), one)).Append(new(order, slot)), Comparer);
                break;
            case Slot<TRow>[] few:
                var place = ~PlaceIn(few, order, orderOf);
                _held = (Slot<TRow>[])[.. few.AsSpan(0, place), slot, .. few.AsSpan(place)];
                break;
            case var only:
                var first = (Slot<TRow>)only;
                _held = Order.Compare(orderOf(first.Row), order) < 0 ? (Slot<TRow>[])[first, slot] : (Slot<TRow>[])[slot, first];
                break;
        }
    }

    public void Remove(TOrder order, Func<TRow, TOrder> orderOf)
    {
        switch (_held)
        {
            case SortedSet<Entry> set:
                set.Remove(new(order, null));
                if (set.Count == 1)
                    _held = set.Min.Slot!;
                break;
            case Slot<TRow>[] { Length: 2 } two:
                _held = two[1 - PlaceIn(two, order, orderOf)];
                break;
            case Slot<TRow>[] few:
                var place = PlaceIn(few, order, orderOf);
                _held = (Slot<TRow>[])[.. few.AsSpan(0, place), .. few.AsSpan(place + 1)];
                break;
            default:
                _held = null;
                break;
        }
    }

    /// <summary>Where a place in the order is among few slots; the complement of where it would be when none has it.</summary>
    private static int PlaceIn(Slot<TRow>[] few, TOrder place, Func<TRow, TOrder> orderOf)
    {
        var (low, high) = (0, few.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var comparison = Order.Compare(orderOf(few[middle].Row), place);
            if (comparison == 0)
                return middle;
            (low, high) = comparison < 0 ? (middle + 1, high) : (low, middle - 1);
        }
        return ~low;
    }
}
