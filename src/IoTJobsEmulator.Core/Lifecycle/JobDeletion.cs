using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// DELETION_IN_PROGRESS: the executions go in the background, then, not before the setting's duration has passed, the job itself.
/// No job is deleted within the request, so that callers can observe the status.
/// </summary>
public static class JobDeletion
{
    /// <summary>Goes on, by at most so many changes; answers how many it made.</summary>
    public static int Step(Realm realm, string jobId, int budget)
    {
        var dropped = Rollout.DropTargets(realm, jobId, budget);
        if (dropped > 0)
            return dropped;
        var executions = Enum.GetValues<JobExecutionStatus>()
            .SelectMany(status => realm.Executions.OfJobWithStatus(jobId, status)).Take(budget).ToList();
        Consequences.Apply(realm, jobId, [.. executions.Select(execution => realm.Executions.Remove(execution.Key))]);
        return executions.Count;
    }

    /// <summary>The end of a deletion whose time has come and whose executions are gone: the id may be used again.</summary>
    public static void Finish(Realm realm, string jobId)
    {
        realm.JobDocuments.Remove(jobId);
        realm.Jobs.Remove(jobId);
        realm.ResourceTags.RemoveIfPresent(Arn.OfJob(realm, jobId));
    }
}
