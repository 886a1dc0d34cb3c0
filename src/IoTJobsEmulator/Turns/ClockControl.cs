using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Turns;

/// <summary>Sets, freezes and advances the emulator's clock: one call at a time, while requests go on between its turns.</summary>
public sealed class ClockControl(TurnGate turns, EmulatorClock clock, DueWorkRunner dueWork) : IDisposable
{
    private readonly SemaphoreSlim _oneCall = new(1);
    private volatile Action<Moment, bool>[] _listeners = [];

    /// <summary>
    /// Adds a listener that is called after each call that has set, frozen or advanced the clock or let it run: with the time, and whether the clock
    /// stands still. It is called like the listeners of <see cref="TurnGate.AddListener"/>, after those of the turns so far, and must only enqueue, too.
    /// </summary>
    public void AddListener(Action<Moment, bool> listener) => _listeners = [.. _listeners, listener];

    /// <summary>
    /// Sets the clock, freezes it or lets it run. Setting it ahead runs everything that falls due on the way; setting it back runs
    /// nothing.
    /// </summary>
    /// <param name="now">The new time, between the years 1000 and 9000; null to leave it.</param>
    /// <param name="frozen">Whether the clock is to stand still; null to leave it.</param>
    /// <param name="aborted">Ends the call between two turns: the clock then stands at the last moment at which something was done.</param>
    /// <exception cref="ServiceException">The time is out of range, or the database could not be written.</exception>
    /// <exception cref="OperationCanceledException">The call was ended.</exception>
    public ValueTask Set(Moment? now, bool? frozen, CancellationToken aborted) => OneAtATime(async () =>
    {
        if (frozen is true)
            await Change(clock.Freeze);
        if (now is { } moment && moment > clock.Now)
            await RunUpTo(moment, aborted);
        else if (now is { } earlier)
            await Change(() => clock.Set(earlier));
        if (frozen is false)
            await Change(clock.Run);
    }, aborted);

    /// <summary>
    /// Runs everything that falls due in this time, in order of time, each at its own moment, and sets the clock to its end. A frozen
    /// clock stays frozen. A reset meanwhile ends it.
    /// </summary>
    /// <inheritdoc cref="Set"/>
    public ValueTask Advance(TimeSpan by, CancellationToken aborted) => OneAtATime(() => RunUpTo(clock.Now + by, aborted), aborted);

    public void Dispose() => _oneCall.Dispose();

    private async ValueTask OneAtATime(Func<ValueTask> call, CancellationToken aborted)
    {
        await _oneCall.WaitAsync(aborted);
        var before = clock.State;
        try
        {
            await call();
        }
        finally
        {
            if (clock.State != before) // also when the call ended before its end
                Notify();
            _oneCall.Release();
        }
    }

    private void Notify()
    {
        var (now, isFrozen) = (clock.Now, clock.IsFrozen);
        foreach (var listener in _listeners)
            turns.Deliver(() => listener(now, isFrozen));
    }

    private async ValueTask RunUpTo(Moment end, CancellationToken aborted)
    {
        EmulatorClock.Check(end);
        var resets = turns.Resets.Value;
        await dueWork.RunAll(end, resets, aborted);
        await Change(() =>
        {
            if (turns.Resets.Value == resets && end > clock.Now)
                clock.Set(end);
        });
    }

    private ValueTask Change(Action change) => TurnGate.EnsureCommitted(turns.InTurn(_ =>
    {
        var before = clock.State;
        change();
        return turns.Commit(realm: null, before);
    }));
}
