using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>Replaces the whole world in one turn: by an empty one, by a snapshot, or by what was loaded from a state file.</summary>
public sealed class WorldReplacement(TurnGate turns, EmulatorClock clock) : IDisposable
{
    private readonly SemaphoreSlim _oneRestore = new(1);

    /// <summary>
    /// Returns to the state of the start: no rows, the machine's time, the first settings. Announcements that wait are dropped. Completes when the
    /// listeners know, so that nothing of before is seen after the answer.
    /// </summary>
    /// <exception cref="ServiceException">The database could not be written, and nothing has changed.</exception>
    public async ValueTask Reset()
    {
        await TurnGate.EnsureCommitted(turns.Replace(world =>
        {
            var rollBack = RollBackTo(world);
            world.Clear();
            world.Settings = turns.SettingsAtStart;
            clock.Restore(ClockState.OfTheMachine);
            return new() { IsReset = true, Clock = clock.State, RollBackOthers = rollBack };
        }));
        await turns.WhenDelivered;
    }

    /// <summary>Takes a snapshot in one turn. Completes when what is in it is committed.</summary>
    /// <exception cref="ServiceException">The database could not be written.</exception>
    internal async ValueTask<WorldSnapshot> TakeSnapshot()
    {
        var (snapshot, seen) = turns.InTurn(world => (WorldSnapshot.Of(world, clock), turns.WhenCommitted().AsTask()));
        await seen;
        return snapshot;
    }

    /// <summary>
    /// Replaces the world by a snapshot in one turn. Announcements that wait are dropped, and devices hear nothing of it. Completes after the
    /// commit with a database file, else when the backlogs are short.
    /// </summary>
    /// <exception cref="ServiceException">The database could not be written, and nothing has changed.</exception>
    internal async ValueTask Restore(WorldSnapshot snapshot, CancellationToken aborted)
    {
        await _oneRestore.WaitAsync(aborted);
        try
        {
            await turns.WhenCaughtUp(turns.Replace(world =>
            {
                turns.EnsureJournalHasRoom();
                var rollBack = RollBackTo(world);
                return new() { Changes = snapshot.Restore(world, clock), IsReplacement = true, Clock = clock.State, RollBackOthers = rollBack };
            }));
        }
        finally
        {
            _oneRestore.Release();
        }
    }

    public void Dispose() => _oneRestore.Dispose();

    /// <summary>Returns the whole world to what it is now. Only a database file can make that necessary, and to refer to all rows costs time.</summary>
    private Action? RollBackTo(World world)
    {
        if (!turns.Journal.IsDurable)
            return null;
        var snapshot = WorldSnapshot.Of(world, clock);
        return () => snapshot.RollBack(world, clock);
    }
}
