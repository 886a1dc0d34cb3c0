using IoTJobsEmulator.Core;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>The emulator's time: the machine's, moved by an offset, or standing still. Nobody else knows the machine's clock.</summary>
public sealed class EmulatorClock(TimeProvider machine)
{
    /// <summary>Wide enough for anything, and narrow enough that whatever is added can still be written as a date.</summary>
    public static readonly Moment Earliest = Moment.Of(new(1000, 1, 1, 0, 0, 0, TimeSpan.Zero)), Latest = Moment.Of(new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero));

    // A timer cannot wait for longer than some weeks. Who wakes early looks, and sleeps again.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private volatile ClockState _state = ClockState.OfTheMachine;

    /// <summary>What must be remembered to go on after a restart.</summary>
    public ClockState State => _state;

    public Moment Now => NowAt(_state);

    public bool IsFrozen => _state.FrozenAt is not null;

    /// <summary>Sets the clock, which runs on from there or stands there as before.</summary>
    public void Set(Moment now)
    {
        if (now < Earliest || now > Latest)
            throw ServiceError.InvalidRequest.Because($"The clock can be set to moments from {Earliest} to {Latest}.");
        _state = IsFrozen
            ? _state with { FrozenAt = now }
            : _state with { OffsetMilliseconds = now.Milliseconds - MachineMilliseconds };
    }

    public void Freeze() => _state = _state with { FrozenAt = Now };

    /// <summary>Lets a frozen clock run on from where it stands.</summary>
    public void Run()
    {
        if (_state.FrozenAt is { } moment)
            _state = new() { OffsetMilliseconds = moment.Milliseconds - MachineMilliseconds };
    }

    public void Restore(ClockState state) => _state = state;

    /// <summary>Rings once at a moment of this clock, at the latest when it is reached, if nobody sets it meanwhile. Null while it stands.</summary>
    public ITimer? RingAt(Moment moment, Action ring)
    {
        if (IsFrozen)
            return null;
        var wait = moment - Now;
        wait = wait > LongestSleep ? LongestSleep : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        return machine.CreateTimer(_ => ring(), null, wait, Timeout.InfiniteTimeSpan);
    }

    private long MachineMilliseconds => machine.GetUtcNow().ToUnixTimeMilliseconds();

    private Moment NowAt(ClockState state) => state.FrozenAt ?? new(MachineMilliseconds + state.OffsetMilliseconds);
}
