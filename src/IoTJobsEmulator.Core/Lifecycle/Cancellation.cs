using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Carries out the cancellation of a job, or its end: targets that wait for its rollout are dropped, QUEUED executions are cancelled,
/// with force those IN_PROGRESS too.
/// </summary>
public static class Cancellation
{
    /// <summary>Does the first changes, at most so many; the rest is due work.</summary>
    public static void Begin(Realm realm, string jobId, int budget) => DueWork.Begin(realm, jobId, static job => job.NeedsCancellation, Step, budget);

    /// <summary>Goes on, by at most so many changes; answers how many it made.</summary>
    public static int Step(Realm realm, string jobId, int budget)
    {
        var dropped = Rollout.DropTargets(realm, jobId, budget);
        if (dropped > 0)
        {
            Consequences.Complete(realm, jobId);
            return dropped;
        }
        var job = realm.Jobs.Find(jobId)!;
        var unsettled = (job.CancelsQueued ? realm.Executions.OfJobWithStatus(jobId, QUEUED) : [])
            .Concat(job.CancelsInProgress ? realm.Executions.OfJobWithStatus(jobId, IN_PROGRESS) : []).Take(budget).ToList();
        Consequences.Apply(realm, jobId, [.. unsettled.Select(execution => realm.Executions.Change(execution.Key, row => ExecutionSettlement.SettledRowOf(realm, job, row)))]);
        return unsettled.Count;
    }
}
