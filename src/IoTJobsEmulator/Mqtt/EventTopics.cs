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
/// Topic and payload of each announcement: notifications to devices, and events.
/// Source: the developer guide, "Jobs notifications" and "Jobs events".
/// </summary>
/// <param name="newEventId">Makes the ids of events.</param>
/// <param name="signer">Signs the URLs in job documents; null leaves the placeholders as they are.</param>
internal sealed class EventTopics(Func<Guid> newEventId, UrlSigner? signer = null)
{
    /// <summary>Those announcements that are published, in order: events are off until the account enables them.</summary>
    /// <param name="announcements">What happened. The same list is answered when all of it is published.</param>
    /// <param name="events">Which events are enabled; null for none.</param>
    public static IReadOnlyList<Announcement> PublishedOf(IReadOnlyList<Announcement> announcements, EventConfiguration? events)
    {
        List<Announcement>? published = null;
        for (var i = 0; i < announcements.Count; i++)
        {
            if (!IsPublished(announcements[i], events))
                published ??= [.. announcements.Take(i)];
            else
                published?.Add(announcements[i]);
        }
        return published ?? announcements;
    }

    /// <summary>The message of an announcement that is published. Most messages have no subscriber, so the payload is created when it is first read.</summary>
    /// <param name="tenant">The account and region of the announcement.</param>
    /// <param name="at">The time of the turn that it follows from.</param>
    /// <param name="announcement">What happened.</param>
    public (string Topic, MqttPayload Payload) MessageOf(Tenant tenant, Moment at, Announcement announcement) => announcement switch
    {
        PendingExecutionsChanged changed => (Notification(changed.ThingName, "notify", changed.NamespaceId), Later((changed, at), static of => Notify(of.changed, of.at))),
        NextExecutionChanged changed =>
            (Notification(changed.ThingName, "notify-next", changed.NamespaceId), Later((changed, at, Topics: this), static of => of.Topics.NotifyNext(of.changed, of.at))),
        JobEvent jobEvent => ($"$aws/events/job/{jobEvent.Job.JobId}/{jobEvent.Operation}", Later((jobEvent, at, Topics: this), static of => of.Topics.Event(of.jobEvent, of.at))),
        JobExecutionEvent executionEvent =>
            ($"$aws/events/jobExecution/{executionEvent.Execution.JobId}/{OperationOf(executionEvent)}",
                Later((tenant, executionEvent, at, Topics: this), static of => of.Topics.Event(of.tenant, of.executionEvent, of.at))),
        RegistryEvent registryEvent =>
            (RegistryEventTopics.TopicOf(registryEvent),
                Later((tenant, at, registryEvent, newEventId), static of => RegistryEventTopics.PayloadOf(of.tenant, of.at, of.registryEvent, of.newEventId()))),
        _ => throw new ArgumentOutOfRangeException(nameof(announcement)),
    };

    /// <summary>How many messages an announcement has that is published: one, and those of <see cref="OtherTopicsOf"/>.</summary>
    public static int CountOf(Announcement announcement) => announcement is PendingExecutionsChanged { NamespaceId: not null } changed ? 1 + changed.JobIds.Count : 1;

    /// <summary>
    /// The topics beside that of <see cref="MessageOf"/> to which the same message is published. The API reference names a topic of each job of a
    /// namespace, with a slash at its end; Greengrass subscribes to the one without a job.
    /// </summary>
    public static IEnumerable<string> OtherTopicsOf(Announcement announcement) =>
        announcement is PendingExecutionsChanged { NamespaceId: not null } changed ? TopicsOfJobs(changed) : [];

    /// <summary>The topic of an announcement with placeholders for what callers name.</summary>
    public static string TemplateOf(Announcement announcement) => announcement switch
    {
        PendingExecutionsChanged { NamespaceId: null } => "$aws/things/{thingName}/jobs/notify",
        PendingExecutionsChanged => "$aws/things/{thingName}/jobs/notify-namespace-{namespaceId}",
        NextExecutionChanged { NamespaceId: null } => "$aws/things/{thingName}/jobs/notify-next",
        NextExecutionChanged => "$aws/things/{thingName}/jobs/notify-next-namespace-{namespaceId}",
        JobEvent => "$aws/events/job/{jobId}/{operation}",
        JobExecutionEvent => "$aws/events/jobExecution/{jobId}/{status}",
        _ => "$aws/events/{resource}",
    };

