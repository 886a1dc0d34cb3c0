using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>The identity of a waiting target.</summary>
public readonly record struct WaitingTargetKey(string JobId, string ThingName);

/// <summary>A thing that is a job's target and whose execution is not queued yet: the rollout has not come to it, or its window is closed.</summary>
public sealed record WaitingTarget : IRow<WaitingTargetKey>
{
    public required string JobId { get; init; }

    public required string ThingName { get; init; }

    /// <summary>Which of the job's targets it is, or belongs to.</summary>
    public required int TargetIndex { get; init; }

    public required long Ordinal { get; init; }

    /// <summary>More than 0 when this is a retry that waits for the next maintenance window.</summary>
    public int RetryAttempt { get; init; }

    /// <summary>How many of the retries followed a timeout.</summary>
    public int RetriesOfTimeouts { get; init; }

    public WaitingTargetKey Key => new(JobId, ThingName);

    public RolloutTarget Target => new(ThingName, TargetIndex, RetryAttempt, RetriesOfTimeouts);
}
