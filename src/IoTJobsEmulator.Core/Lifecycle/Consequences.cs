using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// What follows when executions of a job change: its counts, an abort, retries, its completion, and what simulated devices do next. Every writer of
/// executions calls this.
/// </summary>
public static class Consequences
{
    /// <summary>The service's own words for an abort are not published; users can only test that there are some.</summary>
    public const string AbortReasonCode = "ABORT_CRITERIA_MET", AbortComment = "Job canceled because an abort criterion was met.";

    /// <summary>Called once for all changes that a turn makes to one job's executions at a moment, in order.</summary>
    public static void Apply(Realm realm, string jobId, params ReadOnlySpan<Change<JobExecution>> changes) => Apply(realm, jobId, default(RolloutCount), changes);

    /// <inheritdoc cref="Apply(Realm, string, ReadOnlySpan{Change{JobExecution}})"/>
    /// <param name="realm">The realm of the job.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="rollout">What else is counted in the job's row.</param>
    /// <param name="changes">The changes.</param>
    public static void Apply(Realm realm, string jobId, RolloutCount rollout, ReadOnlySpan<Change<JobExecution>> changes)
    {
        Count(realm, jobId, rollout, changes);
        Abort(realm, jobId);
        Retry(realm, jobId, changes);
        Complete(realm, jobId);
        SimulatedDevices.Follow(realm, changes);
    }

    /// <summary>Completes a job whose last open execution or last waiting target is gone.</summary>
    public static void Complete(Realm realm, string jobId)
    {
        if (realm.Jobs.Find(jobId)!.IsFinished)
            realm.Jobs.Change(jobId, realm.Now, static (job, now) => job.Complete(now));
    }

    private static void Count(Realm realm, string jobId, RolloutCount rollout, ReadOnlySpan<Change<JobExecution>> changes)
    {
        var job = realm.Jobs.Find(jobId)!;
        var hidden = job.HiddenCount;
        Span<int> added = stackalloc int[JobExecutionCounts.Statuses];
        foreach (var (before, after) in changes)
        {
            hidden += (after is { IsHidden: true } ? 1 : 0) - (before is { IsHidden: true } ? 1 : 0);
            if (before is not null)
                added[(int)before.Status]--;
            if (after is not null)
                added[(int)after.Status]++;
        }
        realm.Jobs.Change(
            jobId, new Counted(job.Counts.Add(added), hidden, rollout), static (row, counted) => row.Count(counted.Executions, counted.Hidden, counted.Rollout));
    }

    private readonly record struct Counted(JobExecutionCounts Executions, int Hidden, RolloutCount Rollout);

    // Executions in progress go on, QUEUED ones are cancelled, nothing is retried any more. A job that has ended is not aborted:
    // executions that its end cancels are no failures.
    private static void Abort(Realm realm, string jobId)
    {
        if (realm.Jobs.Find(jobId) is not { IsOpen: true, EndedAt: null, AbortConfig: { } config } job || !config.IsMet(job.Counts))
            return;
        realm.Jobs.Change(jobId, realm.Now, static (row, now) => row.Cancel(now, force: false, AbortReasonCode, AbortComment));
        Cancellation.Begin(realm, jobId, DueWork.ChangesPerTurn);
    }

    // Retries are queued at once: no delay is documented. While the maintenance window is closed they wait for the next.
    private static void Retry(Realm realm, string jobId, ReadOnlySpan<Change<JobExecution>> changes)
    {
        var job = realm.Jobs.Find(jobId)!;
        if (!job.IsOpen || job.EndedAt is not null || job.RetryConfig is not { } config)
            return;
        var retries = new StructList<RolloutTarget>(changes.Length);
        foreach (var change in changes)
        {
            if (change is { Before.IsTerminal: false, After: { } finished } && config.ShouldRetry(finished) && ContinuousTargets.TargetOf(realm, job, finished.ThingName) is { } index)
                retries.Add(RolloutTarget.RetryOf(finished, index));
        }
        if (retries.Count > 0)
            Rollout.Retry(realm, jobId, retries);
    }
}
