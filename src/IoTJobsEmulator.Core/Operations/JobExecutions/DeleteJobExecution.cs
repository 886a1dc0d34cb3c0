using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobExecutions;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJobExecution.html"/>
public static class DeleteJobExecution
{
    public sealed record Response;

    /// <summary>Deletes an execution: one that is QUEUED or finished, with force also one that is IN_PROGRESS.</summary>
    public static Response Handle(
        Realm realm, [Required, JobId] string jobId, [Required, ThingName] string thingName, long executionNumber, bool? force, [NamespaceId] string? namespaceId)
    {
        var execution = JobExecutionLookup.Execution(realm, jobId, thingName, executionNumber);
        if (namespaceId is not null && namespaceId != execution.NamespaceId)
            throw ServiceError.ResourceNotFound.Because($"Job execution for job {jobId} and thing {thingName} in namespace {namespaceId} cannot be found.");
        // The API page names only finished executions, the guide QUEUED ones too: those who follow the guide are not refused.
        if (execution.Status == JobExecutionStatus.IN_PROGRESS && force is not true)
            throw ServiceError.InvalidStateTransition.Because($"Job execution in status {execution.Status} cannot be deleted without force.");
        Consequences.Apply(realm, jobId, realm.Executions.Remove(execution.Key));
        return new();
    }
}
