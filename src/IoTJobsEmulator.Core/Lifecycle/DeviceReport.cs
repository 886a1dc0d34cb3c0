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
            (realm.Now, status, details, stepTimeoutInMinutes, timeout),
            static (row, with) => row.Report(with.Now, with.status, with.details, with.stepTimeoutInMinutes, with.timeout));
        Consequences.Apply(realm, execution.JobId, change);
        return change.After!;
    }
}
