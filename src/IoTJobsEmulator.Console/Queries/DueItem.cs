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
    // The indexes of timeouts and of simulated devices are those of all jobs: for one job they are looked through as far as a page may take.
    private const int LookedThrough = 5000;

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
        if (FirstCall(realm, job.JobId) is { } call)
            due.Add(call);
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

    private static DueItem? FirstTimeout(Realm realm, string jobId) =>
        realm.Executions.Due.Rows.Take(LookedThrough).FirstOrDefault(execution => execution.JobId == jobId) is { } first ? TimeoutOf(first) : null;

    /// <summary>The first call of a simulated device that has an execution of a job, or looks for one and has one of the job to find.</summary>
    private static DueItem? FirstCall(Realm realm, string jobId) =>
        realm.SimulatedDevices.Due.Rows.Take(LookedThrough).FirstOrDefault(device => device.JobId is { } taken
            ? taken == jobId
            : realm.Executions.Runs(jobId, device.ThingName).Any(execution => !execution.IsTerminal)) is { } first ? CallOf(first) : null;

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
