using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>The identity of an execution: the first run of a job on a thing is number 1, the next 2.</summary>
public readonly record struct JobExecutionKey(string JobId, string ThingName, long ExecutionNumber);

/// <summary>
/// One run of one job on one thing, and its life cycle. Source: API_JobExecution; the developer guide, "Jobs and job execution
/// states".
/// </summary>
public sealed record JobExecution : IRow<JobExecutionKey>
{
    public required string JobId { get; init; }

    public required string ThingName { get; init; }

    public required long ExecutionNumber { get; init; }

    public required long Ordinal { get; init; }

    /// <summary>The job's namespace, whose pending list this execution is in.</summary>
    public string? NamespaceId { get; init; }

    public JobExecutionStatus Status { get; init; } = QUEUED;

    public ValueMap? StatusDetails { get; init; }

    public required Moment QueuedAt { get; init; }

    public Moment? StartedAt { get; init; }

    public required Moment LastUpdatedAt { get; init; }

    /// <summary>1 when queued; grows by one with each accepted change.</summary>
    public long VersionNumber { get; init; } = 1;

    /// <summary>0 for the first run, 1, 2, … for retries.</summary>
    public int RetryAttempt { get; init; }

    /// <summary>How many of the retries followed a timeout.</summary>
    public int RetriesOfTimeouts { get; init; }

    public bool ForceCanceled { get; init; }

    /// <summary>QUEUED while the job's maintenance window is closed: devices do not see it.</summary>
    public bool IsHidden { get; init; }

    /// <summary>When the job's in-progress timer ends this execution.</summary>
    public Moment? InProgressTimesOutAt { get; init; }

    /// <summary>When the device's own step timer ends this execution.</summary>
    public Moment? StepTimesOutAt { get; init; }

    public JobExecutionKey Key => new(JobId, ThingName, ExecutionNumber);

    public bool IsTerminal => Status is not (QUEUED or IN_PROGRESS);

    /// <summary>Whether a device may take it.</summary>
    public bool IsPending => !IsTerminal && !IsHidden;

    /// <summary>The earlier of the two timers: a step timer cannot outlive the in-progress timer.</summary>
    public Moment? TimesOutAt => (InProgressTimesOutAt, StepTimesOutAt) switch
    {
        ({ } whole, { } step) => Moment.Earlier(whole, step),
        var (whole, step) => whole ?? step,
    };

    /// <summary>What the API calls <c>approximateSecondsBeforeTimedOut</c>: null while no timer runs.</summary>
    public long? SecondsBeforeTimedOut(Moment now) => TimesOutAt is { } end ? Math.Max(0, (long)(end - now).TotalSeconds) : null;

    /// <summary>Which moves a device may make. The service itself makes all others.</summary>
    public static bool DeviceMayMove(JobExecutionStatus from, JobExecutionStatus to) => (from, to) switch
    {
        (QUEUED or IN_PROGRESS, IN_PROGRESS or SUCCEEDED or FAILED or REJECTED) => true,
        _ => false,
    };

    /// <summary>
    /// A device's report. Details that are not given stay; a step timer that is given counts from now, one of -1 minute ends, and
    /// one that is not given runs on. The first report starts the execution, also one that finishes it (observed); the in-progress timer
    /// starts with the first report of IN_PROGRESS.
    /// </summary>
    public JobExecution Report(Moment now, JobExecutionStatus status, ValueMap? details, long? stepTimeoutInMinutes, TimeoutConfig? timeout)
    {
        var next = WithStatus(status, now) with { StatusDetails = details ?? StatusDetails, StartedAt = StartedAt ?? now };
        if (next.IsTerminal)
            return next;
        if (Status == QUEUED)
            next = next with { InProgressTimesOutAt = now + Minutes(timeout?.InProgressTimeoutInMinutes) };
        return stepTimeoutInMinutes switch
        {
            null => next,
            -1 => next with { StepTimesOutAt = null },
            var minutes => next with { StepTimesOutAt = now + Minutes(minutes) },
        };
    }

    /// <summary>The end of an overdue execution; any other stays as it is.</summary>
    public JobExecution TimeOut(Moment now) => Status == IN_PROGRESS && now >= TimesOutAt ? WithStatus(TIMED_OUT, now) : this;

    public JobExecution Cancel(Moment now, bool force, ValueMap? details = null) =>
        WithStatus(CANCELED, now) with { ForceCanceled = force, StatusDetails = details ?? StatusDetails };

    /// <summary>The thing is no longer a target, or was deleted. The version stays (observed).</summary>
    public JobExecution Remove(Moment now) => WithStatus(REMOVED, now) with { VersionNumber = VersionNumber };

    /// <summary>Its job's maintenance window is closed, or open.</summary>
    public JobExecution Hide(bool isHidden) => IsHidden == isHidden ? this : this with { IsHidden = isHidden };

    /// <summary>No timer runs on a finished execution.</summary>
    private JobExecution WithStatus(JobExecutionStatus status, Moment now)
    {
        var next = this with { Status = status, VersionNumber = VersionNumber + 1, LastUpdatedAt = now, IsHidden = false };
        return next.IsTerminal ? next with { InProgressTimesOutAt = null, StepTimesOutAt = null } : next;
    }

    private static TimeSpan? Minutes(long? minutes) => minutes is { } number ? TimeSpan.FromMinutes(number) : null;
}
