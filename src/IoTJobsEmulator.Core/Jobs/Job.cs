using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobStatus;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// A job and its life cycle. What a fleet owes it (executions to queue, to cancel, to delete) follows from the row itself:
/// see <see cref="OwesWork"/>. Source: API_Job; the developer guide, "Jobs and job execution states".
/// </summary>
public sealed record Job : IRow<string>
{
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

    public ValueList<Tag>? Tags { get; init; }

    public string? Comment { get; init; }

    public string? ReasonCode { get; init; }

    /// <summary>Cancelled with force: IN_PROGRESS executions too.</summary>
    public bool ForceCanceled { get; init; }

    public required Moment CreatedAt { get; init; }

    public required Moment LastUpdatedAt { get; init; }

    public Moment? CompletedAt { get; init; }

    /// <summary>The earliest moment at which a job that is being deleted disappears.</summary>
    public Moment? GoneAt { get; init; }

    /// <summary>How many executions stand where: a member of the row, changed in the same turn as the execution.</summary>
    public JobExecutionCounts Counts { get; init; } = new();

    /// <summary>How many <see cref="TargetExpansion"/> rows the job has.</summary>
    public int Expanding { get; init; }

    /// <summary>How many <see cref="WaitingTarget"/> rows the job has.</summary>
    public int Waiting { get; init; }

    public string Key => JobId;

    /// <summary>Whether the rollout has not reached all targets yet.</summary>
    public bool IsRollingOut => Expanding > 0 || Waiting > 0;

    /// <summary>Rolling out, or cancelling: what the API calls <c>isConcurrent</c>.</summary>
    public bool IsConcurrent => Status == IN_PROGRESS ? IsRollingOut : Status == CANCELED && OwesWork;

    /// <summary>Whether devices can still see its executions and things that join may get one.</summary>
    public bool IsOpen => Status is IN_PROGRESS or SCHEDULED;

    /// <summary>
    /// Whether something is to be done for its executions at once, whatever the clock says: targets to find, executions to queue,
    /// to cancel or to delete. Done by due work, a thousand a turn.
    /// </summary>
    public bool OwesWork => Status switch
    {
        IN_PROGRESS => IsRollingOut,
        SCHEDULED => Expanding > 0,
        CANCELED => IsRollingOut || Counts.Queued > 0 || (ForceCanceled && Counts.InProgress > 0),
        DELETION_IN_PROGRESS => IsRollingOut || Counts.Total > 0,
        _ => false,
    };

    /// <summary>The next moment at which something is due, once nothing is owed at once.</summary>
    public Moment? DueAt => Status == DELETION_IN_PROGRESS ? GoneAt : null;

    /// <summary>A snapshot job is complete when it is rolled out and every execution is terminal. A continuous one goes on.</summary>
    public bool IsFinished => Status == IN_PROGRESS && TargetSelection == TargetSelection.SNAPSHOT && !IsRollingOut && Counts.Open == 0;

    /// <summary>One execution more, less, or one that changed its status.</summary>
    public Job Count(JobExecutionStatus? before, JobExecutionStatus? after)
    {
        if (before == after)
            return this;
        var counts = before is { } left ? Counts.Add(left, -1) : Counts;
        return this with { Counts = after is { } entered ? counts.Add(entered, 1) : counts };
    }

    public Job Complete(Moment now) => this with { Status = COMPLETED, CompletedAt = now, LastUpdatedAt = now };

    public Job Cancel(Moment now, bool force, string? reasonCode, string? comment) =>
        this with { Status = CANCELED, ForceCanceled = force, ReasonCode = reasonCode, Comment = comment, LastUpdatedAt = now };

    public Job Delete(Moment now, TimeSpan atLeast) =>
        this with { Status = DELETION_IN_PROGRESS, GoneAt = now + atLeast, LastUpdatedAt = now };

    /// <summary>Deletable without force.</summary>
    public bool IsTerminal => Status is COMPLETED or CANCELED;
}
