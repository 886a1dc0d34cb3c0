using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Storage;

/// <summary>How the emulator's clock differs from the machine's. It is stored beside the rows, so that a restart keeps it.</summary>
public sealed record ClockState
{
    /// <summary>Neither moved nor frozen.</summary>
    public static readonly ClockState OfTheMachine = new();

    public long OffsetMilliseconds { get; init; }

    /// <summary>The moment at which the clock is frozen; null while it runs.</summary>
    public Moment? FrozenAt { get; init; }
}
