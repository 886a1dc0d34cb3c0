namespace IoTJobsEmulator.Core.State;

/// <summary>
/// Rows in order: one row is the slot itself, up to <see cref="ArrayLimit"/> rows an array of slots, more are in chunks. Most groups of
/// a fleet's indexes are small, and this halves their memory. The order must tell all rows apart (it ends in a row's Ordinal), or rows
/// would be lost. Mutable, and of the size of one reference: to be held in a field or changed by reference.
/// </summary>
internal struct OrderedRows<TRow, TOrder> where TRow : class where TOrder : IComparable<TOrder>
{
    /// <summary>The most rows that an array holds: beyond it, a new array for each row costs more than chunks.</summary>
    private const int ArrayLimit = 16;

    // Null, a Slot<TRow>, a Slot<TRow>[] without gaps or a ChunkedRows<TRow, TOrder>.
    private object? _held;

    /// <param name="held">What <see cref="Held"/> answered.</param>
    public OrderedRows(object? held) => _held = held;

    /// <summary>Makes it of the slots that belong to it, as if they had been added one after another.</summary>
    /// <returns>False when they are more than an array holds, or two have the same place.</returns>
    public static bool TryMake(List<Slot<TRow>> slots, Func<TRow, bool> belongs, Func<TRow, TOrder> orderOf, out OrderedRows<TRow, TOrder> rows)
    {
        rows = default;
        var count = 0;
        foreach (var slot in slots)
            count += belongs(slot.Row) ? 1 : 0;
        if (count > ArrayLimit)
            return false;
        var few = new Slot<TRow>[count];
        var taken = 0;
        TOrder last = default!;
        foreach (var slot in slots)
        {
            if (!belongs(slot.Row))
                continue;
            var order = orderOf(slot.Row);
            // Most come in order.
            if (taken == 0 || last.CompareTo(order) < 0)
            {
                few[taken++] = slot;
                last = order;
                continue;
            }
            var place = ~PlaceIn(few.AsSpan(0, taken), order, orderOf);
            if (place < 0)
                return false;
            few.AsSpan(place, taken - place).CopyTo(few.AsSpan(place + 1));
            few[place] = slot;
            taken++;
        }
        rows = new(count switch
        {
            0 => null,
            1 => few[0],
            _ => few,
        });
        return true;
    }

    /// <summary>All that is held of the rows: null for none, for one its slot.</summary>
    public readonly object? Held => _held;

    public readonly bool IsEmpty => _held is null;

    public readonly int Count => _held switch
    {
        null => 0,
        ChunkedRows<TRow, TOrder> many => many.Count,
        Slot<TRow>[] few => few.Length,
        _ => 1,
    };

    public readonly TRow? First => _held switch
    {
        null => null,
        ChunkedRows<TRow, TOrder> many => many.First.Row,
        Slot<TRow>[] few => few[0].Row,
        var slot => ((Slot<TRow>)slot).Row,
    };

    /// <summary>The rows in order. Not to be enumerated while they change.</summary>
    public readonly IEnumerable<TRow> Rows => _held switch
    {
        null => [],
        ChunkedRows<TRow, TOrder> many => many.Rows,
        Slot<TRow>[] few => Slot<TRow>.RowsOf(few),
        var slot => [((Slot<TRow>)slot).Row],
    };

    /// <summary>The only slot; null when there are none or several.</summary>
    public readonly Slot<TRow>? Only => _held as Slot<TRow>;

    /// <summary>The slots in order when there are several; empty otherwise: <see cref="Only"/> has the only one. Not to be enumerated while they change.</summary>
    public readonly IEnumerable<Slot<TRow>> Several => _held switch
    {
        ChunkedRows<TRow, TOrder> many => many.Slots,
        Slot<TRow>[] few => few,
        _ => [],
    };

