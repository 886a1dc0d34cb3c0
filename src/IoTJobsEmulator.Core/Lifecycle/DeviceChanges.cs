using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>What a turn changed in one device's list: each row as it was before the turn and as it is now. Mostly it is one.</summary>
internal sealed class DeviceChanges
{
    private readonly List<(JobExecution? Before, JobExecution? After)> _rows = new(1);

    /// <summary>Whether the list has other executions than before.</summary>
    public bool HasListChanged => _rows.Exists(static row => IsPending(row.Before) != IsPending(row.After));

    /// <summary>The jobs whose executions came to the list or left it; of a list that has changed.</summary>
    public IEnumerable<string> JobIds => _rows is [var only]
        ? [(only.After ?? only.Before)!.JobId]
        : _rows.Where(static row => IsPending(row.Before) != IsPending(row.After)).Select(static row => (row.After ?? row.Before)!.JobId).Distinct().Order(StringComparer.Ordinal);

    public void Add(Change<JobExecution> change)
    {
        // A row that changed twice: the row after the first change is the row before the second.
        var earlier = change.Before is null ? -1 : _rows.FindIndex(row => ReferenceEquals(row.After, change.Before));
        if (earlier < 0)
            _rows.Add((change.Before, change.After));
        else
            _rows[earlier] = (_rows[earlier].Before, change.After);
    }

    /// <summary>The head of the list before the turn: the first of what the turn did not touch and of what it did, as that was.</summary>
    /// <param name="first">The head of the list as it is.</param>
    /// <param name="pending">The list as it is. It is gone through only if the turn has touched its head.</param>
    public JobExecution? HeadBefore(JobExecution? first, IEnumerable<JobExecution> pending)
    {
        var head = first is null || !IsTouched(first) ? first : pending.FirstOrDefault(row => !IsTouched(row));
        foreach (var (before, _) in _rows)
        {
            if (IsPending(before) && (head is null || JobExecutionTable.PendingOrder(before!).CompareTo(JobExecutionTable.PendingOrder(head)) < 0))
                head = before;
        }
        return head;
    }

    private bool IsTouched(JobExecution row)
    {
        foreach (var (_, after) in _rows)
        {
            if (ReferenceEquals(after, row))
                return true;
        }
        return false;
    }

    private static bool IsPending(JobExecution? execution) => execution is { IsPending: true };
}
