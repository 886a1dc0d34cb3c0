using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Simulators;

namespace IoTJobsEmulator.Core.Operations.IotJobsData;

/// <summary>Calls an operation for a simulated device. When it throws, the operation has changed nothing, or its answer is lost.</summary>
/// <param name="caller">The device.</param>
/// <param name="operation">The method of the operation.</param>
/// <param name="arguments">One for each parameter of the method.</param>
/// <returns>What the operation answers.</returns>
public delegate object SimulatedCall(SimulatedCaller caller, Delegate operation, object?[] arguments);

/// <summary>
/// The client that a simulated device is: which operations it calls, with which arguments. It names the number of the execution and the version that
/// it knows, so that what others do with the execution is noticed.
/// </summary>
public sealed class SimulatedClient(SimulatedCall call) : DeviceOperations
{
    private static readonly Delegate
        Start = StartNextPendingJobExecution.Handle,
        Describe = DescribeJobExecution.InNamespace,
        Update = UpdateJobExecution.InNamespace;

    /// <summary>What it calls.</summary>
    public static IReadOnlyList<Delegate> Operations => [Start, Describe, Update];

    /// <summary>StartNextPendingJobExecution knows no namespace: in one a device describes <c>$next</c> and reports that it is IN_PROGRESS, as Greengrass does.</summary>
    public override TakenExecution? TakeNext(SimulatedCaller caller)
    {
        if (caller.NamespaceId is null)
            return Taken(((StartNextPendingJobExecution.Response)call(caller, Start, [caller.Realm, caller.ThingName, null, null])).Execution);
        var next = ((DescribeJobExecution.Response)call(
            caller, Describe, [caller.Realm, caller.ThingName, DescribeJobExecution.Next, caller.NamespaceId, null, null, null])).Execution;
        if (Taken(next) is not { } taken || next!.Status.Value != JobExecutionStatus.QUEUED)
            return Taken(next);
        return taken with { VersionNumber = Report(caller, taken, JobExecutionStatus.IN_PROGRESS, null) };
    }

    public override long Report(SimulatedCaller caller, TakenExecution execution, JobExecutionStatus status, ValueMap? statusDetails)
    {
        var request = new UpdateJobExecution.Request
        {
            Status = status,
            StatusDetails = statusDetails,
            ExpectedVersion = execution.VersionNumber,
            ExecutionNumber = execution.ExecutionNumber,
            IncludeJobExecutionState = true,
        };
        return ((UpdateJobExecution.Response)call(caller, Update, [caller.Realm, caller.ThingName, execution.JobId, caller.NamespaceId, request, null]))
            .ExecutionState!.VersionNumber;
    }

    private static TakenExecution? Taken(DeviceJobExecution? execution) =>
        execution is null ? null : new(execution.JobId, execution.ExecutionNumber, execution.VersionNumber);
}
