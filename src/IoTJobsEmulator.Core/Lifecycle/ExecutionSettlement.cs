using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// A job's row, or the clock, may already decide that one of its executions is gone, CANCELED, REMOVED or TIMED_OUT before due work has
/// changed that execution's row. Whoever needs one execution settles it first: the row is changed as due work would change it. So no
/// device starts a cancelled execution or finishes an overdue one, however late due work is.
/// </summary>
public static class ExecutionSettlement
{
    /// <summary>Settles the newest run of a job on a thing and returns it; null when there is none.</summary>
    public static JobExecution? SettleAndFindLatest(Realm realm, string jobId, string thingName) =>
        realm.Executions.LatestRun(jobId, thingName) is { } execution ? Settle(realm, execution) : null;

    /// <summary>Settles one run of a job on a thing, the newest where no number is given, and returns it; null when there is none.</summary>
    public static JobExecution? SettleAndFind(Realm realm, string jobId, string thingName, long? executionNumber)
    {
        if (executionNumber is not { } number)
            return SettleAndFindLatest(realm, jobId, thingName);
        return realm.Executions.Find(new(jobId, thingName, number)) is { } execution ? Settle(realm, execution) : null;
    }

    /// <summary>Settles a device's pending executions up to the first that is still pending, <c>$next</c>, and returns it.</summary>
    public static JobExecution? SettleAndFindNext(Realm realm, string thingName, string? namespaceId = null) =>
        realm.Executions.Pending.First(new(thingName, namespaceId)) is { } head && Settle(realm, head) is { IsPending: true } settled
            ? settled // nearly always
            : SettleAndListPending(realm, thingName, namespaceId).FirstOrDefault();

    /// <summary>Settles a device's pending executions, each when the enumeration comes to it, and lists those still pending in the order of <c>$next</c>.</summary>
    public static IEnumerable<JobExecution> SettleAndListPending(Realm realm, string thingName, string? namespaceId = null)
    {
        PendingPlace? place = null;
        while (NextAfter(realm, new(thingName, namespaceId), place) is { } execution)
        {
            place = JobExecutionTable.PendingOrder(execution);
            if (Settle(realm, execution) is { IsPending: true } settled)
                yield return settled;
        }
    }

    /// <summary>Settles an execution and returns its row; null when it is gone, because its job is being deleted.</summary>
    public static JobExecution? Settle(Realm realm, JobExecution execution)
    {
        var job = realm.Jobs.Find(execution.JobId)!;
        if (job.Status == JobStatus.DELETION_IN_PROGRESS)
            return null;
        var settled = SettledRowOf(realm, job, execution);
        if (ReferenceEquals(settled, execution))
            return execution;
        Consequences.Apply(realm, job.JobId, realm.Executions.Change(execution.Key, settled, static (_, settled) => settled));
        return settled;
    }

    /// <summary>
    /// Whether no execution has to be settled: due work has nothing to do for jobs and deleted things, and no timer has run out. So a list of executions needs
    /// no look at the job of each.
    /// </summary>
    public static bool IsNothingUnsettled(Realm realm) =>
        !realm.Jobs.WithWork.Any && realm.DeletedThings.Count == 0 && !(Timeouts.DueAt(realm) <= realm.Now);

    /// <summary>Whether a device could still take an execution, were it settled. Changes nothing.</summary>
    public static bool IsPendingOnceSettled(Realm realm, JobExecution execution) =>
        realm.Jobs.Find(execution.JobId) is not { } job || (job.Status != JobStatus.DELETION_IN_PROGRESS && SettledRowOf(realm, job, execution).IsPending);

    /// <summary>The row that an execution has once it is settled: the same row when nothing is to be changed. Changes nothing.</summary>
    public static JobExecution SettledRowOf(Realm realm, Job job, JobExecution execution)
    {
        if (execution.IsTerminal)
            return execution;
        if (IsOfDeletedThing(realm, execution))
            return execution.Remove(realm.Now);
        if (execution.Status == JobExecutionStatus.QUEUED)
            return job.CancelsQueued ? execution.Cancel(realm.Now, job.CancelsInProgress) : execution.Hide(job.HidesQueued);
        // The earlier of the two counts, even if both are seen later: an execution whose timer ran out before its job ended is TIMED_OUT.
        return job.CancelsInProgressSince is { } end && !(execution.TimesOutAt <= end) ? execution.Cancel(realm.Now, force: true) : execution.TimeOut(realm.Now);
    }

    private static bool IsOfDeletedThing(Realm realm, JobExecution execution) =>
        realm.DeletedThings.OfName.First(execution.ThingName) is { } deleted && deleted.Ordinal > execution.Ordinal;

    // Settling changes the index, so each step asks it anew.
    private static JobExecution? NextAfter(Realm realm, PartOfGroup<Name> device, PendingPlace? place) => place is { } after
        ? realm.Executions.Pending.FirstAfter(device, after)
        : realm.Executions.Pending.First(device);
}
