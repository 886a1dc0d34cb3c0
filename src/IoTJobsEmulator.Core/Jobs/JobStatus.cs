namespace IoTJobsEmulator.Core.Jobs;

/// <summary>The states of a job. Source: the developer guide, "Jobs and job execution states".</summary>
public enum JobStatus
{
    IN_PROGRESS,
    CANCELED,
    COMPLETED,
    DELETION_IN_PROGRESS,
    SCHEDULED,
}

/// <summary>Whether a job ends with the things that were its targets at creation, or goes on with whatever joins them.</summary>
public enum TargetSelection
{
    CONTINUOUS,
    SNAPSHOT,
}
