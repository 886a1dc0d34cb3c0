using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Simulators;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// Devices that the emulator plays: each waits until something is pending for its thing, takes it, works, reports, and looks for more. They call the
/// operations of devices, whose rules are theirs. Without a simulator a change of an execution costs one look whether there is any.
/// </summary>
public static class SimulatedDevices
{
    /// <summary>How long a device pauses after a first call that is refused or not answered, and at most: the pause doubles with each in a row.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromHours(1);

    /// <summary>When the next device calls.</summary>
    public static Moment? DueAt(Realm realm) => realm.SimulatedDevices.Due.First?.ActsAt;

    /// <summary>Has the devices call that are due at the earliest moment, as many as make about so many changes.</summary>
    public static void Step(Realm realm, int budget)
    {
        var moment = DueAt(realm);
        while (realm.Changes.Count < budget && realm.SimulatedDevices.Due.First is { } device && device.ActsAt == moment)
            Act(realm, device);
    }

    /// <summary>Executions have changed: devices for which something waits now will take it, and those that were silent about one that has ended wake up.</summary>
    internal static void Follow(Realm realm, ReadOnlySpan<Change<JobExecution>> changes)
    {
        if (!realm.Simulators.Any)
            return;
        foreach (var (before, after) in changes)
        {
            if (before is { IsPending: true } != after is { IsPending: true })
                Schedule(realm, (after ?? before)!.ThingName);
        }
    }

    /// <summary>Has a device look for work if something waits for its thing, and forgets one that has nothing to do. One that is at work is left alone.</summary>
    internal static void Schedule(Realm realm, string thingName)
    {
        var (simulator, device) = (realm.Simulators.Of(thingName), realm.SimulatedDevices.Find(thingName));
        if (device is not null && device.SimulatorOrdinal == simulator?.Ordinal && !IsReleased(realm, device))
            return;
        if (simulator is null || simulator.Behavior.IsOffline(thingName) || !IsWaitedFor(realm, simulator, thingName))
        {
            if (device is not null)
                realm.SimulatedDevices.Remove(thingName);
            return;
        }
        device = (device ?? new() { ThingName = thingName, Ordinal = realm.NextOrdinal(), SimulatorOrdinal = simulator.Ordinal }) with { SimulatorOrdinal = simulator.Ordinal, Refusals = 0 };
        Put(realm, device.LookAt(realm.Now + PickUp(simulator)));
    }

    /// <summary>Whether a device was silent about an execution that has ended.</summary>
    private static bool IsReleased(Realm realm, SimulatedDevice device) =>
        device.ActsAt is null && realm.Executions.Find(new(device.JobId!, device.ThingName, device.ExecutionNumber)) is not { IsTerminal: false };

    private static bool IsWaitedFor(Realm realm, Simulator simulator, string thingName) => realm.Executions.Pending.Any(new(thingName, simulator.NamespaceId));

    private static void Act(Realm realm, SimulatedDevice device)
    {
        // The simulator was deleted in this turn, or the thing since the device was scheduled.
        if (realm.Simulators.Find(device.SimulatorOrdinal) is not { IsDeleted: false } simulator || realm.Things.Find(device.ThingName) is null)
        {
            realm.SimulatedDevices.Remove(device.ThingName);
            return;
        }
        var caller = new SimulatedCaller(realm, simulator.Name, device.ThingName, simulator.NamespaceId);
        SimulatedDevice? next;
        try
        {
            next = device.JobId is null ? Take(caller, simulator, device) : Report(caller, simulator, device);
        }
        catch (ServiceException refusal)
        {
            next = AfterRefusal(realm, simulator, device, refusal.Error);
        }
        if (next is null)
            realm.SimulatedDevices.Remove(device.ThingName);
        else
            Put(realm, next);
    }

    private static SimulatedDevice? Take(SimulatedCaller caller, Simulator simulator, SimulatedDevice device)
    {
        var realm = caller.Realm;
        if (realm.Devices.TakeNext(caller) is not { } taken)
            return null;
        return AtWork(realm, simulator.Behavior, device with
        {
            JobId = taken.JobId,
            ExecutionNumber = taken.ExecutionNumber,
            VersionNumber = taken.VersionNumber,
            TakenAt = realm.Now,
        });
    }

    private static SimulatedDevice? Report(SimulatedCaller caller, Simulator simulator, SimulatedDevice device)
    {
        var (realm, behavior) = (caller.Realm, simulator.Behavior);
        var taken = new TakenExecution(device.JobId!, device.ExecutionNumber, device.VersionNumber);
        if (device.Reports < behavior.Progress.Count)
        {
            var version = realm.Devices.Report(caller, taken, JobExecutionStatus.IN_PROGRESS, behavior.Progress[device.Reports].StatusDetails);
            return AtWork(realm, behavior, device with { VersionNumber = version, Reports = device.Reports + 1, Refusals = 0 });
        }
        var outcome = behavior.OutcomeOf(device.ThingName, device.JobId!, device.ExecutionNumber);
        realm.Devices.Report(caller, taken, StatusOf(outcome), behavior.DetailsOf(outcome));
        return LookForMore(realm, simulator, device with { Refusals = 0 }, PickUp(simulator));
    }

    private static JobExecutionStatus StatusOf(SimulatedOutcome outcome) => outcome switch
    {
        SimulatedOutcome.SUCCEEDED => JobExecutionStatus.SUCCEEDED,
        SimulatedOutcome.FAILED => JobExecutionStatus.FAILED,
        _ => JobExecutionStatus.REJECTED,
    };

    /// <summary>The device with the moment of its next report; without one when it says nothing of the execution. It may be late: then it reports at once.</summary>
    private static SimulatedDevice AtWork(Realm realm, SimulatedBehavior behavior, SimulatedDevice device)
    {
        var (thingName, jobId, number) = (device.ThingName, device.JobId!, device.ExecutionNumber);
        if (behavior.OutcomeOf(thingName, jobId, number) == SimulatedOutcome.silent)
            return device with { ActsAt = null };
        var duration = behavior.DurationOf(thingName, jobId, number);
        var passed = device.Reports < behavior.Progress.Count ? behavior.TimeOf(behavior.Progress[device.Reports], duration) : duration;
        return device with { ActsAt = Moment.Later(device.TakenAt!.Value + passed, realm.Now) };
    }

    /// <summary>A call that may succeed later is repeated after a pause; after any other the device gives the execution up and looks for the next.</summary>
    private static SimulatedDevice? AfterRefusal(Realm realm, Simulator simulator, SimulatedDevice device, ServiceError error)
    {
        var pause = TimeSpan.FromTicks(Math.Min(ShortestPause.Ticks << Math.Min(device.Refusals, 20), LongestPause.Ticks));
        device = device with { Refusals = device.Refusals + 1 };
        return error == ServiceError.Throttling || error.Status >= 500
            ? device with { ActsAt = realm.Now + pause }
            : LookForMore(realm, simulator, device, pause);
    }

    private static SimulatedDevice? LookForMore(Realm realm, Simulator simulator, SimulatedDevice device, TimeSpan after) =>
        IsWaitedFor(realm, simulator, device.ThingName) ? device.LookAt(realm.Now + after) : null;

    private static TimeSpan PickUp(Simulator simulator) => TimeSpan.FromMilliseconds(simulator.Behavior.PicksUp);

    private static void Put(Realm realm, SimulatedDevice device)
    {
        if (realm.SimulatedDevices.Find(device.ThingName) is null)
            realm.SimulatedDevices.Put(device);
        else
            realm.SimulatedDevices.Change(device.ThingName, _ => device);
    }
}
