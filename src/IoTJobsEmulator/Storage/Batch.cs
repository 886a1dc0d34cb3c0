using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Storage;

/// <summary>The entries that go to SQLite in one transaction: those that arrived while the batch before was written.</summary>
internal sealed class Batch
{
    private readonly List<JournalEntry> _entries = [];
    private readonly TaskCompletionSource<bool> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The number of changes in the batch.</summary>
    public int Size { get; private set; }

    /// <summary>Completes when SQLite has committed the batch (true) or could not (false).</summary>
    public Task<bool> WhenWritten => _written.Task;

    public void Add(JournalEntry entry)
    {
        _entries.Add(entry);
        Size += entry.Changes.Count;
    }

    public void Complete(bool isCommitted) => _written.SetResult(isCommitted);

    /// <summary>Rolls the turns back, the last first.</summary>
    public void RollBack()
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
            _entries[i].RollBack();
    }

    /// <summary>
    /// The net effect of the batch: each row as it was before all of it and as it is after, so that a row that changed many times is
    /// written once, and one that was added and removed not at all. A row is recognized by its record: the record that one change
    /// made is the one that the next change began with.
    /// </summary>
    public NetEffect Merge()
    {
        var (rows, made) = (new List<MergedRow>(Size), new Dictionary<object, int>(Size, ReferenceEqualityComparer.Instance));
        ClockState? clock = null;
        var isReset = false;
        foreach (var entry in _entries)
        {
            clock = entry.Clock ?? clock;
            if (entry.IsReset)
            {
                isReset = true;
                rows.Clear();
                made.Clear();
            }
            foreach (var change in entry.Changes)
                Add(change);
        }
        return new(isReset, rows, clock);

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

    /// <summary>What is written: first all rows are deleted if the batch has a reset, then come the rows, then the clock if it was set.</summary>
    public readonly record struct NetEffect(bool IsReset, IReadOnlyList<MergedRow> Rows, ClockState? Clock);

    /// <summary>A row before and after the batch; null where it did not exist.</summary>
    public readonly record struct MergedRow(ITable Table, object? Before, object? After);
}
