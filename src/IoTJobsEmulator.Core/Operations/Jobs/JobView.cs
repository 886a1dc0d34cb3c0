using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <summary>How a job reads on the wire: four configs are always there, what else is unset is left out. Source: API_Job.</summary>
public sealed record JobView
{
    private const int RolloutsShown = 7;

    public required string JobArn { get; init; }

    public required string JobId { get; init; }

    public required EnumText<TargetSelection> TargetSelection { get; init; }

    public required EnumText<JobStatus> Status { get; init; }

    /// <summary>True after a CancelJob with force.</summary>
    public bool? ForceCanceled { get; init; }

    public string? ReasonCode { get; init; }

    public string? Comment { get; init; }

    public required ValueList<string> Targets { get; init; }

    public string? Description { get; init; }

    public required PresignedUrlConfig PresignedUrlConfig { get; init; }

    public required RolloutConfig JobExecutionsRolloutConfig { get; init; }

    public AbortConfig? AbortConfig { get; init; }

    public required Moment CreatedAt { get; init; }

    public required Moment LastUpdatedAt { get; init; }

    public Moment? CompletedAt { get; init; }

    public required JobProcessDetails JobProcessDetails { get; init; }

    public required TimeoutConfig TimeoutConfig { get; init; }

    public string? NamespaceId { get; init; }

    public string? JobTemplateArn { get; init; }

    public RetryConfig? JobExecutionsRetryConfig { get; init; }

    public ValueMap? DocumentParameters { get; init; }

    /// <summary>Rolling out, or cancelling.</summary>
    public required bool IsConcurrent { get; init; }

    public required SchedulingConfig SchedulingConfig { get; init; }

    /// <summary>The next seven openings of its maintenance windows, if it has any.</summary>
    public ValueList<ScheduledJobRollout>? ScheduledJobRollouts { get; init; }

    public ValueList<string>? DestinationPackageVersions { get; init; }

    public static JobView Of(Realm realm, Job job) => new()
    {
        JobArn = Arn.OfJob(realm, job.JobId),
        JobId = job.JobId,
        TargetSelection = job.TargetSelection,
        Status = job.Status,
        ForceCanceled = job.ForceCanceled ? true : null,
        ReasonCode = job.ReasonCode,
        Comment = job.Comment,
        Targets = new(job.Targets.Select(target => target.Arn)),
        Description = job.Description,
        PresignedUrlConfig = job.PresignedUrlConfig ?? new(),
        JobExecutionsRolloutConfig = job.RolloutConfig ?? new(),
        AbortConfig = job.AbortConfig,
        CreatedAt = job.CreatedAt,
        LastUpdatedAt = job.LastUpdatedAt,
        CompletedAt = job.CompletedAt,
        JobProcessDetails = JobProcessDetails.Of(realm, job),
        TimeoutConfig = job.TimeoutConfig ?? new(),
        NamespaceId = job.NamespaceId,
        JobTemplateArn = job.JobTemplateArn,
        JobExecutionsRetryConfig = job.RetryConfig,
        DocumentParameters = job.DocumentParameters,
        IsConcurrent = job.IsConcurrent,
        SchedulingConfig = job.SchedulingConfig ?? new(),
        ScheduledJobRollouts = job.HasWindows && job.IsOpen && job.EndedAt is null ? Rollouts(realm, job) : null,
        DestinationPackageVersions = job.DestinationPackageVersions,
    };

    private static ValueList<ScheduledJobRollout> Rollouts(Realm realm, Job job) => new(
        MaintenanceWindow.Openings(job.SchedulingConfig!.MaintenanceWindows!, job.StartsAt is { } start ? start - TimeSpan.FromMilliseconds(1) : realm.Now)
            .TakeWhile(opening => job.EndsAt is null || opening < job.EndsAt)
            .Take(RolloutsShown)
            .Select(opening => new ScheduledJobRollout(SchedulingConfig.Format(opening))));
}

/// <summary>When a maintenance window opens, in the form of a schedule's times. Source: API_ScheduledJobRollout.</summary>
public sealed record ScheduledJobRollout(string StartTime);

/// <summary>How many executions stand where, and which targets the rollout has not finished with. Source: API_JobProcessDetails.</summary>
public sealed record JobProcessDetails
{
    /// <summary>ARNs; left out once everything is rolled out.</summary>
    public ValueList<string>? ProcessingTargets { get; init; }

    public required int NumberOfCanceledThings { get; init; }

    public required int NumberOfSucceededThings { get; init; }

    public required int NumberOfFailedThings { get; init; }

    public required int NumberOfRejectedThings { get; init; }

    public required int NumberOfQueuedThings { get; init; }

    public required int NumberOfInProgressThings { get; init; }

    public required int NumberOfRemovedThings { get; init; }

    public required int NumberOfTimedOutThings { get; init; }

    public static JobProcessDetails Of(Realm realm, Job job) => new()
    {
        ProcessingTargets = job.IsRollingOut && job.IsOpen ? Processing(realm, job) : null,
        NumberOfCanceledThings = job.Counts.Canceled,
        NumberOfSucceededThings = job.Counts.Succeeded,
        NumberOfFailedThings = job.Counts.Failed,
        NumberOfRejectedThings = job.Counts.Rejected,
        NumberOfQueuedThings = job.Counts.Queued,
        NumberOfInProgressThings = job.Counts.InProgress,
        NumberOfRemovedThings = job.Counts.Removed,
        NumberOfTimedOutThings = job.Counts.TimedOut,
    };

    private static ValueList<string> Processing(Realm realm, Job job) => new(job.Targets
        .Where((_, index) => realm.TargetExpansions.OfTarget.Any(new(job.JobId, index)) || realm.WaitingTargets.OfTarget.Any(new(job.JobId, index)))
        .Select(target => target.Arn));
}
