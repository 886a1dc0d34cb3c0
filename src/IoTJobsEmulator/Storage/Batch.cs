using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Storage;

/// <summary>What gathers while the batch before is written, and then goes to SQLite in one transaction.</summary>
internal sealed class Batch
{
    private readonly List<Entry> _entries = [];
    private readonly TaskCompletionSource<bool> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>How many changes have gathered.</summary>
    public int Size { get; private set; }

    /// <summary>Completes when SQLite has committed the batch (true) or could not (false).</summary>
    public Task<bool> Written => _written.Task;

    public void Add(Entry entry)
    {
        _entries.Add(entry);
        Size += entry.Changes.Count;
    }

    public void End(bool isCommitted) => _written.SetResult(isCommitted);

    /// <summary>Takes the turns back, last first.</summary>
    public void Undo()
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
            _entries[i].Undo();
    }

    /// <summary>
    /// What the batch comes to: for each row what was before all of it and what is after, so that a row that changed many times is
    /// written once and one that came and went not at all. A row is known by its record: what one change made is what the next began with.
    /// </summary>
    public Sum Total()
    {
        var (rows, made) = (new List<RowSum>(Size), new Dictionary<object, int>(Size, ReferenceEqualityComparer.Instance));
        ClockState? clock = null;
        var startsAfresh = false;
        foreach (var entry in _entries)
        {
            clock = entry.Clock ?? clock;
            if (entry.StartsAfresh)
            {
                startsAfresh = true;
                rows.Clear();
                made.Clear();
            }
            foreach (var change in entry.Changes)
                Add(change);
        }
        return new(startsAfresh, rows, clock);

        void Add(Change change)
        {
            if (change.RowBefore is null || !made.Remove(change.RowBefore, out var at))
            {
                at = rows.Count;
                rows.Add(new(change.Table, change.RowBefore, change.RowAfter));
            }
            else
                rows[at] = rows[at] with { After = change.RowAfter };
            if (change.RowAfter is not null)
                made[change.RowAfter] = at;
        }
    }

    /// <summary>What is to be written: everything forgotten or not, then the rows, then the clock if it was set.</summary>
    public readonly record struct Sum(bool StartsAfresh, IReadOnlyList<RowSum> Rows, ClockState? Clock);

    public readonly record struct RowSum(ITable Table, object? Before, object? After);
}
