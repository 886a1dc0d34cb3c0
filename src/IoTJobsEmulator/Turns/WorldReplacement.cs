using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>
/// Replaces the whole world in one turn: by an empty one, by a snapshot, or by what was loaded from a state file. The world that is to come is built,
/// and for a database file written to a temporary one, while other turns go on. The turn only exchanges the two.
/// </summary>
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
            var rollBack = Exchange(world, World.OfRows());
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
    /// <param name="snapshot">The snapshot, which stays as it is.</param>
    /// <param name="aborted">The caller has gone: nothing changes, if it is not too late.</param>
    /// <param name="built">The world of the snapshot, if there is one that nobody else uses; null to build it.</param>
    /// <exception cref="ServiceException">The database could not be written, and nothing has changed.</exception>
    internal async ValueTask Restore(WorldSnapshot snapshot, CancellationToken aborted, World? built = null)
    {
        await _oneRestore.WaitAsync(aborted);
        try
        {
            turns.EnsureJournalHasRoom();
            var (next, staged) = await OwnThread.Run(() => (built ?? snapshot.Rows.ToWorld(), turns.Journal.Stage(snapshot.Rows)));
            using (staged)
            {
                aborted.ThrowIfCancellationRequested();
                await turns.WhenCaughtUp(turns.Replace(world =>
                {
                    var rollBack = Exchange(world, next);
                    world.Settings = snapshot.Settings ?? world.Settings;
                    snapshot.SetClock(clock);
                    return new() { Replacement = staged, Clock = clock.State, RollBackOthers = rollBack };
                }));
            }
        }
        catch (StorageException exception)
        {
            throw ServiceError.ServiceUnavailable.Because(exception.Message);
        }
        finally
        {
            _oneRestore.Release();
        }
    }

    public void Dispose() => _oneRestore.Dispose();

    /// <summary>Puts another world in the place of the one that is there. Answers how this is undone, which only a database file can make necessary.</summary>
    private Action? Exchange(World world, World next)
    {
        var (settings, time) = (world.Settings, clock.State);
        world.Exchange(next);
        if (!turns.Journal.IsDurable)
            return null;
        return () =>
        {
            world.Exchange(next);
            world.Settings = settings;
            clock.Restore(time);
        };
    }
}
