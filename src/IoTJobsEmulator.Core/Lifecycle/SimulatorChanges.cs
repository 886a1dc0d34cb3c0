using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// What follows when a simulator is put or deleted: what the old one had scheduled goes, and things for which something waits already are found.
/// Both are due work of about DueWork.ChangesPerTurn rows a turn.
/// </summary>
public static class SimulatorChanges
{
    /// <summary>Adds a simulator, or replaces the one of its name. One that is as it was goes on undisturbed.</summary>
    /// <param name="realm">The account and region.</param>
    /// <param name="simulator">The simulator; its ordinal is given here.</param>
    /// <exception cref="ServiceException">LimitExceeded: there are <see cref="Simulator.MaxSimulators"/> already.</exception>
    public static void Put(Realm realm, Simulator simulator)
    {
        if (realm.Simulators.Named(simulator.Name) is { } current)
        {
            if (simulator with { Ordinal = current.Ordinal, SearchedThrough = current.SearchedThrough } == current)
                return;
            MarkDeleted(realm, current);
        }
        else if (realm.Simulators.ByName.Count >= Simulator.MaxSimulators)
        {
            throw ServiceError.LimitExceeded.Because($"The number of simulators cannot be more than {Simulator.MaxSimulators}.");
        }
        realm.Simulators.Put(simulator with { Ordinal = realm.NextOrdinal(), SearchedThrough = "" });
    }

    /// <summary>Deletes a simulator. What its devices have taken stays as it is.</summary>
    public static void Delete(Realm realm, Simulator simulator) => MarkDeleted(realm, simulator);

    public static bool HasWork(Realm realm) => realm.Simulators.Deleted.Any || realm.Simulators.Searching.Any;

    /// <summary>Goes on with the simulator that was deleted, or put, first.</summary>
    public static void Step(Realm realm, int budget)
    {
        if (realm.Simulators.Deleted.First is { } deleted)
            Clear(realm, deleted, budget);
        else
            Search(realm, realm.Simulators.Searching.First!, budget);
    }

    // A simulator with a later name may have the things of this one now, also those that were offline: it searches them all again.
    private static void MarkDeleted(Realm realm, Simulator simulator)
    {
        realm.Simulators.Change(simulator.Key, row => row with { IsDeleted = true, SearchedThrough = null });
        foreach (var other in realm.Simulators.ByName.RowsAfter(new(simulator.Name, simulator.Ordinal)).ToList())
            realm.Simulators.Change(other.Key, row => row with { SearchedThrough = "" });
    }

    private static void Clear(Realm realm, Simulator deleted, int budget)
    {
        foreach (var device in realm.SimulatedDevices.OfSimulator.RowsIn(deleted.Ordinal).Take(budget).ToList())
            realm.SimulatedDevices.Remove(device.Key);
        if (!realm.SimulatedDevices.OfSimulator.Any(deleted.Ordinal))
            realm.Simulators.Remove(deleted.Key);
    }

    private static void Search(Realm realm, Simulator simulator, int budget)
    {
        var things = realm.Things.ByName.RowsAfter(simulator.SearchedThrough!).Take(budget).ToList();
        foreach (var thing in things)
            SimulatedDevices.Schedule(realm, thing.ThingName);
        realm.Simulators.Change(simulator.Key, row => row with { SearchedThrough = things.Count == budget ? things[^1].ThingName : null });
    }
}
