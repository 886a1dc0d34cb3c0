using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.IotJobsData;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_iot-jobs-data_GetPendingJobExecutions.html"/>
public static class GetPendingJobExecutions
{
    public sealed record Response(ValueList<DeviceJobExecutionSummary> InProgressJobs, ValueList<DeviceJobExecutionSummary> QueuedJobs);

    /// <summary>Gets the executions that a thing has not finished, at most ten and five of jobs with maintenance windows, each list in the order of queuing.</summary>
    public static Response Handle(Realm realm, [Required, ThingName] string thingName)
    {
        RegistryLookup.GetThing(realm, thingName);
        var pending = Announcements.ShownToDevice(realm, ExecutionSettlement.SettleAndListPending(realm, thingName)).ToLookup(execution => execution.Status);
        return new(
            new(pending[JobExecutionStatus.IN_PROGRESS].Select(DeviceJobExecutionSummary.Of)),
            new(pending[JobExecutionStatus.QUEUED].Select(DeviceJobExecutionSummary.Of)));
    }
}