    private static bool IsPublished(Announcement announcement, EventConfiguration? events) => announcement switch
    {
        JobEvent => events?.IsEnabled(EventType.JOB) is true,
        JobExecutionEvent => events?.IsEnabled(EventType.JOB_EXECUTION) is true,
        _ => true, // those of the registry follow only from what is enabled
    };

    private static IEnumerable<string> TopicsOfJobs(PendingExecutionsChanged changed) =>
        changed.JobIds.Select(jobId => $"$aws/things/{changed.ThingName}/jobs/{jobId}/notify-namespace-{changed.NamespaceId}/");

    private static MqttPayload<TValue> Later<TValue>(TValue of, Func<TValue, byte[]> create) => new(of, create);

    private static string Notification(string thingName, string kind, string? namespaceId) =>
        $"$aws/things/{thingName}/jobs/{kind}{(namespaceId is null ? "" : "-namespace-" + namespaceId)}";

    private static byte[] Notify(PendingExecutionsChanged changed, Moment at) => DeviceJson.Bytes((changed.Pending, at), static (json, value) =>
    {
        var (pending, at) = value;
        json.WriteNumber("timestamp"u8, at.Seconds);
        json.WriteStartObject("jobs"u8);
        // A status without executions is omitted, and IN_PROGRESS comes first (observed).
        foreach (var status in (ReadOnlySpan<JobExecutionStatus>)[IN_PROGRESS, QUEUED])
        {
            if (pending.Where(execution => execution.Status == status).Select(DeviceJobExecutionSummary.Of).ToArray() is { Length: > 0 } listed)
                DeviceJson.WriteSummaries(json, status.ToString(), listed);
        }
        json.WriteEndObject();
    });

    private byte[] NotifyNext(NextExecutionChanged changed, Moment at) =>
        DeviceJson.Bytes((changed, at, signer), static (json, value) =>
        {
            var (changed, at, signer) = value;
            json.WriteNumber("timestamp"u8, at.Seconds);
            if (changed.Next is { } next)
                DeviceJson.WriteExecution(json, DeviceJobExecution.Of(next, at, changed.Document?.ForDevice(next, changed.PresignedUrlConfig, signer, at)));
        });

    private byte[] Event(JobEvent jobEvent, Moment at) => DeviceJson.Bytes(jobEvent.Job, (json, job) =>
    {
        WriteHead(json, "JOB", at, jobEvent.Operation.ToString(), job.JobId);
        // Not the status of the job: while it is being cancelled, that is CANCELED already.
        json.WriteString("status"u8, jobEvent.Operation.ToString().ToUpperInvariant());
        json.WriteString("targetSelection"u8, job.TargetSelection.ToString());
        json.WriteStartArray("targets"u8);
        foreach (var target in job.Targets)
            json.WriteStringValue(target.Arn);
        json.WriteEndArray();
        json.WriteString("description"u8, job.Description ?? "");
        if (jobEvent.Operation is JobOperation.completed && job.CompletedAt is { } completedAt)
            json.WriteNumber("completedAt"u8, completedAt.Milliseconds);
        json.WriteNumber("createdAt"u8, job.CreatedAt.Milliseconds);
        json.WriteNumber("lastUpdatedAt"u8, job.LastUpdatedAt.Milliseconds);
        if (jobEvent.Operation is JobOperation.completed)
            WriteCounters(json, job.Counts);
        else if (jobEvent.Operation is not JobOperation.canceled)
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

    private byte[] Event(Tenant tenant, JobExecutionEvent executionEvent, Moment at) => DeviceJson.Bytes(executionEvent.Execution, (json, execution) =>
    {
        WriteHead(json, "JOB_EXECUTION", at, OperationOf(executionEvent), execution.JobId);
        json.WriteString("thingArn"u8, Arn.OfThing(tenant, execution.ThingName));
        json.WriteString("status"u8, execution.Status.ToString());
        DeviceJson.WriteDetails(json, execution.StatusDetails);
    });

    private void WriteHead(Utf8JsonWriter json, string type, Moment at, string operation, string jobId)
    {
        json.WriteString("eventType"u8, type);
        json.WriteString("eventId"u8, newEventId());
        json.WriteNumber("timestamp"u8, at.Seconds);
        json.WriteString("operation"u8, operation);
        json.WriteString("jobId"u8, jobId);
    }

    private static string OperationOf(JobExecutionEvent executionEvent) =>
        executionEvent.IsDeleted ? "deleted" : executionEvent.Execution.Status.ToString().ToLowerInvariant();
}
