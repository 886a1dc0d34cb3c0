namespace IoTJobsEmulator.Core.State;

/// <summary>Several lists of rows as one.</summary>
internal static class MergedRows
{
    /// <summary>The rows of a few lists that are each in an order, in that order. Not to be enumerated while the lists change.</summary>
    public static IEnumerable<TRow> Of<TRow, TOrder>(IEnumerable<SortedRows<TRow, TOrder>> lists) where TOrder : IComparable<TOrder>
    {
        var left = new List<SortedRows<TRow, TOrder>>();
        foreach (var list in lists)
        {
            if (list.MoveNext())
                left.Add(list);
        }
        while (left.Count > 0)
        {
            var first = left[0];
            foreach (var list in left)
            {
                if (list.Place.CompareTo(first.Place) < 0)
                    first = list;
            }
            yield return first.Row;
            if (!first.MoveNext())
                left.Remove(first);
        }
    }
}

/// <summary>A list of rows in an order that is being read.</summary>
/// <param name="rows">The rows.</param>
/// <param name="order">Gives a row's place.</param>
internal sealed class SortedRows<TRow, TOrder>(IEnumerable<TRow> rows, Func<TRow, TOrder> order)
{
    private readonly IEnumerator<TRow> _rows = rows.GetEnumerator();

    public TRow Row => _rows.Current;

    public TOrder Place { get; private set; } = default!;

    public bool MoveNext()
    {
        if (!_rows.MoveNext())
            return false;
        Place = order(_rows.Current);
        return true;
    }
}
