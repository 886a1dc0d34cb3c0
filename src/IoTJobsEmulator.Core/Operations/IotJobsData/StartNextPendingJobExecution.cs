using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.IotJobsData;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_iot-jobs-data_StartNextPendingJobExecution.html"/>
public static class StartNextPendingJobExecution
{
    public sealed record Request : IStructure
    {
        /// <summary>At most 10 pairs; kept when an execution is started.</summary>
        [DetailsMap] public ValueMap? StatusDetails { get; init; }

        /// <summary>In minutes, 1 to 10080, or -1 for none.</summary>
        public long? StepTimeoutInMinutes { get; init; }
    }

    public sealed record Response(DeviceJobExecution? Execution);

    /// <summary>
    /// Gets the next execution of a thing and starts it if it is QUEUED. One that is IN_PROGRESS comes first and is answered as it
    /// is; without any the answer is empty.
    /// </summary>
    public static Response Handle(Realm realm, [Required, ThingName] string thingName, Request? request, UrlSigner? signer = null)
    {
        TimeoutConfig.CheckStep(request?.StepTimeoutInMinutes);
        RegistryLookup.GetThing(realm, thingName);
        if (ExecutionSettlement.SettleAndFindNext(realm, thingName) is not { } next)
            return new((DeviceJobExecution?)null);
        if (next.Status == JobExecutionStatus.QUEUED)
            next = DeviceReport.Apply(realm, next, JobExecutionStatus.IN_PROGRESS, request?.StatusDetails, request?.StepTimeoutInMinutes);
        return new(DeviceJobExecution.Of(realm, next, withDocument: true, signer));
    }
}
