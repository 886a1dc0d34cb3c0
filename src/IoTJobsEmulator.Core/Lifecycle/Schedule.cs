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
            JobDeletion.End(realm, job.JobId);
        else if (job.EndsAt <= realm.Now)
            End(realm, job.JobId);
        else if (job.StartsAt <= realm.Now || job.WindowDueAt <= realm.Now)
            Enter(realm, job);
        else
            Rollout.NextMinute(realm, job.JobId);
    }

    // A window job that comes to its start while too many roll out is given up; later openings wait for their turn.
    private static void Enter(Realm realm, Job job)
    {
        realm.Jobs.Change(job.JobId, row => row.Enter(realm.Now));
        var entered = realm.Jobs.Find(job.JobId)!;
        if (entered.Status == JobStatus.IN_PROGRESS && !entered.HasBegun)
        {
            if (entered.HasWindows && entered.Counts.Total == 0 && entered.IsRollingOut && !Rollout.MayBegin(realm))
                realm.Jobs.Change(job.JobId, row => row.Cancel(realm.Now, force: false, ConcurrencyReasonCode, ConcurrencyComment));
            else
                Rollout.Begin(realm, job.JobId);
        }
        Consequences.Complete(realm, job.JobId);
    }

    private static void End(Realm realm, string jobId)
    {
        realm.Jobs.Change(jobId, job => job.End(realm.Now));
        Cancellation.Begin(realm, jobId);
        Consequences.Complete(realm, jobId);
    }
}
