namespace IoTJobsEmulator.Core.Jobs;

/// <summary>The states of a job execution. Source: the developer guide, "Jobs and job execution states".</summary>
public enum JobExecutionStatus
{
    QUEUED,
    IN_PROGRESS,
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    REJECTED,
    REMOVED,
    CANCELED,
}
