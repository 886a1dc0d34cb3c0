using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// What befalls a job at its moments: its start, its end, its maintenance windows, the minutes of its rollout, and the end of its
/// deletion. Source: the developer guide, "Job scheduling" and "Recurring maintenance windows".
/// </summary>
public static class Schedule
{
    /// <summary>The service's own words are not published; users can only test that there are some.</summary>
    public const string ConcurrencyReasonCode = "CONCURRENT_JOBS_LIMIT", ConcurrencyComment = "Job canceled because too many jobs were rolling out when its maintenance window opened.";

    /// <summary>Does what is due for a job by now, the weightiest first; the rest is due still.</summary>
    public static void Due(Realm realm, Job job)
    {
        if (job.Status == JobStatus.DELETION_IN_PROGRESS)
            Deletion.End(realm, job.JobId);
        else if (job.EndsAt <= realm.Now)
            End(realm, job.JobId);
        else if (job.StartsAt <= realm.Now || job.WindowDueAt <= realm.Now)
            Enter(realm, job);
        else
            Rollout.NextMinute(realm, job.JobId);
    }

    /// <summary>Begins the rollout of a job that has just been created, or whose start or window has just come.</summary>
    public static void Entered(Realm realm, string jobId)
    {
        var job = realm.Jobs.Find(jobId)!;
        if (job.Status != JobStatus.IN_PROGRESS || job.HasBegun)
            return;
        if (job.HasWindows && !Rollout.MayBegin(realm))
        {
            realm.Jobs.Change(jobId, row => row.Cancel(realm.Now, force: false, ConcurrencyReasonCode, ConcurrencyComment));
            return;
        }
        Rollout.Begin(realm, jobId);
    }

    private static void Enter(Realm realm, Job job)
    {
        realm.Jobs.Change(job.JobId, row => row.Enter(realm.Now));
        Entered(realm, job.JobId);
        Consequences.Complete(realm, job.JobId);
    }

    private static void End(Realm realm, string jobId)
    {
        realm.Jobs.Change(jobId, job => job.End(realm.Now));
        Cancellation.Begin(realm, jobId);
        Consequences.Complete(realm, jobId);
    }
}
