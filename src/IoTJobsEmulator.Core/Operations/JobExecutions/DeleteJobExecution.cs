using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobExecutions;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJobExecution.html"/>
public static class DeleteJobExecution
{
    public sealed record Response;

    /// <summary>Deletes an execution: one that is finished, with force also one that is QUEUED or IN_PROGRESS.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="thingName">The thing.</param>
    /// <param name="executionNumber">Which of the job's executions on the thing.</param>
    /// <param name="force">Deletes an execution that is not finished, too; without it that is InvalidStateTransitionException.</param>
    /// <param name="namespaceId">Checked in form only: it need not be the job's.</param>
    public static Response Handle(
        Realm realm, [Required, JobId] string jobId, [Required, ThingName] string thingName, long executionNumber, bool? force, [NamespaceId] string? namespaceId)
    {
        var execution = JobExecutionLookup.GetExecution(realm, jobId, thingName, executionNumber);
        // The guide allows a QUEUED one without force. The API reference does not, and it is the contract.
        if (!execution.IsTerminal && force is not true)
            throw ServiceError.InvalidStateTransition.Because($"Job execution in status {execution.Status} cannot be deleted without force.");
        Consequences.Apply(realm, jobId, realm.Executions.Remove(execution.Key));
        return new();
    }
}
