using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// What a job's row, or the moment, already decides about one of its executions that due work has not reached yet: it is gone,
/// CANCELED, REMOVED or TIMED_OUT. Whoever looks at one execution settles it first, so that no device starts a cancelled execution
/// or finishes an overdue one, whenever due work comes round.
/// </summary>
public static class Settle
{
    /// <summary>The newest run of a job on a thing as it is owed to be, or null when there is none.</summary>
    public static JobExecution? Latest(Realm realm, string jobId, string thingName) =>
        realm.Executions.OfJobOnThing.First((jobId, thingName)) is { } execution ? Execution(realm, execution) : null;

    /// <summary>One run of a job on a thing, the newest where none is named, as it is owed to be; null when there is none.</summary>
    public static JobExecution? Find(Realm realm, string jobId, string thingName, long? executionNumber)
    {
        if (executionNumber is not { } number)
            return Latest(realm, jobId, thingName);
        return realm.Executions.Find(new(jobId, thingName, number)) is { } execution ? Execution(realm, execution) : null;
    }

    /// <summary>The first of what a device may take: <c>$next</c>.</summary>
    public static JobExecution? Next(Realm realm, string thingName, string? namespaceId = null) =>
        Pending(realm, thingName, namespaceId).FirstOrDefault();

    /// <summary>What a device may take, in the order of <c>$next</c>.</summary>
    public static IEnumerable<JobExecution> Pending(Realm realm, string thingName, string? namespaceId = null)
    {
        (bool IsQueued, Moment QueuedAt, long Ordinal)? place = null;
        while (NextAfter(realm, (thingName, namespaceId), place) is { } execution)
        {
            place = JobExecutionTable.PendingOrder(execution);
            if (Execution(realm, execution) is { IsPending: true } settled)
                yield return settled;
        }
    }

    /// <summary>An execution as it is owed to be, or null when it is gone.</summary>
    public static JobExecution? Execution(Realm realm, JobExecution execution)
    {
        var job = realm.Jobs.Find(execution.JobId)!;
        if (job.Status == JobStatus.DELETION_IN_PROGRESS)
            return null;
        var settled = Owed(realm, job, execution);
        if (ReferenceEquals(settled, execution))
            return execution;
        Consequences.Apply(realm, job.JobId, realm.Executions.Change(execution.Key, _ => settled));
        return settled;
    }

    /// <summary>Whether a device could still take an execution, were it settled.</summary>
    public static bool IsPending(Realm realm, JobExecution execution) =>
        realm.Jobs.Find(execution.JobId) is not { } job || (job.Status != JobStatus.DELETION_IN_PROGRESS && Owed(realm, job, execution).IsPending);

    /// <summary>The row that an execution's row should be by now: the row itself, unless something is owed to it.</summary>
    public static JobExecution Owed(Realm realm, Job job, JobExecution execution)
    {
        if (execution.IsTerminal)
            return execution;
        if (IsOfDeletedThing(realm, execution))
            return execution.Remove(realm.Now);
        if (execution.Status == JobExecutionStatus.QUEUED)
            return job.CancelsQueued ? execution.Cancel(realm.Now, job.CancelsInProgress) : execution.Hide(job.HidesQueued);
        // What was due first counts, however late: an end that came after the timer had run out finds a TIMED_OUT execution.
        return job.CancelsInProgressSince is { } end && !(execution.TimesOutAt <= end) ? execution.Cancel(realm.Now, force: true) : execution.TimeOut(realm.Now);
    }

    private static bool IsOfDeletedThing(Realm realm, JobExecution execution) =>
        realm.DeletedThings.OfName.First(execution.ThingName) is { } deleted && deleted.Ordinal > execution.Ordinal;

    // The index may change between two steps, when the one before settled: it is asked anew each time.
    private static JobExecution? NextAfter(Realm realm, (string, string?) device, (bool, Moment, long)? place) => place is { } after
        ? realm.Executions.Pending.After(device, after).FirstOrDefault()
        : realm.Executions.Pending.First(device);
}
