using System.Text.Json.Serialization;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.IotJobsData;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_iot-jobs-data_UpdateJobExecution.html"/>
public static class UpdateJobExecution
{
    public sealed record Request : IStructure
    {
        /// <summary>IN_PROGRESS, SUCCEEDED, FAILED or REJECTED; required in every update.</summary>
        [Required] public EnumText<JobExecutionStatus>? Status { get; init; }

        /// <summary>Replaces the execution's details; at most 10 pairs. What is not given stays.</summary>
        [DetailsMap] public ValueMap? StatusDetails { get; init; }

        /// <summary>In minutes from now, 1 to 10080; -1 ends the step timer; one that is not given runs on.</summary>
        public long? StepTimeoutInMinutes { get; init; }

        /// <summary>Refuses the update when the execution has another version. The guide writes it as a text: either is read.</summary>
        [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] public long? ExpectedVersion { get; init; }

        /// <summary>Asks for the state after the update.</summary>
        public bool? IncludeJobExecutionState { get; init; }

        /// <summary>Asks for the job's document.</summary>
        public bool? IncludeJobDocument { get; init; }

        /// <summary>The newest when not given.</summary>
        public long? ExecutionNumber { get; init; }
    }

    public sealed record Response(JobExecutionState? ExecutionState, string? JobDocument);

    /// <summary>Updates an execution with what its device reports.</summary>
    public static Response Handle(Realm realm, [Required, ThingName] string thingName, [Required, JobId] string jobId, Request? request, UrlSigner? signer = null) =>
        InNamespace(realm, thingName, jobId, namespaceId: null, request, signer);

    /// <summary>The same among the jobs of a namespace, which MQTT alone can name.</summary>
    public static Response InNamespace(
        Realm realm, [Required, ThingName] string thingName, [Required, JobId] string jobId, [NamespaceId] string? namespaceId, Request? request, UrlSigner? signer)
    {
        TimeoutConfig.CheckStep(request!.StepTimeoutInMinutes);
        var status = request.Status!.Value;
        RegistryLookup.GetThing(realm, thingName);
        var execution = JobExecutionLookup.GetForDevice(realm, jobId, thingName, request.ExecutionNumber, namespaceId);
        if (request.ExpectedVersion is { } expected && expected != execution.VersionNumber)
            throw Refused(ServiceError.VersionConflict, $"Expected version {expected} but found version {execution.VersionNumber}", execution);
        if (execution.IsTerminal)
            throw Refused(ServiceError.InvalidStateTransition, $"Job execution in terminal status {execution.Status} cannot be changed to be {status}", execution);
        if (!JobExecution.DeviceMayMove(execution.Status, status))
            throw Refused(ServiceError.InvalidStateTransition, $"The status of job execution cannot be changed to be {status}", execution);
        var updated = DeviceReport.Apply(realm, execution, status, request.StatusDetails, request.StepTimeoutInMinutes);
        return new(
            request.IncludeJobExecutionState is true ? JobExecutionState.Of(updated) : null,
            request.IncludeJobDocument is true ? DeviceJobExecution.DocumentOf(realm, updated, signer) : null);
    }

    // MQTT's rejections say how the execution stands.
    private static ServiceException Refused(ServiceError error, string message, JobExecution execution) => new(error, message) { Execution = execution };
}
