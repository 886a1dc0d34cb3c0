using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// What jobs do at moments of their own: start, end, open and close maintenance windows, begin the minutes of their rollout, and
/// finish their deletion. Source: the developer guide, "Job scheduling" and "Recurring maintenance windows".
/// </summary>
public static class JobSchedule
{
    /// <summary>The service's own words are not published; users can only test that there are some.</summary>
    public const string ConcurrencyReasonCode = "CONCURRENT_JOBS_LIMIT", ConcurrencyComment = "Job canceled because too many jobs were rolling out when its maintenance window opened.";

    /// <summary>The earliest moment of a job that has nothing to do at once.</summary>
    public static Moment? DueAt(Realm realm) => First(realm)?.DueAt;

    /// <summary>The earliest moment that changes more than the status of an idle job, whose windows open and close over nothing.</summary>
    public static Moment? ChangesAt(Realm realm) => realm.Jobs.Due.First?.ChangesAt;

    /// <summary>Does the first duty of the job that is due earliest. Others of that job that are due as well stay due.</summary>
    public static void Step(Realm realm)
    {
        var job = First(realm)!;
        switch (job.FirstDutyDueBy(realm.Now))
        {
            case JobDuty.FinishDeletion:
                JobDeletion.Finish(realm, job.JobId);
                break;
            case JobDuty.End:
                End(realm, job.JobId);
                break;
            case JobDuty.Start or JobDuty.MaintenanceWindow:
                ApplySchedule(realm, job);
                break;
            case JobDuty.RolloutMinute:
                Rollout.NextMinute(realm, job.JobId);
                break;
            case var duty:
                throw new InvalidOperationException($"Job {job.JobId} is due at {job.DueAt}, but nobody does {duty?.ToString() ?? "anything"}.");
        }
    }

    private static Job? First(Realm realm)
    {
        var (busy, idle) = (realm.Jobs.Due.First, realm.Jobs.IdleInWindows.First);
        return idle is not null && !(busy?.ChangesAt <= idle.IdleWindowDueAt) ? idle : busy;
    }

    // A window job that comes to its start while too many roll out is given up; later openings wait for their turn.
    private static void ApplySchedule(Realm realm, Job job)
    {
        realm.Jobs.Change(job.JobId, row => row.ApplySchedule(realm.Now));
        var entered = realm.Jobs.Find(job.JobId)!;
        if (entered.Status == JobStatus.IN_PROGRESS && !entered.HasRolloutBegun)
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
        Cancellation.Begin(realm, jobId, DueWork.ChangesPerTurn);
        Consequences.Complete(realm, jobId);
    }
}
