using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>Hides QUEUED executions from devices when their job's maintenance window closes, and shows them when it opens.</summary>
public static class Visibility
{
    /// <summary>Goes on, by at most so many executions; answers how many.</summary>
    public static int Step(Realm realm, string jobId, int budget)
    {
        var job = realm.Jobs.Find(jobId)!;
        var unsettled = realm.Executions.OfJob.RowsIn(new(jobId, QUEUED, !job.HidesQueued)).Take(budget).ToList();
        Consequences.Apply(realm, jobId, [.. unsettled.Select(execution => realm.Executions.Change(execution.Key, row => ExecutionSettlement.SettledRowOf(realm, job, row)))]);
        return unsettled.Count;
    }
}
