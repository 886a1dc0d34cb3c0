using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>Something that will happen without a request.</summary>
/// <param name="At">When; null when it is done as soon as the emulator comes to it.</param>
/// <param name="What">What, in words.</param>
/// <param name="JobId">The job that it concerns; null when that is not known before.</param>
/// <param name="ThingName">The thing, of one execution.</param>
public sealed record DueItem(Moment? At, string What, string? JobId, string? ThingName = null)
{
    /// <summary>How many more of the same kind follow of the same job, counted as far as they were looked at.</summary>
    public int More { get; private init; }

    /// <summary>What is due next in an account and region, the earliest first. Timeouts of one job are one item, and so is what simulated devices do.</summary>
    public static IReadOnlyList<DueItem> Next(Realm realm, int limit)
    {
        const int LookedAt = 500;
        IEnumerable<DueItem> due =
        [
            .. realm.Jobs.WithWork.Rows.Take(limit).Select(job => new DueItem(null, AtOnce(job), job.JobId)),
            .. realm.Jobs.Due.Rows.Take(limit).Concat(realm.Jobs.IdleInWindows.Rows.Take(limit)).SelectMany(OfJob),
            .. Together(realm.Executions.Due.Rows.Take(LookedAt).Select(TimeoutOf)),
            .. Together(realm.SimulatedDevices.Due.Rows.Take(LookedAt).Select(CallOf)),
        ];
        return [.. due.OrderBy(item => item.At?.Milliseconds ?? long.MinValue).Take(limit)];
    }

    /// <summary>What is due of one job, the earliest first.</summary>
    public static IReadOnlyList<DueItem> OfOneJob(Realm realm, Job job)
    {
        List<DueItem> due = [.. OfJob(job)];
        if (job.HasWork)
            due.Add(new(null, AtOnce(job), job.JobId));
        if (job.AwaitsSlot)
            due.Add(new(null, $"The rollout begins when fewer than {realm.Settings.ConcurrentJobs} jobs roll out or cancel", job.JobId));
        if (FirstTimeout(realm, job.JobId) is { } timeout)
            due.Add(timeout);
        return [.. due.OrderBy(item => item.At?.Milliseconds ?? long.MinValue)];
    }

    public static DueItem TimeoutOf(JobExecution execution) => new(
        execution.TimesOutAt,
        execution.StepTimesOutAt is { } step && step == execution.TimesOutAt ? "The step timer ends: TIMED_OUT" : "The in-progress timer ends: TIMED_OUT",
        execution.JobId, execution.ThingName);

    private static DueItem CallOf(SimulatedDevice device) => new(
        device.ActsAt, device.JobId is null ? "A simulated device looks for an execution" : "A simulated device reports", device.JobId, device.ThingName);

    private static IEnumerable<DueItem> Together(IEnumerable<DueItem> earliestFirst) =>
        earliestFirst.GroupBy(item => (item.JobId, item.What)).Select(same => same.First() with { More = same.Count() - 1 });

    private static IEnumerable<DueItem> OfJob(Job job) =>
        from duty in Enum.GetValues<JobDuty>()
        where job.DutyDueAt(duty) is not null
        select new DueItem(job.DutyDueAt(duty), Words(job, duty), job.JobId);

    // The index of timeouts is that of all jobs: it is looked through as far as a page may take.
    private static DueItem? FirstTimeout(Realm realm, string jobId)
    {
        const int LookedThrough = 5000;
        return realm.Executions.Due.Rows.Take(LookedThrough).FirstOrDefault(execution => execution.JobId == jobId) is { } first ? TimeoutOf(first) : null;
    }

    private static string Words(Job job, JobDuty duty) => duty switch
    {
        JobDuty.FinishDeletion => "The job disappears",
        JobDuty.End => "The job ends",
        JobDuty.Start => "The job starts",
        JobDuty.MaintenanceWindow => job.Status == JobStatus.SCHEDULED ? "A maintenance window opens" : "A maintenance window opens or closes",
        _ => $"The next minute of the rollout: up to {job.RatePerMinute} executions of {job.WaitingCount} that wait",
    };

    private static string AtOnce(Job job) => job.Work switch
    {
        JobWork.Deletion => "Its executions are deleted",
        JobWork.Cancellation => "Its executions are canceled",
        JobWork.Visibility => "Its executions are shown to devices, or hidden from them",
        _ => "Executions are queued",
    };
}