    /// <summary>The slot that has a place in the order; null when none has it.</summary>
    public readonly Slot<TRow>? Find(TOrder place, Func<TRow, TOrder> orderOf)
    {
        switch (_held)
        {
            case null:
                return null;
            case ChunkedRows<TRow, TOrder> many:
                return many.Find(place);
            case Slot<TRow>[] few:
                var at = PlaceIn(few, place, orderOf);
                return at < 0 ? null : few[at];
            case var only:
                var slot = (Slot<TRow>)only;
                return orderOf(slot.Row).CompareTo(place) == 0 ? slot : null;
        }
    }

    /// <summary>The rows that come after a place in the order, which need not be taken. Not to be enumerated while they change.</summary>
    public readonly IEnumerable<TRow> RowsAfter(TOrder place, Func<TRow, TOrder> orderOf)
    {
        switch (_held)
        {
            case null:
                return [];
            case ChunkedRows<TRow, TOrder> many:
                return many.RowsAfter(place);
            case Slot<TRow>[] few:
                return Slot<TRow>.RowsOf(few, After(few, place, orderOf));
            case var slot:
                var row = ((Slot<TRow>)slot).Row;
                return orderOf(row).CompareTo(place) > 0 ? [row] : [];
        }
    }

    /// <summary>The first row that comes after a place in the order, which need not be taken, or null.</summary>
    public readonly TRow? FirstAfter(TOrder place, Func<TRow, TOrder> orderOf)
    {
        switch (_held)
        {
            case null:
                return null;
            case ChunkedRows<TRow, TOrder> many:
                return many.FirstAfter(place);
            case Slot<TRow>[] few:
                var next = After(few, place, orderOf);
                return next < few.Length ? few[next].Row : null;
            case var slot:
                var row = ((Slot<TRow>)slot).Row;
                return orderOf(row).CompareTo(place) > 0 ? row : null;
        }
    }

    public void Add(Slot<TRow> slot, TOrder order, Func<TRow, TOrder> orderOf)
    {
        switch (_held)
        {
            case null:
                _held = slot;
                break;
            case ChunkedRows<TRow, TOrder> many:
                many.Add(slot, order);
                break;
            case Slot<TRow>[] { Length: ArrayLimit } full:
                var chunks = new ChunkedRows<TRow, TOrder>();
                foreach (var one in full)
                    chunks.Add(one, orderOf(one.Row));
                chunks.Add(slot, order);
                _held = chunks;
                break;
            case Slot<TRow>[] few:
                var place = ~PlaceIn(few, order, orderOf);
                _held = (Slot<TRow>[])[.. few.AsSpan(0, place), slot, .. few.AsSpan(place)];
                break;
            case var only:
                var first = (Slot<TRow>)only;
                _held = orderOf(first.Row).CompareTo(order) < 0 ? (Slot<TRow>[])[first, slot] : (Slot<TRow>[])[slot, first];
                break;
        }
    }

    public void Remove(TOrder order, Func<TRow, TOrder> orderOf)
    {
        switch (_held)
        {
            case ChunkedRows<TRow, TOrder> many:
                many.Remove(order);
                if (many.Count == 1)
                    _held = many.First;
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

    /// <summary>Where the slots after a place begin among few.</summary>
    private static int After(Slot<TRow>[] few, TOrder place, Func<TRow, TOrder> orderOf)
    {
        var at = PlaceIn(few, place, orderOf);
        return at < 0 ? ~at : at + 1;
    }

    /// <summary>Where a place in the order is among few slots; the complement of where it would be when none has it.</summary>
    private static int PlaceIn(ReadOnlySpan<Slot<TRow>> few, TOrder place, Func<TRow, TOrder> orderOf)
    {
        var (low, high) = (0, few.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var comparison = orderOf(few[middle].Row).CompareTo(place);
            if (comparison == 0)
                return middle;
            (low, high) = comparison < 0 ? (middle + 1, high) : (low, middle - 1);
        }
        return ~low;
    }
}
