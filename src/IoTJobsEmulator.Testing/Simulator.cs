using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Testing;

/// <summary>Which things a simulator plays, and how they behave, on the emulator's clock. Durations are 365 days at most.</summary>
public record SimulatorDefinition
{
    /// <summary>Names of things that it plays; <c>*</c> stands for any characters. Those that are created later belong to it, too.</summary>
    public required string Things { get; init; }

    /// <summary>Its devices take the jobs of this namespace; those without one when null.</summary>
    public string? NamespaceId { get; init; }

    /// <summary>How long a device waits before it takes an execution; a second when null.</summary>
    public TimeSpan? PicksUp { get; init; }

    /// <summary>How long a device works on an execution; 10 to 30 seconds when null.</summary>
    public SimulatedWork? Takes { get; init; }

    /// <summary>How often executions end how; all succeed when null.</summary>
    public SimulatedOutcomes? Outcomes { get; init; }

    /// <summary>What devices say of an execution that they end, by its status, such as <c>FAILED</c>: 10 pairs each at most.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? StatusDetails { get; init; }

    /// <summary>What devices report while they work: 20 reports at most.</summary>
    public IReadOnlyList<SimulatedProgress>? Progress { get; init; }

    /// <summary>How many of a hundred things do nothing at all, from 0 to 100; 0 when null.</summary>
    public int? Offline { get; init; }

    /// <summary>What is drawn follows from it, the thing and the execution, so that a run can be repeated; 0 when null.</summary>
    public int? Seed { get; init; }
}

/// <summary>A simulator as it stands.</summary>
public sealed record Simulator : SimulatorDefinition
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How many of its devices are about to take an execution, or have one.</summary>
    public int Busy { get; init; }
}

/// <summary>How long a device works on an execution: drawn between two durations, in whole seconds if both are.</summary>
/// <param name="From">The shortest.</param>
/// <param name="To">The longest.</param>
public sealed record SimulatedWork(TimeSpan From, TimeSpan To);

/// <summary>How often executions end how, each number, from 0 to 1 000 000, in relation to their sum. Null is 0.</summary>
public sealed record SimulatedOutcomes
{
    /// <summary>They succeed.</summary>
    [JsonPropertyName("SUCCEEDED")] public int? Succeeded { get; init; }

    /// <summary>They fail.</summary>
    [JsonPropertyName("FAILED")] public int? Failed { get; init; }

    /// <summary>The device rejects them.</summary>
    [JsonPropertyName("REJECTED")] public int? Rejected { get; init; }

    /// <summary>The device takes the execution and says nothing more of it.</summary>
    public int? Silent { get; init; }
}

/// <summary>What a device reports while it works.</summary>
/// <param name="At">When, in percent of the time that the execution takes, from 0 to 100.</param>
/// <param name="StatusDetails">What it says; what was said before stays when null.</param>
public sealed record SimulatedProgress(int At, IReadOnlyDictionary<string, string>? StatusDetails = null);
