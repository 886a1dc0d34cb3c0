namespace IoTJobsEmulator.Core.State;

/// <summary>What operations may depend on besides the rows, and what can change while the emulator runs.</summary>
public sealed record Settings
{
    /// <summary>How long a deletion lasts at the least, on the emulator's clock.</summary>
    public TimeSpan DeletionDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether rollouts keep to their rate, or queue everything at once.</summary>
    public RolloutMode Rollout { get; init; } = RolloutMode.paced;

    /// <summary>Jobs of one account and region that are not finished.</summary>
    public int ActiveJobs { get; init; } = 100_000;

    /// <summary>Jobs of one account and region that roll out, or cancel, at once.</summary>
    public int ConcurrentJobs { get; init; } = 500;

    /// <summary>Targets of one job.</summary>
    public int TargetsPerJob { get; init; } = 100;

    /// <summary>Jobs of one account and region that may be in DELETION_IN_PROGRESS at once.</summary>
    public const int MaxConcurrentDeletions = 10;
}

/// <summary>The members stand as they are written in a setting.</summary>
public enum RolloutMode
{
    paced,
    immediate,
}
