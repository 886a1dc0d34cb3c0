using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobStatus;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// A job and its life cycle. The row itself says what is to be done for its executions (queue, cancel, delete) and when:
/// <see cref="Work"/> and <see cref="DutyDueAt"/>. Source: API_Job; the developer guide, "Jobs and job execution states".
/// </summary>
public sealed record Job : IRow<string>
{
    private static readonly JobDuty[] Duties = Enum.GetValues<JobDuty>();

    private readonly OptionalMoment _completedAt, _deletionEndsAt, _rolloutDueAt, _startsAt, _endsAt, _endedAt, _windowDueAt;

    public required string JobId { get; init; }

    public required long Ordinal { get; init; }

    public required TargetSelection TargetSelection { get; init; }

    public required JobStatus Status { get; init; }

    public required ValueList<JobTarget> Targets { get; init; }

    public string? Description { get; init; }

    public string? DocumentSource { get; init; }

    public string? NamespaceId { get; init; }

    public string? JobTemplateArn { get; init; }

    public PresignedUrlConfig? PresignedUrlConfig { get; init; }

    public RolloutConfig? RolloutConfig { get; init; }

    public AbortConfig? AbortConfig { get; init; }

    public TimeoutConfig? TimeoutConfig { get; init; }

    public RetryConfig? RetryConfig { get; init; }

    public SchedulingConfig? SchedulingConfig { get; init; }

    public ValueMap? DocumentParameters { get; init; }

    public ValueList<string>? DestinationPackageVersions { get; init; }

    public string? Comment { get; init; }

    public string? ReasonCode { get; init; }

    /// <summary>Cancelled with force: IN_PROGRESS executions too.</summary>
    public bool ForceCanceled { get; init; }

    public required Moment CreatedAt { get; init; }

    public required Moment LastUpdatedAt { get; init; }

    public Moment? CompletedAt { get => _completedAt; init => _completedAt = value; }

    /// <summary>The earliest moment at which a job that is being deleted disappears.</summary>
    public Moment? DeletionEndsAt { get => _deletionEndsAt; init => _deletionEndsAt = value; }

    /// <summary>How many executions have which status: a member of the row, changed in the same turn as the execution.</summary>
    public JobExecutionCounts Counts { get; init; } = JobExecutionCounts.None;

    /// <summary>How many of the QUEUED executions are hidden from devices.</summary>
    public int HiddenCount { get; init; }

    /// <summary>How many <see cref="TargetExpansion"/> rows the job has.</summary>
    public int ExpandingCount { get; init; }

    /// <summary>How many <see cref="WaitingTarget"/> rows the job has.</summary>
    public int WaitingCount { get; init; }

    /// <summary>Whether its rollout has begun: it is among the jobs that may roll out at once (Settings.ConcurrentJobs).</summary>
    public bool HasRolloutBegun { get; init; }

    /// <summary>How many executions may still be queued in the rollout's present minute.</summary>
    public int RolloutAllowance { get; init; }

    /// <summary>When the rollout's next minute begins.</summary>
    public Moment? RolloutDueAt { get => _rolloutDueAt; init => _rolloutDueAt = value; }

    /// <summary>When a job that is SCHEDULED starts; null once it has.</summary>
    public Moment? StartsAt { get => _startsAt; init => _startsAt = value; }

    /// <summary>When the job ends; null once it has.</summary>
    public Moment? EndsAt { get => _endsAt; init => _endsAt = value; }

    /// <summary>When the job ended: since then nothing is queued, and its end behaviour applies to its open executions.</summary>
    public Moment? EndedAt { get => _endedAt; init => _endedAt = value; }

    /// <summary>When a maintenance window may open or close next.</summary>
    public Moment? WindowDueAt { get => _windowDueAt; init => _windowDueAt = value; }

    public string Key => JobId;

    /// <summary>Neither finished nor being deleted: it can be cancelled and updated.</summary>
    public bool IsOpen => Status is IN_PROGRESS or SCHEDULED;

    /// <summary>Deletable without force.</summary>
    public bool IsTerminal => Status is COMPLETED or CANCELED;

    /// <summary>Whether any of its targets is a thing group.</summary>
    public bool HasGroupTargets
    {
        get
        {
            foreach (var target in Targets)
            {
                if (target.ThingGroupId is not null)
                    return true;
            }
            return false;
        }
    }

    public bool HasWindows => SchedulingConfig?.MaintenanceWindows is { Count: > 0 };

