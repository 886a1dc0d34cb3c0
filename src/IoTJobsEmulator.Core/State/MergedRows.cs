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
        while (left.Count > 1)
        {
            var first = left[0];
            foreach (var list in left)
            {
                if (list.Place.CompareTo(first.Place) < 0)
                    first = list;
            }
            yield return first.Rows.Current;
            if (!first.MoveNext())
                left.Remove(first);
        }
        if (left is not [{ Rows: var last }])
            yield break;
        do
            yield return last.Current;
        while (last.MoveNext());
    }
}

/// <summary>A list of rows in an order that is being read.</summary>
/// <param name="rows">The rows.</param>
/// <param name="order">Gives a row's place.</param>
internal sealed class SortedRows<TRow, TOrder>(IEnumerable<TRow> rows, Func<TRow, TOrder> order)
{
    public IEnumerator<TRow> Rows { get; } = rows.GetEnumerator();

    /// <summary>The place of the current row.</summary>
    public TOrder Place { get; private set; } = default!;

    public bool MoveNext()
    {
        if (!Rows.MoveNext())
            return false;
        Place = order(Rows.Current);
        return true;
    }
}
