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

    /// <summary>
    /// Does all work that is due now, or due at once whatever the clock says, step by step. With a database file steps run ahead of their
    /// commits, up to a limit. Completes after the commit of the last, or, without a database file, when the backlogs are short.
    /// </summary>
    /// <param name="aborted">Ends the call between two steps.</param>
    /// <exception cref="ServiceException">The database could not be written, and the steps that were not committed by then are undone.</exception>
    /// <exception cref="OperationCanceledException">The call was ended.</exception>
    public ValueTask RunAll(CancellationToken aborted = default) => RunAll(upTo: null, unlessResetSince: null, aborted);

    /// <inheritdoc cref="RunAll(CancellationToken)"/>
    /// <param name="upTo">
    /// With a moment, work that is due by then is done, and the clock is set forward to the moment of the work, or to a later one if
    /// the work may as well be done there; null for work that is due now.
    /// </param>
    /// <param name="unlessResetSince">Nothing more is done once <see cref="TurnGate.Resets"/> has another value than this one.</param>
    /// <param name="aborted">Ends the call between two steps.</param>
    internal async ValueTask RunAll(Moment? upTo, long? unlessResetSince, CancellationToken aborted)
    {
        var commits = new PendingCommits();
        while (_turns.InTurn(world => TakeStep(world, upTo, unlessResetSince, commits), afterWaiters: true) is { } committed)
        {
            commits.Add(committed);
            await _turns.WhenMayGoOn();
            aborted.ThrowIfCancellationRequested();
        }
        await _turns.WhenCaughtUp(commits);
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

    /// <summary>Answers the commit of a step; null when nothing is due.</summary>
    private Task<bool>? TakeStep(World world, Moment? upTo, long? unlessResetSince, PendingCommits commits)
    {
        commits.ForgetMade(); // a commit that fails is rolled back in a turn, so that no step begins after it
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
