using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobExecutions;

/// <summary>Finds the execution that a caller names, or refuses.</summary>
internal static class JobExecutionLookup
{
    /// <summary>The newest execution of a job on a thing, or the one with a number, settled.</summary>
    public static JobExecution GetExecution(Realm realm, string jobId, string thingName, long? executionNumber = null) =>
        ExecutionSettlement.SettleAndFind(realm, jobId, thingName, executionNumber) ?? throw NotFound(jobId, thingName, executionNumber);

    /// <summary>
    /// As above, for a device: what is hidden from it while a maintenance window is closed is not there, and what is not of the
    /// namespace neither, if it names one.
    /// </summary>
    public static JobExecution GetForDevice(Realm realm, string jobId, string thingName, long? executionNumber, string? namespaceId = null) =>
        GetExecution(realm, jobId, thingName, executionNumber) is { IsHidden: false } execution && (namespaceId ?? execution.NamespaceId) == execution.NamespaceId
            ? execution
            : throw NotFound(jobId, thingName, executionNumber);

    private static ServiceException NotFound(string jobId, string thingName, long? executionNumber) => ServiceError.ResourceNotFound.Because(
        $"Job execution for job {jobId} and thing {thingName}{(executionNumber is { } number ? $" with execution number {number}" : "")} cannot be found.");
}
