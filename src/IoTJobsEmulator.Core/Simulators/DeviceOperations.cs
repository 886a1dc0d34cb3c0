using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Simulators;

/// <summary>
/// The operations of the service as simulated devices call them, within a turn of due work. Both throw a <see cref="ServiceException"/> when the call is
/// refused or not answered; one that is refused has changed nothing.
/// </summary>
public abstract class DeviceOperations
{
    /// <summary>Takes the next execution of the thing: starts one that is QUEUED. Null when nothing waits.</summary>
    public abstract TakenExecution? TakeNext(SimulatedCaller caller);

    /// <summary>Reports on an execution. Answers its new version.</summary>
    public abstract long Report(SimulatedCaller caller, TakenExecution execution, JobExecutionStatus status, ValueMap? statusDetails);
}

/// <summary>A simulated device that calls.</summary>
/// <param name="Realm">Its account and region.</param>
/// <param name="Simulator">The name of the simulator that plays it.</param>
/// <param name="ThingName">Its thing.</param>
/// <param name="NamespaceId">The namespace whose jobs it takes; null for jobs without one.</param>
public readonly record struct SimulatedCaller(Realm Realm, string Simulator, string ThingName, string? NamespaceId);

/// <summary>An execution that a device has taken, with the version that it knows.</summary>
public readonly record struct TakenExecution(string JobId, long ExecutionNumber, long VersionNumber);
