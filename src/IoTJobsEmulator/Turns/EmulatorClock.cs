using IoTJobsEmulator.Core;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// The emulator's time: the machine's plus an offset, or a moment at which it is frozen. No other code reads the machine's clock for
/// the service's time.
/// </summary>
public sealed class EmulatorClock(TimeProvider machine)
{
    /// <summary>The limits of the clock. A duration can be added to either and the sum is still a date.</summary>
    public static readonly Moment Earliest = Moment.Of(new(1000, 1, 1, 0, 0, 0, TimeSpan.Zero)), Latest = Moment.Of(new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero));

    // A timer cannot wait for more than 49 days. A caller that is called back early waits again.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private volatile ClockState _state = ClockState.OfTheMachine;

    /// <summary>What is stored, so that the clock goes on after a restart.</summary>
    public ClockState State => _state;

    public Moment Now => NowAt(_state);

    public bool IsFrozen => _state.FrozenAt is not null;

    /// <summary>Sets the clock, which runs on from there, or stays frozen there if it was frozen.</summary>
    /// <exception cref="ServiceException">The moment is before <see cref="Earliest"/> or after <see cref="Latest"/>.</exception>
    public void Set(Moment now)
    {
        Check(now);
        _state = IsFrozen
            ? _state with { FrozenAt = now }
            : _state with { OffsetMilliseconds = now.Milliseconds - MachineMilliseconds };
    }

    /// <inheritdoc cref="Set" path="/exception"/>
    public static void Check(Moment now)
    {
        if (now < Earliest || now > Latest)
            throw ServiceError.InvalidRequest.Because($"The clock can be set to moments from {Earliest} to {Latest}.");
    }

    public void Freeze() => _state = _state with { FrozenAt = Now };

    /// <summary>Lets a frozen clock run on from the moment at which it is frozen.</summary>
    public void Run()
    {
        if (_state.FrozenAt is { } moment)
            RunFrom(moment);
    }

    /// <summary>Lets the clock run on from a moment.</summary>
    internal void RunFrom(Moment moment) => _state = new() { OffsetMilliseconds = moment.Milliseconds - MachineMilliseconds };

    public void Restore(ClockState state) => _state = state;

    /// <summary>
    /// Calls back once, at a moment of this clock or earlier, provided that the clock is not set meanwhile. Null, and no call, while
    /// the clock is frozen.
    /// </summary>
    public ITimer? StartTimer(Moment moment, Action callback)
    {
        if (IsFrozen)
            return null;
        var wait = moment - Now;
        wait = wait > LongestWait ? LongestWait : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        return machine.CreateTimer(_ => callback(), null, wait, Timeout.InfiniteTimeSpan);
    }

    private long MachineMilliseconds => machine.GetUtcNow().ToUnixTimeMilliseconds();

    private Moment NowAt(ClockState state) => state.FrozenAt ?? new(MachineMilliseconds + state.OffsetMilliseconds);
}
