using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>What follows when executions of a job change: its counts, and its completion. Every writer of executions calls this.</summary>
public static class Consequences
{
    /// <summary>Called once for all changes that a turn makes to one job's executions, in order.</summary>
    public static void Of(Realm realm, string jobId, params ReadOnlySpan<Change<JobExecution>> changes)
    {
        var counts = realm.Jobs.Find(jobId)!.Counts;
        foreach (var change in changes)
        {
            if (change.Before?.Status == change.After?.Status)
                continue;
            if (change.Before is { } before)
                counts = counts.Add(before.Status, -1);
            if (change.After is { } after)
                counts = counts.Add(after.Status, 1);
        }
        OfCounts(realm, jobId, counts);
    }

    /// <summary>Completes a job whose last open execution or last waiting target is gone.</summary>
    public static void Complete(Realm realm, string jobId) =>
        realm.Jobs.Change(jobId, job => job.IsFinished ? job.Complete(realm.Now) : job);

    private static void OfCounts(Realm realm, string jobId, JobExecutionCounts counts)
    {
        realm.Jobs.Change(jobId, job => job.Counts == counts ? job : job with { Counts = counts });
        Complete(realm, jobId);
    }
}
