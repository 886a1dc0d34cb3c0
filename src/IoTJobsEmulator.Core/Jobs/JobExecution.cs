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
    private readonly OptionalMoment _startedAt, _inProgressTimesOutAt, _stepTimesOutAt;

    public required string JobId { get; init; }

    public required string ThingName { get; init; }

    public required long ExecutionNumber { get; init; }

    public required long Ordinal { get; init; }

    /// <summary>The job's namespace, whose pending list this execution is in.</summary>
    public string? NamespaceId { get; init; }

    public JobExecutionStatus Status { get; init; } = QUEUED;

    public ValueMap? StatusDetails { get; init; }

    public required Moment QueuedAt { get; init; }

    public Moment? StartedAt { get => _startedAt; init => _startedAt = value; }

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
    public Moment? InProgressTimesOutAt { get => _inProgressTimesOutAt; init => _inProgressTimesOutAt = value; }

    /// <summary>When the device's own step timer ends this execution.</summary>
    public Moment? StepTimesOutAt { get => _stepTimesOutAt; init => _stepTimesOutAt = value; }

    public JobExecutionKey Key => new(JobId, ThingName, ExecutionNumber);

    public bool IsTerminal => IsTerminalStatus(Status);

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
    public JobExecution Report(Moment now, JobExecutionStatus status, ValueMap? details, long? stepTimeoutInMinutes, TimeoutConfig? timeout) => Move(
        status,
        now,
        details,
        startedAt: StartedAt ?? now,
        inProgressTimesOutAt: Status == QUEUED ? now + Minutes(timeout?.InProgressTimeoutInMinutes) : InProgressTimesOutAt,
        stepTimesOutAt: stepTimeoutInMinutes switch
        {
            null => StepTimesOutAt,
            -1 => null,
            var minutes => now + Minutes(minutes),
        });

    /// <summary>The end of an overdue execution; any other stays as it is.</summary>
    public JobExecution TimeOut(Moment now) => Status == IN_PROGRESS && now >= TimesOutAt ? Move(TIMED_OUT, now) : this;

    public JobExecution Cancel(Moment now, bool force, ValueMap? details = null) => Move(CANCELED, now, details, force: force);

    /// <summary>The thing is no longer a target, or was deleted. The version stays (observed).</summary>
    public JobExecution Remove(Moment now) => Move(REMOVED, now, versions: 0);

    /// <summary>Its job's maintenance window is closed, or open.</summary>
    public JobExecution Hide(bool isHidden) => IsHidden == isHidden ? this : this with { IsHidden = isHidden };

    /// <summary>The next row, in one copy. Timers that are not given end: none runs on a finished execution.</summary>
    private JobExecution Move(
        JobExecutionStatus status, Moment now, ValueMap? details = null, int versions = 1, bool force = false,
        Moment? startedAt = null, Moment? inProgressTimesOutAt = null, Moment? stepTimesOutAt = null)
    {
        var isTerminal = IsTerminalStatus(status);
        return this with
        {
            Status = status,
            StatusDetails = details ?? StatusDetails,
            StartedAt = startedAt ?? StartedAt,
            LastUpdatedAt = now,
            VersionNumber = VersionNumber + versions,
            ForceCanceled = force,
            IsHidden = false,
            InProgressTimesOutAt = isTerminal ? null : inProgressTimesOutAt,
            StepTimesOutAt = isTerminal ? null : stepTimesOutAt,
        };
    }

    private static bool IsTerminalStatus(JobExecutionStatus status) => status is not (QUEUED or IN_PROGRESS);

    private static TimeSpan? Minutes(long? minutes) => minutes is { } number ? TimeSpan.FromMinutes(number) : null;
}
