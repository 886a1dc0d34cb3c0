using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Simulators;

/// <summary>
/// What a simulated device does next, and when. A device has a row from the moment at which something waits for its thing until nothing does, so
/// that a fleet that rests costs nothing.
/// </summary>
public sealed record SimulatedDevice : IRow<string>
{
    public required string ThingName { get; init; }

    public required long Ordinal { get; init; }

    /// <summary>The ordinal of the simulator that plays it.</summary>
    public required long SimulatorOrdinal { get; init; }

    /// <summary>When it calls next; null while it is silent, until the service ends the execution.</summary>
    public Moment? ActsAt { get; init; }

    /// <summary>The job of the execution that it has taken; null before it has taken one.</summary>
    public string? JobId { get; init; }

    public long ExecutionNumber { get; init; }

    /// <summary>The version that it knows.</summary>
    public long VersionNumber { get; init; }

    /// <summary>When it took the execution.</summary>
    public Moment? TakenAt { get; init; }

    /// <summary>How many progress reports it has made.</summary>
    public int Reports { get; init; }

    /// <summary>How many calls in a row were refused, or not answered.</summary>
    public int Refusals { get; init; }

    public string Key => ThingName;

    /// <summary>It holds no execution, and looks for one at a moment.</summary>
    public SimulatedDevice LookAt(Moment moment) => this with { ActsAt = moment, JobId = null, ExecutionNumber = 0, VersionNumber = 0, TakenAt = null, Reports = 0 };
}
