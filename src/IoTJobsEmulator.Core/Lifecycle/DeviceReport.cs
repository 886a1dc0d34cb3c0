using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>Applies what a device reports about an execution, once the operation has accepted it.</summary>
public static class DeviceReport
{
    public static JobExecution Apply(Realm realm, JobExecution execution, JobExecutionStatus status, ValueMap? details, long? stepTimeoutInMinutes)
    {
        var timeout = realm.Jobs.Find(execution.JobId)!.TimeoutConfig;
        var change = realm.Executions.Change(
            execution.Key,
            new Reported(realm.Now, status, details, stepTimeoutInMinutes, timeout),
            static (row, reported) => row.Report(reported.At, reported.Status, reported.Details, reported.StepTimeoutInMinutes, reported.Timeout));
        Consequences.Apply(realm, execution.JobId, change);
        return change.After!;
    }

    private readonly record struct Reported(
        Moment At, JobExecutionStatus Status, ValueMap? Details, long? StepTimeoutInMinutes, TimeoutConfig? Timeout);
}
