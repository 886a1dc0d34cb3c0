using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Storage;

namespace IoTJobsEmulator.Turns;

/// <summary>The whole world and the clock, as they were in one turn.</summary>
internal sealed class WorldSnapshot
{
    private WorldSnapshot(WorldRows rows, Settings? settings, ClockState clock, Moment? takenAt) =>
        (Rows, Settings, Clock, TakenAt) = (rows, settings, clock, takenAt);

    public WorldRows Rows { get; }

    /// <summary>The settings; null to leave them.</summary>
    public Settings? Settings { get; }

    public ClockState Clock { get; }

    /// <summary>The emulator's time of the snapshot, from which the clock runs on; null if it is to be what it would be by now.</summary>
    public Moment? TakenAt { get; }

    /// <summary>Taken within a turn.</summary>
    public static WorldSnapshot Of(World world, EmulatorClock clock) => new(new(world), world.Settings, clock.State, world.Now);

    /// <summary>What was loaded from a file: a clock that runs has run on since, as over a restart.</summary>
    /// <param name="loaded">A world that was filled from the file.</param>
    /// <param name="clock">The clock.</param>
    public static WorldSnapshot Of(World loaded, ClockState clock) => new(new(loaded), null, clock, null);

    /// <summary>Sets the clock to the time that it had, from which it runs on unless it stood still. Called within a turn.</summary>
    public void SetClock(EmulatorClock clock)
    {
        clock.Restore(Clock);
        if (TakenAt is { } moment && Clock.FrozenAt is null)
            clock.RunFrom(moment);
    }
}
