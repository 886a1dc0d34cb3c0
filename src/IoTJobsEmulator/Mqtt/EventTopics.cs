using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Mqtt.Protocol;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// What is published to devices and listeners: a topic and a payload for each announcement. It knows no broker.
/// Source: the developer guide, "Jobs notifications" and "Jobs events".
/// </summary>
internal sealed class EventTopics(Func<Guid> newEventId)
{
    /// <summary>
    /// The message of an announcement, or null when nobody is to hear of it: events are off until the account switches them on. Most
    /// messages are heard by nobody, so the payload is made when somebody looks.
    /// </summary>
    /// <param name="tenant">The account and region of the announcement.</param>
    /// <param name="at">When the turn was that it follows from.</param>
    /// <param name="announcement">What happened.</param>
    /// <param name="events">Which events are on.</param>
    /// <param name="signer">Who makes the URLs in documents, where there is a store that they can lead to.</param>
    public (string Topic, MqttPayload Payload)? Of(
        Tenant tenant, Moment at, Announcement announcement, EventConfiguration? events = null, UrlSigner? signer = null) => announcement switch
        {
            PendingExecutionsChanged changed => (Notification(changed.ThingName, "notify", changed.NamespaceId), new(() => Notify(changed, at))),
            NextExecutionChanged changed => (Notification(changed.ThingName, "notify-next", changed.NamespaceId), new(() => NotifyNext(changed, at, signer))),
            JobEvent told when events?.IsOn(EventType.JOB) is true => ($"$aws/events/job/{told.Job.JobId}/{told.Operation}", new(() => Event(told, at))),
            JobExecutionEvent told when events?.IsOn(EventType.JOB_EXECUTION) is true =>
                ($"$aws/events/jobExecution/{told.Execution.JobId}/{OperationOf(told)}", new(() => Event(tenant, told, at))),
            RegistryEvent told => (RegistryEventTopics.TopicOf(told), new(() => RegistryEventTopics.PayloadOf(tenant, at, told, newEventId()))),
            _ => null,
        };

    private static string Notification(string thingName, string kind, string? namespaceId) =>
        $"$aws/things/{thingName}/jobs/{kind}{(namespaceId is null ? "" : "-namespace-" + namespaceId)}";

    private static byte[] Notify(PendingExecutionsChanged changed, Moment at) => DeviceJson.Bytes((changed.Pending, at), static (json, told) =>
    {
        json.WriteNumber("timestamp"u8, told.at.Seconds);
        json.WriteStartObject("jobs"u8);
        // A status without executions is left out, in progress comes first (observed).
        foreach (var status in (ReadOnlySpan<JobExecutionStatus>)[IN_PROGRESS, QUEUED])
        {
            if (told.Pending.Where(execution => execution.Status == status).Select(DeviceJobExecutionSummary.Of).ToArray() is { Length: > 0 } listed)
                DeviceJson.WriteSummaries(json, status.ToString(), listed);
        }
        json.WriteEndObject();
    });

    private static byte[] NotifyNext(NextExecutionChanged changed, Moment at, UrlSigner? signer) =>
        DeviceJson.Bytes((changed, at, signer), static (json, told) =>
        {
            var (changed, at, signer) = told;
            json.WriteNumber("timestamp"u8, at.Seconds);
            if (changed.Next is { } next)
                DeviceJson.WriteExecution(json, DeviceJobExecution.Of(next, at, changed.Document?.ForDevice(next, changed.PresignedUrlConfig, signer, at)));
        });

    private byte[] Event(JobEvent told, Moment at) => DeviceJson.Bytes(told.Job, (json, job) =>
    {
        WriteHead(json, "JOB", at, told.Operation.ToString(), job.JobId);
        json.WriteString("status"u8, told.Operation.ToString().ToUpperInvariant()); // of the event: a job that is being cancelled is CANCELED already
        json.WriteString("targetSelection"u8, job.TargetSelection.ToString());
        json.WriteStartArray("targets"u8);
        foreach (var target in job.Targets)
            json.WriteStringValue(target.Arn);
        json.WriteEndArray();
        json.WriteString("description"u8, job.Description ?? "");
        if (told.Operation is JobOperation.completed && job.CompletedAt is { } completedAt)
            json.WriteNumber("completedAt"u8, completedAt.Milliseconds);
        json.WriteNumber("createdAt"u8, job.CreatedAt.Milliseconds);
        json.WriteNumber("lastUpdatedAt"u8, job.LastUpdatedAt.Milliseconds);
        if (told.Operation is JobOperation.completed)
            WriteCounters(json, job.Counts);
        else if (told.Operation is not JobOperation.canceled)
            json.WriteString("comment"u8, job.Comment ?? "");
    });

    private static void WriteCounters(Utf8JsonWriter json, JobExecutionCounts counts)
    {
        json.WriteStartObject("jobProcessDetails"u8);
        json.WriteNumber("numberOfCanceledThings"u8, counts.Canceled);
        json.WriteNumber("numberOfRejectedThings"u8, counts.Rejected);
        json.WriteNumber("numberOfFailedThings"u8, counts.Failed);
        json.WriteNumber("numberOfRemovedThings"u8, counts.Removed);
        json.WriteNumber("numberOfSucceededThings"u8, counts.Succeeded);
        json.WriteEndObject();
    }

    private byte[] Event(Tenant tenant, JobExecutionEvent told, Moment at) => DeviceJson.Bytes(told.Execution, (json, execution) =>
    {
        WriteHead(json, "JOB_EXECUTION", at, OperationOf(told), execution.JobId);
        json.WriteString("thingArn"u8, Arn.OfThing(tenant, execution.ThingName));
        json.WriteString("status"u8, execution.Status.ToString());
        DeviceJson.WriteDetails(json, execution.StatusDetails ?? ValueMap.Empty);
    });

    private void WriteHead(Utf8JsonWriter json, string type, Moment at, string operation, string jobId)
    {
        json.WriteString("eventType"u8, type);
        json.WriteString("eventId"u8, newEventId());
        json.WriteNumber("timestamp"u8, at.Seconds);
        json.WriteString("operation"u8, operation);
        json.WriteString("jobId"u8, jobId);
    }

    private static string OperationOf(JobExecutionEvent told) => told.IsDeleted ? "deleted" : told.Execution.Status.ToString().ToLowerInvariant();
}
