using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobExecutions;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_CancelJobExecution.html"/>
public static class CancelJobExecution
{
    public sealed record Request : IStructure
    {
        /// <summary>Refuses the call with VersionConflictException when the execution has another version.</summary>
        public long? ExpectedVersion { get; init; }

        /// <summary>Replaces the execution's details; at most 10 pairs. What is not given stays.</summary>
        [DetailsMap] public ValueMap? StatusDetails { get; init; }

        /// <summary>The guide shows it here, the API has it in the query: either counts.</summary>
        public bool? Force { get; init; }
    }

    public sealed record Response;

    /// <summary>Cancels the execution of a job on a thing: one that is QUEUED, with force also one that is IN_PROGRESS.</summary>
    public static Response Handle(Realm realm, [Required, JobId] string jobId, [Required, ThingName] string thingName, bool? force, Request? request)
    {
        var execution = JobExecutionLookup.GetExecution(realm, jobId, thingName);
        if (request?.ExpectedVersion is { } expected && expected != execution.VersionNumber)
            throw ServiceError.VersionConflict.Because($"Expected version {expected} but found version {execution.VersionNumber}");
        var isForced = force ?? request?.Force ?? false;
        if (execution.IsTerminal)
            throw ServiceError.InvalidStateTransition.Because($"Job execution in status {execution.Status} cannot be canceled.");
        if (execution.Status == JobExecutionStatus.IN_PROGRESS && !isForced)
            throw ServiceError.InvalidStateTransition.Because($"Job execution in status {execution.Status} cannot be canceled without force.");
        Consequences.Apply(realm, jobId, realm.Executions.Change(execution.Key, row => row.Cancel(realm.Now, isForced, request?.StatusDetails)));
        return new();
    }
}
