using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// What a turn changed in one device's list: each row as it was before the turn and as it is now. Mostly it is one, and a fleet has one for each of
/// its devices: hence a value, with a list only for more. To be changed by reference.
/// </summary>
internal struct DeviceChanges
{
    private (JobExecution? Before, JobExecution? After) _first;
    private List<(JobExecution? Before, JobExecution? After)>? _others;
    private int _count;

    public DeviceChanges(Change<JobExecution> only) => Add(only);

    /// <summary>Whether the list has other executions than before.</summary>
    public readonly bool HasListChanged
    {
        get
        {
            for (var i = 0; i < _count; i++)
            {
                if (IsPending(Row(i).Before) != IsPending(Row(i).After))
                    return true;
            }
            return false;
        }
    }

    /// <summary>The jobs whose executions came to the list or left it; of a list that has changed.</summary>
    public readonly IEnumerable<string> JobIds => _others is null
        ? [(_first.After ?? _first.Before)!.JobId]
        : _others.Prepend(_first).Where(static row => IsPending(row.Before) != IsPending(row.After)).Select(static row => (row.After ?? row.Before)!.JobId).Distinct().Order(StringComparer.Ordinal);

    public void Add(Change<JobExecution> change)
    {
        // A row that changed twice: the row after the first change is the row before the second.
        for (var i = 0; i < _count && change.Before is not null; i++)
        {
            if (!ReferenceEquals(Row(i).After, change.Before))
                continue;
            if (i == 0)
                _first.After = change.After;
            else
                _others![i - 1] = (Row(i).Before, change.After);
            return;
        }
        if (_count++ == 0)
            _first = (change.Before, change.After);
        else
            (_others ??= new(1)).Add((change.Before, change.After));
    }

    /// <summary>The head of the list before the turn: the first of what the turn did not touch and of what it did, as that was.</summary>
    /// <param name="realm">The realm of the device, whose list is gone through only if the turn has touched its head.</param>
    /// <param name="device">The device.</param>
    /// <param name="first">The head of the list as it is.</param>
    public readonly JobExecution? HeadBefore(Realm realm, (string ThingName, string? NamespaceId) device, JobExecution? first)
    {
        var head = first is null || !IsTouched(first)
            ? first
            : FirstUntouched(realm.Executions.Pending.RowsAfter(new(device.ThingName, device.NamespaceId), JobExecutionTable.PendingOrder(first)));
        for (var i = 0; i < _count; i++)
        {
            var before = Row(i).Before;
            if (IsPending(before) && (head is null || JobExecutionTable.PendingOrder(before!).CompareTo(JobExecutionTable.PendingOrder(head)) < 0))
                head = before;
        }
        return head;
    }

    private readonly (JobExecution? Before, JobExecution? After) Row(int index) => index == 0 ? _first : _others![index - 1];

    private readonly JobExecution? FirstUntouched(IEnumerable<JobExecution> pending)
    {
        foreach (var row in pending)
        {
            if (!IsTouched(row))
                return row;
        }
        return null;
    }

    private readonly bool IsTouched(JobExecution row)
    {
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(Row(i).After, row))
                return true;
        }
        return false;
    }

    private static bool IsPending(JobExecution? execution) => execution is { IsPending: true };
}