    /// <summary>Whether a thing that joins one of its groups gets an execution.</summary>
    public bool TakesNewThings => TargetSelection == TargetSelection.CONTINUOUS && IsOpen && EndedAt is null;

    /// <summary>Whether the rollout has not reached all targets yet.</summary>
    public bool IsRollingOut => ExpandingCount > 0 || WaitingCount > 0;

    /// <summary>Rolling out, or cancelling: what the API calls <c>isConcurrent</c>.</summary>
    public bool IsConcurrent => Status == IN_PROGRESS ? IsRollingOut && HasRolloutBegun : Status == CANCELED && HasWork;

    /// <summary>Kept from rolling out by the number of jobs that do.</summary>
    public bool AwaitsSlot => Status == IN_PROGRESS && IsRollingOut && !HasRolloutBegun && EndedAt is null;

    /// <summary>Whether no execution of it may stay QUEUED: it was cancelled, or has ended so.</summary>
    public bool CancelsQueued => Status == CANCELED || (EndedAt is not null && EndBehavior is not JobEndBehavior.STOP_ROLLOUT);

    /// <summary>Whether no execution of it may stay IN_PROGRESS.</summary>
    public bool CancelsInProgress => CancelsInProgressSince is not null;

    /// <summary>Since when no execution of it may stay IN_PROGRESS: one whose timer ran out before has timed out.</summary>
    public Moment? CancelsInProgressSince => Status == CANCELED
        ? ForceCanceled ? LastUpdatedAt : null
        : EndBehavior is JobEndBehavior.FORCE_CANCEL ? EndedAt : null;

    /// <summary>Whether a maintenance window is closed: devices do not see what is QUEUED.</summary>
    public bool HidesQueued => Status == SCHEDULED;

    /// <summary>
    /// What is to be done for its executions at once, whatever the clock says, or null. It is done by due work,
    /// DueWork.ChangesPerTurn rows a turn.
    /// </summary>
    public JobWork? Work => Status switch
    {
        DELETION_IN_PROGRESS when IsRollingOut || Counts.Total > 0 => JobWork.Deletion,
        IN_PROGRESS or SCHEDULED or CANCELED when NeedsCancellation => JobWork.Cancellation,
        IN_PROGRESS or SCHEDULED when NeedsVisibility => JobWork.Visibility,
        IN_PROGRESS or SCHEDULED when NeedsRollout => JobWork.Rollout,
        _ => null,
    };

    /// <summary>Whether something is to be done for its executions at once.</summary>
    public bool HasWork => Work is not null;

    /// <summary>Whether targets are to be found, or executions may be queued.</summary>
    public bool NeedsRollout => EndedAt is null && (ExpandingCount > 0 || (Status == IN_PROGRESS && HasRolloutBegun && WaitingCount > 0 && RolloutAllowance > 0));

    /// <summary>Whether waiting targets are to be dropped, or executions are to be cancelled.</summary>
    public bool NeedsCancellation =>
        ((Status == CANCELED || EndedAt is not null) && IsRollingOut)
        || (CancelsQueued && Counts.Queued > 0)
        || (CancelsInProgress && Counts.InProgress > 0);

    /// <summary>Whether QUEUED executions are to be hidden from devices, or shown to them.</summary>
    public bool NeedsVisibility => HiddenCount != (HidesQueued ? Counts.Queued : 0);

    /// <summary>
    /// Whether the windows have nothing to do: no target waits and nothing is QUEUED, so that a window that opens or closes
    /// changes no more than the status of the job.
    /// </summary>
    public bool IsIdle => HasWindows && !IsRollingOut && Counts.Queued == 0;

    /// <summary>The next moment at which something is due, once <see cref="HasWork"/> is false.</summary>
    public Moment? DueAt => IdleWindowDueAt is { } window && !(ChangesAt <= window) ? window : ChangesAt;

    /// <summary>The next moment at which something is due that changes more than the status of an idle job.</summary>
    public Moment? ChangesAt
    {
        get
        {
            Moment? earliest = null;
            foreach (var duty in Duties)
            {
                if (DutyDueAt(duty) is { } moment && !(earliest <= moment) && !(duty == JobDuty.MaintenanceWindow && IsIdle))
                    earliest = moment;
            }
            return earliest;
        }
    }

    /// <summary>When a window of an idle job opens or closes.</summary>
    public Moment? IdleWindowDueAt => IsIdle ? DutyDueAt(JobDuty.MaintenanceWindow) : null;

