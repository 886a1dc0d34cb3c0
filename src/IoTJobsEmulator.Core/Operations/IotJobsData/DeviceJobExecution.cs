using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.IotJobsData;

/// <summary>How an execution reads for a device: times in whole seconds, details flat and left out while empty. Source: API_iot-jobs-data_JobExecution.</summary>
public sealed record DeviceJobExecution
{
    public required string JobId { get; init; }

    public required string ThingName { get; init; }

    public required EnumText<JobExecutionStatus> Status { get; init; }

    public ValueMap? StatusDetails { get; init; }

    /// <summary>In seconds since the epoch, as all times here.</summary>
    public required long QueuedAt { get; init; }

    public long? StartedAt { get; init; }

    public required long LastUpdatedAt { get; init; }

    /// <summary>Only while a timer runs.</summary>
    public long? ApproximateSecondsBeforeTimedOut { get; init; }

    public required long VersionNumber { get; init; }

    public required long ExecutionNumber { get; init; }

    /// <summary>The document as a text of JSON.</summary>
    public string? JobDocument { get; init; }

    public static DeviceJobExecution Of(Realm realm, JobExecution execution, bool withDocument, UrlSigner? signer = null) =>
        Of(execution, realm.Now, withDocument ? DocumentOf(realm, execution, signer) : null);

    /// <summary>The same outside a turn, for what is announced.</summary>
    public static DeviceJobExecution Of(JobExecution execution, Moment now, string? document) => new()
    {
        JobId = execution.JobId,
        ThingName = execution.ThingName,
        Status = execution.Status,
        StatusDetails = Shown(execution.StatusDetails),
        QueuedAt = execution.QueuedAt.Seconds,
        StartedAt = execution.StartedAt?.Seconds,
        LastUpdatedAt = execution.LastUpdatedAt.Seconds,
        ApproximateSecondsBeforeTimedOut = execution.SecondsBeforeTimedOut(now),
        VersionNumber = execution.VersionNumber,
        ExecutionNumber = execution.ExecutionNumber,
        JobDocument = document,
    };

    /// <summary>The document as it goes to the device: its URLs are made now.</summary>
    public static string DocumentOf(Realm realm, JobExecution execution, UrlSigner? signer) =>
        realm.JobDocuments.Find(execution.JobId)!.ForDevice(execution, realm.Jobs.Find(execution.JobId)!.PresignedUrlConfig, signer, realm.Now);

    internal static ValueMap? Shown(ValueMap? details) => details is { Count: > 0 } ? details : null;
}

/// <summary>How an execution reads in a device's list. Source: API_iot-jobs-data_JobExecutionSummary; the order of members as observed.</summary>
public sealed record DeviceJobExecutionSummary
{
    public required string JobId { get; init; }

    public required long QueuedAt { get; init; }

    public required long LastUpdatedAt { get; init; }

    public long? StartedAt { get; init; }

    public required long ExecutionNumber { get; init; }

    public required long VersionNumber { get; init; }

    public static DeviceJobExecutionSummary Of(JobExecution execution) => new()
    {
        JobId = execution.JobId,
        QueuedAt = execution.QueuedAt.Seconds,
        LastUpdatedAt = execution.LastUpdatedAt.Seconds,
        StartedAt = execution.StartedAt?.Seconds,
        ExecutionNumber = execution.ExecutionNumber,
        VersionNumber = execution.VersionNumber,
    };
}

/// <summary>What an update answers when it is asked to, and MQTT's rejections carry. Source: API_iot-jobs-data_JobExecutionState.</summary>
public sealed record JobExecutionState(EnumText<JobExecutionStatus> Status, ValueMap? StatusDetails, long VersionNumber)
{
    public static JobExecutionState Of(JobExecution execution) =>
        new(execution.Status, DeviceJobExecution.Shown(execution.StatusDetails), execution.VersionNumber);
}
