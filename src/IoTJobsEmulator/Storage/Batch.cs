using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Storage;

/// <summary>The entries that go to SQLite in one transaction: those that arrived while the batch before was written.</summary>
internal sealed class Batch
{
    private readonly List<JournalEntry> _entries = [];
    private readonly TaskCompletionSource<bool> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BrokerChanges _broker = new();
    private BrokerChanges? _brokerBeforeReset;

    /// <summary>Whether nothing was added. Changes that leave nothing to write count: somebody may wait for them.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The number of changes in the batch.</summary>
    public int Size { get; private set; }

    /// <summary>Completes when SQLite has committed the batch (true) or could not (false).</summary>
    public Task<bool> WhenWritten => _written.Task;

    public void Add(JournalEntry entry)
    {
        IsEmpty = false;
        if (entry.IsReset)
            (_brokerBeforeReset, _broker) = (UnwrittenOfBroker, new());
        _entries.Add(entry);
        Size += entry.Changes.Count;
    }

    public void Add(BrokerChange change)
    {
        IsEmpty = false;
        _broker.Add(change);
    }

    /// <summary>Adds what an earlier batch could not write, as if it had come first.</summary>
    public void AddFirst(BrokerChanges earlier)
    {
        if (earlier.All.Count == 0)
            return;
        earlier.AddAll(_brokerBeforeReset ?? _broker);
        if (_brokerBeforeReset is null)
            _broker = earlier;
        else
            _brokerBeforeReset = earlier;
    }

    /// <summary>All changes of the broker, for the next batch if this one cannot be written: then there was no reset either.</summary>
    public BrokerChanges UnwrittenOfBroker
    {
        get
        {
            var all = new BrokerChanges();
            if (_brokerBeforeReset is not null)
                all.AddAll(_brokerBeforeReset);
            all.AddAll(_broker);
            return all;
        }
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
    /// <param name="room">Holds the rows until it is used for the next batch.</param>
    public NetEffect Merge(MergeRoom room)
    {
        var (rows, made) = room.Take();
        ClockState? clock = null;
        StagedRows? replacement = null;
        var isReset = false;
        foreach (var entry in _entries)
        {
            clock = entry.Clock ?? clock;
            if (entry.IsReset || entry.Replacement is not null)
            {
                isReset |= entry.IsReset;
                replacement = entry.Replacement;
                rows.Clear();
                made.Clear();
            }
            foreach (var change in entry.Changes)
                Add(change);
        }
        return new(isReset, rows, clock) { Replacement = replacement, Broker = _broker.All };

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

    /// <summary>
    /// What is written: first all rows are deleted if the batch has a reset, and those of the world are replaced if it has a replacement, then come
    /// the rows, those of the broker, and the clock if it was set.
    /// </summary>
    public readonly record struct NetEffect(bool IsReset, IReadOnlyList<MergedRow> Rows, ClockState? Clock)
    {
        public StagedRows? Replacement { get; init; }

        /// <summary>The broker's rows; those that came before a reset are not among them.</summary>
        public IReadOnlyCollection<BrokerChange> Broker { get; init; } = [];
    }

    /// <summary>
    /// The memory in which batches are merged one after another: made anew for each, it would be among the large objects, which the garbage
    /// collector frees only when it collects everything.
    /// </summary>
    public sealed class MergeRoom
    {
        /// <summary>More than this many rows, as a restore or an import has, are not kept room for.</summary>
        private const int KeptRows = 16_384;

        private List<MergedRow> _rows = [];
        private Dictionary<object, int> _made = new(ReferenceEqualityComparer.Instance);

        /// <summary>Forgets the rows of the batch that was merged last.</summary>
        public void Clear()
        {
            if (_rows.Capacity > KeptRows)
                (_rows, _made) = ([], new(ReferenceEqualityComparer.Instance));
            _rows.Clear();
            _made.Clear();
        }

        internal (List<MergedRow> Rows, Dictionary<object, int> Made) Take()
        {
            Clear();
            return (_rows, _made);
        }
    }

    /// <summary>A row before and after the batch; null where it did not exist.</summary>
    public readonly record struct MergedRow(ITable Table, object? Before, object? After);
}
