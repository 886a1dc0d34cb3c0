using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Turns;

// The clock is set, frozen and advanced here: one such call at a time, while requests go on.
public sealed partial class TurnGate
{
    private readonly SemaphoreSlim _clockCalls = new(1);
    private long _resets;

    /// <summary>
    /// Sets the clock, freezes it or lets it run. Setting it ahead runs everything that falls due on the way; setting it back runs
    /// nothing.
    /// </summary>
    public ValueTask SetClock(Moment? now, bool? frozen) => OneAtATime(async () =>
    {
        if (frozen is true)
            await ChangeClock(_clock.Freeze);
        if (now is { } moment && moment > _clock.Now)
            await RunUpTo(moment);
        else if (now is { } earlier)
            await ChangeClock(() => _clock.Set(earlier));
        if (frozen is false)
            await ChangeClock(_clock.Run);
    });

    /// <inheritdoc cref="AdvanceTo"/>
    public ValueTask Advance(TimeSpan by) => OneAtATime(() => RunUpTo(_clock.Now + by));

    /// <summary>
    /// Runs everything that falls due up to a moment, in order of time, each at its own moment, and sets the clock there. A frozen
    /// clock stays frozen. A reset meanwhile ends it.
    /// </summary>
    public ValueTask AdvanceTo(Moment end) => OneAtATime(() => RunUpTo(end));

    private async ValueTask OneAtATime(Func<ValueTask> call)
    {
        await _clockCalls.WaitAsync();
        try
        {
            await call();
        }
        finally
        {
            _clockCalls.Release();
        }
    }

    private async ValueTask RunUpTo(Moment end)
    {
        if (end > EmulatorClock.Latest)
            throw ServiceError.InvalidRequest.Because($"The clock can be set to moments from {EmulatorClock.Earliest} to {EmulatorClock.Latest}.");
        var resets = InTurn(() => _resets);
        while (await Step(end, resets))
            continue;
        await ChangeClock(() =>
        {
            if (_resets == resets && end > _clock.Now)
                _clock.Set(end);
        });
    }

    private async ValueTask ChangeClock(Action change) => await Committed(InTurn(() =>
    {
        var before = _clock.State;
        change();
        if (_clock.State == before)
            return _journal.Written;
        _world.Now = _clock.Now;
        var committed = _journal.HandIn(new() { Clock = _clock.State, TakeBack = () => _clock.Restore(before) });
        WakeSleeper();
        return committed;
    }));
}
