using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Turns;

// What happens unasked: one step at a time, after those who wait at the gate.
public sealed partial class TurnGate
{
    private Sleeper? _sleeper;

    /// <summary>Does all that is due now, or owed at once whatever the clock says.</summary>
    public async ValueTask RunDueWork()
    {
        while (await Step(upTo: null))
            continue;
    }

    /// <summary>
    /// Does the earliest thing that is due, a thousand rows of it at most, and waits until the journal has taken it in. Answers
    /// whether there was anything.
    /// </summary>
    internal ValueTask<bool> Step() => Step(upTo: null);

    /// <summary>Completes when something is due: the clock has come to it, or a turn has brought it forward.</summary>
    internal async Task UntilDue(CancellationToken stopping)
    {
        using var sleeper = InTurn(FallAsleep);
        if (sleeper is null)
            return;
        using var stop = stopping.Register(sleeper.Ring);
        await sleeper.Rung;
        stopping.ThrowIfCancellationRequested();
    }

    /// <summary>With an end, the clock is set to the moment of what is done, and never back; without one it is done if due now.</summary>
    private async ValueTask<bool> Step(Moment? upTo, long? unlessResetSince = null)
    {
        if (TakeStep(upTo, unlessResetSince) is not { } committed)
            return false;
        _told.Tell();
        if (_journal.IsKept)
            await Committed(committed);
        else
            await _journal.Caught;
        await _told.Caught;
        return true;
    }

    private Task<bool>? TakeStep(Moment? upTo, long? unlessResetSince)
    {
        _gate.EnterAfterThoseWhoWait();
        var clock = _clock.State;
        try
        {
            _world.Now = _clock.Now;
            if (unlessResetSince is { } resets && resets != _resets)
                return null;
            if (NextDue() is not { } due || due > (upTo ?? _world.Now))
                return null;
            if (due > _world.Now)
            {
                _clock.Set(due);
                _world.Now = due;
            }
            if (_doDueWork(_world) is not { Changes.Count: > 0 } realm)
                throw new InvalidOperationException("Something is due, but nothing could be done about it.");
            return _clock.State == clock ? HandIn(realm) : HandIn(realm, _clock.State, () => _clock.Restore(clock));
        }
        catch
        {
            foreach (var realm in _world.Realms)
                realm.Undo();
            _clock.Restore(clock);
            throw;
        }
        finally
        {
            _gate.Leave();
        }
    }

    private Sleeper? FallAsleep()
    {
        var due = NextDue();
        if (due <= _world.Now)
            return null;
        var sleeper = new Sleeper(due);
        if (due is { } moment)
            sleeper.Timer = _clock.RingAt(moment, sleeper.Ring);
        return _sleeper = sleeper;
    }

    private Moment? NextDue() => _world.Realms.Min(_nextDue);

    /// <summary>Wakes whoever does due work, if in this realm something now falls due earlier than it knew.</summary>
    private void WakeSleeperFor(Realm realm)
    {
        if (_sleeper is { } sleeper && _nextDue(realm) is { } due && !(due >= sleeper.Until))
            WakeSleeper();
    }

    /// <summary>Wakes whoever does due work: what it slept for may be gone, or the clock is another.</summary>
    private void WakeSleeper()
    {
        _sleeper?.Ring();
        _sleeper = null;
    }

    /// <summary>Someone who sleeps until a moment, or for ever.</summary>
    private sealed class Sleeper(Moment? until) : IDisposable
    {
        private readonly TaskCompletionSource _rung = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Moment? Until => until;

        public Task Rung => _rung.Task;

        public ITimer? Timer { get; set; }

        public void Ring() => _rung.TrySetResult();

        public void Dispose() => Timer?.Dispose();
    }
}
