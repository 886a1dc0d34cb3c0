namespace IoTJobsEmulator.Core.State;

/// <summary>What operations may depend on besides the rows, and what can change while the emulator runs.</summary>
public sealed record Settings
{
    /// <summary>How long a deletion lasts at the least, on the emulator's clock.</summary>
    public TimeSpan DeletionDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Jobs of one account and region that may be in DELETION_IN_PROGRESS at once.</summary>
    public const int DeletionsAtOnce = 10;

    /// <summary>Targets of one job.</summary>
    public const int TargetsPerJob = 100;
}
