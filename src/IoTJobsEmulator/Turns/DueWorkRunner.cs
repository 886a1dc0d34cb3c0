using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// Does the work that is due: one step a turn, and each step after the requests that wait for their turn. Which work that is, and
/// when it is due, follows from the rows.
/// </summary>
public sealed class DueWorkRunner
{
    private readonly TurnGate _turns;
    private readonly EmulatorClock _clock;
    private readonly Func<World, Realm?> _doDueWork;
    private readonly Func<World, Moment?> _nextChange;

    public DueWorkRunner(TurnGate turns, EmulatorClock clock)
        : this(turns, clock, DueWork.Step, DueWork.NextChange)
    {
    }

    /// <param name="turns">The gate to the world.</param>
    /// <param name="clock">The clock that is set to the moment of each step.</param>
    /// <param name="doDueWork">Does one step of what is due at the world's time. Answers the realm that it changed.</param>
    /// <param name="nextChange">The next moment at which the clock must stop on its way ahead.</param>
    internal DueWorkRunner(TurnGate turns, EmulatorClock clock, Func<World, Realm?> doDueWork, Func<World, Moment?> nextChange) =>
        (_turns, _clock, _doDueWork, _nextChange) = (turns, clock, doDueWork, nextChange);

    /// <summary>Does all work that is due now, or due at once whatever the clock says.</summary>
    public async ValueTask RunAll()
    {
        while (await Step())
            continue;
    }

    /// <summary>
    /// Does the earliest work that is due, a thousand rows of it at most, and waits for its commit, or, without a database file,
    /// until the backlog of the journal is short. Answers whether there was any.
    /// </summary>
    internal ValueTask<bool> Step() => Step(upTo: null, unlessResetSince: null);

    /// <inheritdoc cref="Step()"/>
    /// <param name="upTo">
    /// With a moment, work that is due by then is done, and the clock is set forward to the moment of the work, or to a later one if
    /// the work may as well be done there; null for work that is due now.
    /// </param>
    /// <param name="unlessResetSince">Nothing is done if <see cref="TurnGate.Resets"/> has another value than this one.</param>
    internal async ValueTask<bool> Step(Moment? upTo, long? unlessResetSince)
    {
        if (_turns.InTurn(world => TakeStep(world, upTo, unlessResetSince), afterWaiters: true) is not { } committed)
            return false;
        await _turns.WhenCaughtUp(committed);
        return true;
    }

    /// <summary>Completes when work is due: its moment has come, or a turn has brought it forward.</summary>
    internal async Task WhenDue(CancellationToken stopping)
    {
        using var wait = _turns.InTurn(_turns.Alarm.Start);
        if (wait is null)
            return;
        using var stop = stopping.Register(wait.End);
        await wait.Ended;
        stopping.ThrowIfCancellationRequested();
    }

    private Task<bool>? TakeStep(World world, Moment? upTo, long? unlessResetSince)
    {
        if (unlessResetSince is { } resets && resets != _turns.Resets.Value)
            return null;
        if (_turns.Alarm.NextDue(world) is not { } due || due > (upTo ?? world.Now))
            return null;
        var clockBefore = _clock.State;
        try
        {
            if (due > world.Now && upTo is { } end)
            {
                world.Now = _nextChange(world) is { } change ? Moment.Earlier(change, end) : end;
                _clock.Set(world.Now);
            }
            using var span = _turns.Spans?.StartActivity("due work");
            if (span is not null && DueWork.NextDuty(world) is { Name: var duty })
                span.DisplayName = duty;
            if (_doDueWork(world) is not { Changes.Count: > 0 } realm)
                throw new InvalidOperationException("Something is due, but nothing could be done about it.");
            return _turns.Commit(realm, clockBefore, span);
        }
        catch
        {
            foreach (var realm in world.Realms.ToList())
                realm.Undo();
            _clock.Restore(clockBefore);
            throw;
        }
    }
}
