using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>
/// The visible part of a list that may have hundreds of thousands of rows. While nobody scrolls, the rows that are visible are read again by key, so
/// that they stay where they are; at the top of the list, what is new comes in. A place deep in the list is walked to in steps, each a turn of its
/// own, and the places on the way are remembered as long as the list keeps its length.
/// </summary>
/// <param name="read">Reads in a turn.</param>
/// <param name="after">The rows after one, or all rows.</param>
/// <param name="again">The same row as it is now; null when it is gone.</param>
public sealed class RowWindow<TRow>(RowWindow<TRow>.Reader read, Func<Realm, TRow?, IEnumerable<TRow>> after, Func<Realm, TRow, TRow?> again)
    where TRow : class
{
    /// <summary>How many rows a turn walks over.</summary>
    private const int Step = 2000;

    private readonly List<(int Index, TRow? Last)> _marks = [];
    private IReadOnlyList<TRow> _rows = [];
    private int _start, _count, _total;

    /// <summary>Reads in a turn of the list's account and region.</summary>
    public delegate ValueTask<IReadOnlyList<TRow>> Reader(Func<Realm, IReadOnlyList<TRow>> query);

    /// <summary>The rows from a place on.</summary>
    /// <param name="start">The place, from 0.</param>
    /// <param name="count">How many rows are wanted.</param>
    /// <param name="total">How many the list has.</param>
    public async ValueTask<IReadOnlyList<TRow>> Read(int start, int count, int total)
    {
        if (start > 0 && (start, count) == (_start, _count) && await ReadAgain() is { } same)
            return _rows = same;
        if (total != _total)
            _marks.Clear();
        (_start, _count, _total) = (start, count, total);
        var last = start == 0 ? null : await WalkTo(start);
        return _rows = start > 0 && last is null ? [] : await read(realm => [.. after(realm, last).Take(count)]);
    }

    private async ValueTask<IReadOnlyList<TRow>?> ReadAgain()
    {
        var visible = _rows;
        var same = await read(realm => [.. visible.Select(row => again(realm, row)).OfType<TRow>()]);
        return same.Count == visible.Count ? same : null;
    }

    /// <summary>The row before a place; null when the list is shorter.</summary>
    private async ValueTask<TRow?> WalkTo(int start)
    {
        var (index, last) = _marks.LastOrDefault(mark => mark.Index <= start);
        while (index < start)
        {
            var (from, step) = (last, Math.Min(Step, start - index));
            var walked = await read(realm => [.. after(realm, from).Take(step).TakeLast(1)]);
            if (walked is not [var reached])
                return null;
            (index, last) = (index + step, reached);
            if (!_marks.Exists(mark => mark.Index >= index))
                _marks.Add((index, last));
        }
        return last;
    }
}
