using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobExecutions;

/// <summary>How an execution reads on the control plane: times with fractions, details nested, no document. Source: API_JobExecution.</summary>
public sealed record JobExecutionView
{
    public required string JobId { get; init; }

    public required EnumText<JobExecutionStatus> Status { get; init; }

    /// <summary>True after a cancellation with force.</summary>
    public bool? ForceCanceled { get; init; }

    public required JobExecutionStatusDetails StatusDetails { get; init; }

    public required string ThingArn { get; init; }

    public required Moment QueuedAt { get; init; }

    public Moment? StartedAt { get; init; }

    public required Moment LastUpdatedAt { get; init; }

    public required long ExecutionNumber { get; init; }

    public required long VersionNumber { get; init; }

    /// <summary>Only while a timer runs.</summary>
    public long? ApproximateSecondsBeforeTimedOut { get; init; }

    public static JobExecutionView Of(Realm realm, JobExecution execution) => new()
    {
        JobId = execution.JobId,
        Status = execution.Status,
        ForceCanceled = execution.ForceCanceled ? true : null,
        StatusDetails = new(execution.StatusDetails),
        ThingArn = Arn.OfThing(realm, execution.ThingName),
        QueuedAt = execution.QueuedAt,
        StartedAt = execution.StartedAt,
        LastUpdatedAt = execution.LastUpdatedAt,
        ExecutionNumber = execution.ExecutionNumber,
        VersionNumber = execution.VersionNumber,
        ApproximateSecondsBeforeTimedOut = execution.SecondsBeforeTimedOut(realm.Now),
    };
}

/// <summary>Source: API_JobExecutionStatusDetails.</summary>
public sealed record JobExecutionStatusDetails(ValueMap? DetailsMap);

/// <summary>How an execution reads in the control plane's lists. Source: API_JobExecutionSummary.</summary>
/// <param name="execution">The execution.</param>
public sealed class JobExecutionSummary(JobExecution execution)
{
    public EnumText<JobExecutionStatus> Status => execution.Status;

    public Moment QueuedAt => execution.QueuedAt;

    public Moment? StartedAt => execution.StartedAt;

    public Moment LastUpdatedAt => execution.LastUpdatedAt;

    public long ExecutionNumber => execution.ExecutionNumber;

    /// <summary>0 for the first run.</summary>
    public int RetryAttempt => execution.RetryAttempt;
}
