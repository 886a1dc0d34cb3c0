namespace IoTJobsEmulator.Core.State;

/// <summary>Several lists of rows as one.</summary>
internal static class MergedRows
{
    /// <summary>The rows of lists that are each in an order, in that order. Not to be enumerated while the lists change.</summary>
    /// <param name="lists">The lists, each with the function that gives a row's place.</param>
    public static IEnumerable<TRow> Of<TRow, TOrder>(IEnumerable<(IEnumerable<TRow> Rows, Func<TRow, TOrder> Order)> lists)
    {
        var heads = new PriorityQueue<(IEnumerator<TRow> Rows, Func<TRow, TOrder> Order), TOrder>();
        foreach (var (rows, order) in lists)
            Enqueue(rows.GetEnumerator(), order);
        while (heads.TryDequeue(out var head, out _))
        {
            yield return head.Rows.Current;
            while (heads.Count == 0 && head.Rows.MoveNext()) // the last list has nothing to be merged with
                yield return head.Rows.Current;
            Enqueue(head.Rows, head.Order);
        }

        void Enqueue(IEnumerator<TRow> rows, Func<TRow, TOrder> order)
        {
            if (rows.MoveNext())
                heads.Enqueue((rows, order), order(rows.Current));
        }
    }
}
