using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Simulators;

/// <summary>
/// A fleet of devices that the emulator plays: which things they are, and how they behave. One that is changed or deleted is marked as deleted
/// and goes when nothing is scheduled for it any more; a change is another row.
/// </summary>
public sealed record Simulator : IRow<Number>
{
    /// <summary>Simulators of one account and region.</summary>
    public const int MaxSimulators = 100;

    /// <summary>By it devices know their simulator: a change gives a new one.</summary>
    public required long Ordinal { get; init; }

    public required string Name { get; init; }

    /// <summary>Names of things, with * for any characters.</summary>
    public required string Things { get; init; }

    /// <summary>The namespace whose jobs the devices take; null for jobs without one.</summary>
    public string? NamespaceId { get; init; }

    public required SimulatedBehavior Behavior { get; init; }

    /// <summary>Things with names up to this one have been searched for something that waits; null when all have been.</summary>
    public string? SearchedThrough { get; init; }

    /// <summary>Whether callers see it no more, and its devices do nothing more.</summary>
    public bool IsDeleted { get; init; }

    public Number Key => Ordinal;
}
