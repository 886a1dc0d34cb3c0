using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>Cancels what a cancelled job owes: its QUEUED executions, with force those IN_PROGRESS too. The rollout is dropped.</summary>
public static class Cancellation
{
    /// <summary>Does the first thousand changes of a job that has just been cancelled; the rest is due work.</summary>
    public static void Begin(Realm realm, string jobId)
    {
        var budget = DueWork.ChangesPerTurn;
        while (budget > 0 && realm.Jobs.Find(jobId) is { OwesWork: true })
            budget -= Step(realm, jobId, budget);
    }

    /// <summary>Goes on, by at most so many changes; answers how many it made.</summary>
    public static int Step(Realm realm, string jobId, int budget)
    {
        var dropped = Rollout.Drop(realm, jobId, budget);
        if (dropped > 0)
            return dropped;
        var job = realm.Jobs.Find(jobId)!;
        var statuses = job.ForceCanceled ? new[] { QUEUED, IN_PROGRESS } : [QUEUED];
        var owed = statuses.SelectMany(status => realm.Executions.OfJob.In((jobId, status))).Take(budget).ToList();
        Consequences.Of(realm, jobId, [.. owed.Select(execution => realm.Executions.Change(execution.Key, row => Settle.Owed(realm, job, row)))]);
        return owed.Count;
    }
}
