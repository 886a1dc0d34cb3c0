using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Storage;

/// <summary>How the emulator's clock stands to the machine's: the one thing besides the rows that a restart must not forget.</summary>
public sealed record ClockState
{
    /// <summary>Neither moved nor frozen.</summary>
    public static readonly ClockState OfTheMachine = new();

    public long OffsetMilliseconds { get; init; }

    /// <summary>Where the clock stands while it is frozen.</summary>
    public Moment? FrozenAt { get; init; }
}