    /// <summary>When a duty is due; null when it is not, in the job's present status.</summary>
    public Moment? DutyDueAt(JobDuty duty) => (duty, Status) switch
    {
        (JobDuty.FinishDeletion, DELETION_IN_PROGRESS) => DeletionEndsAt,
        (JobDuty.End, SCHEDULED or IN_PROGRESS) => EndsAt,
        (JobDuty.Start, SCHEDULED) => StartsAt,
        (JobDuty.MaintenanceWindow, SCHEDULED or IN_PROGRESS) => WindowDueAt,
        (JobDuty.RolloutMinute, IN_PROGRESS) when WaitingCount > 0 && HasRolloutBegun => RolloutDueAt,
        _ => null,
    };

    /// <summary>The first duty, in their order, that is due by a moment; null when none is.</summary>
    public JobDuty? FirstDutyDueBy(Moment now)
    {
        foreach (var duty in Duties)
        {
            if (DutyDueAt(duty) <= now)
                return duty;
        }
        return null;
    }

    /// <summary>
    /// A snapshot job is complete when it is rolled out and every execution is terminal, any job with an end when that has passed
    /// and every execution is terminal. Other continuous jobs go on.
    /// </summary>
    public bool IsFinished => Status == IN_PROGRESS && !IsRollingOut && Counts.Open == 0
        && (EndedAt is not null || TargetSelection == TargetSelection.SNAPSHOT);

    private JobEndBehavior EndBehavior => SchedulingConfig?.EndBehavior?.Value ?? JobEndBehavior.STOP_ROLLOUT;

    /// <summary>How many executions may be queued in a minute that begins now.</summary>
    public int RatePerMinute => (RolloutConfig ?? RolloutConfig.Default).RatePerMinute(Counts);

    /// <summary>
    /// Gives the job the status that its start and its maintenance windows call for at a moment: SCHEDULED before its start and while no
    /// window is open, else IN_PROGRESS. While it is SCHEDULED there is no rollout: it stops when a window closes, and begins again when the next one opens.
    /// </summary>
    public Job ApplySchedule(Moment now)
    {
        if (StartsAt > now)
            return this with { Status = SCHEDULED, HasRolloutBegun = false, RolloutAllowance = 0, RolloutDueAt = null };
        var started = StartsAt is null ? this : this with { StartsAt = null };
        if (!HasWindows)
            return started.WithStatus(IN_PROGRESS, now);
        if (MaintenanceWindow.OpenUntil(SchedulingConfig!.MaintenanceWindows!, now) is { } closing)
            return started.WithStatus(IN_PROGRESS, now) with { WindowDueAt = closing };
        return started.WithStatus(SCHEDULED, now) with
        {
            WindowDueAt = MaintenanceWindow.NextOpening(SchedulingConfig.MaintenanceWindows!, now),
            HasRolloutBegun = false,
            RolloutAllowance = 0,
            RolloutDueAt = null,
        };
    }

    /// <summary>Ends the job, as of <see cref="EndsAt"/>, which may be some time ago. Open executions become visible to devices; the end behaviour says whether they go on.</summary>
    public Job End(Moment now) =>
        this with { Status = IN_PROGRESS, StartsAt = null, EndsAt = null, WindowDueAt = null, EndedAt = EndsAt, RolloutDueAt = null, LastUpdatedAt = now };

    /// <summary>Counts what has become of its executions and of its waiting targets, in one copy.</summary>
    public Job Count(JobExecutionCounts counts, int hidden, RolloutCount rollout) => counts == Counts && hidden == HiddenCount && rollout == default ? this : this with
    {
        Counts = counts,
        HiddenCount = hidden,
        WaitingCount = WaitingCount + rollout.Waiting,
        RolloutAllowance = RolloutAllowance == int.MaxValue ? int.MaxValue : RolloutAllowance - rollout.OfAllowance,
    };

    public Job Complete(Moment now) => this with { Status = COMPLETED, CompletedAt = now, LastUpdatedAt = now };

    /// <summary>Cancels the job. A reason or comment that is given replaces the earlier one; null keeps it.</summary>
    public Job Cancel(Moment now, bool force, string? reasonCode, string? comment) =>
        this with { Status = CANCELED, ForceCanceled = force, ReasonCode = reasonCode ?? ReasonCode, Comment = comment ?? Comment, LastUpdatedAt = now };

    public Job Delete(Moment now, TimeSpan minimumDuration) =>
        this with { Status = DELETION_IN_PROGRESS, DeletionEndsAt = now + minimumDuration, LastUpdatedAt = now };

    private Job WithStatus(JobStatus status, Moment now) => Status == status ? this : this with { Status = status, LastUpdatedAt = now };
}
