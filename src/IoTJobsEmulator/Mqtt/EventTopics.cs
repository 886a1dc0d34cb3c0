using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.DataPlane;
using IoTJobsEmulator.Core.State;
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
    /// <param name="realm">Whose announcement it is.</param>
    /// <param name="at">When the turn was that it follows from.</param>
    /// <param name="announcement">What happened.</param>
    /// <param name="events">Which events are on.</param>
    /// <param name="signer">Who makes the URLs in documents, where there is a store that they can lead to.</param>
    public (string Topic, MqttPayload Payload)? Of(
        Realm realm, Moment at, Announcement announcement, EventConfiguration? events = null, UrlSigner? signer = null) => announcement switch
        {
            PendingExecutionsChanged changed => (Notification(changed.ThingName, "notify", changed.NamespaceId), new(() => Notify(changed, at))),
            NextExecutionChanged changed => (Notification(changed.ThingName, "notify-next", changed.NamespaceId), new(() => NotifyNext(changed, at, signer))),
            JobEvent told when events?.IsOn(EventType.JOB) is true => ($"$aws/events/job/{told.Job.JobId}/{told.Operation}", new(() => Event(told, at))),
            JobExecutionEvent told when events?.IsOn(EventType.JOB_EXECUTION) is true =>
                ($"$aws/events/jobExecution/{told.Execution.JobId}/{OperationOf(told)}", new(() => Event(realm, told, at))),
            RegistryEvent told => (RegistryEventTopics.TopicOf(told), new(() => RegistryEventTopics.PayloadOf(realm, at, told, newEventId()))),
            _ => null,
        };

    private static string Notification(string thingName, string kind, string? namespaceId) =>
        $"$aws/things/{thingName}/jobs/{kind}{(namespaceId is null ? "" : "-namespace-" + namespaceId)}";

    private static byte[] Notify(PendingExecutionsChanged changed, Moment at)
    {
        var jobs = new JsonObject();
        // A status without executions is left out, in progress comes first (observed).
        foreach (var status in (JobExecutionStatus[])[IN_PROGRESS, QUEUED])
        {
            if (changed.Pending.Where(execution => execution.Status == status).Select(DeviceJobExecutionSummary.Of).ToArray() is { Length: > 0 } listed)
                jobs[status.ToString()] = JsonSerializer.SerializeToNode(listed, WireJson.Options);
        }
        return DeviceJson.Bytes(new() { ["timestamp"] = at.Seconds, ["jobs"] = jobs });
    }

    private static byte[] NotifyNext(NextExecutionChanged changed, Moment at, UrlSigner? signer)
    {
        var told = new JsonObject { ["timestamp"] = at.Seconds };
        if (changed.Next is { } next)
            told["execution"] = DeviceJson.Of(DeviceJobExecution.Of(next, at, changed.Document?.ForDevice(next, changed.PresignedUrlConfig, signer, at)));
        return DeviceJson.Bytes(told);
    }

    private byte[] Event(JobEvent told, Moment at)
    {
        var job = told.Job;
        var payload = Head("JOB", at, told.Operation.ToString(), job.JobId);
        payload["status"] = told.Operation.ToString().ToUpperInvariant(); // of the event: a job that is being cancelled is CANCELED already
        payload["targetSelection"] = job.TargetSelection.ToString();
        payload["targets"] = new JsonArray([.. job.Targets.Select(target => (JsonNode)target.Arn)]);
        payload["description"] = job.Description ?? "";
        if (told.Operation is JobOperation.completed)
            payload["completedAt"] = job.CompletedAt?.Milliseconds;
        payload["createdAt"] = job.CreatedAt.Milliseconds;
        payload["lastUpdatedAt"] = job.LastUpdatedAt.Milliseconds;
        if (told.Operation is JobOperation.completed)
            payload["jobProcessDetails"] = Counters(job.Counts);
        else if (told.Operation is not JobOperation.canceled)
            payload["comment"] = job.Comment ?? "";
        return DeviceJson.Bytes(payload);
    }

    private static JsonObject Counters(JobExecutionCounts counts) => new()
    {
        ["numberOfCanceledThings"] = counts.Canceled,
        ["numberOfRejectedThings"] = counts.Rejected,
        ["numberOfFailedThings"] = counts.Failed,
        ["numberOfRemovedThings"] = counts.Removed,
        ["numberOfSucceededThings"] = counts.Succeeded,
    };

    private byte[] Event(Realm realm, JobExecutionEvent told, Moment at)
    {
        var execution = told.Execution;
        var payload = Head("JOB_EXECUTION", at, OperationOf(told), execution.JobId);
        payload["thingArn"] = Arn.OfThing(realm, execution.ThingName);
        payload["status"] = execution.Status.ToString();
        payload["statusDetails"] = JsonSerializer.SerializeToNode(execution.StatusDetails ?? ValueMap.Empty, WireJson.Options);
        return DeviceJson.Bytes(payload);
    }

    private JsonObject Head(string type, Moment at, string operation, string jobId) => new()
    {
        ["eventType"] = type,
        ["eventId"] = newEventId().ToString(),
        ["timestamp"] = at.Seconds,
        ["operation"] = operation,
        ["jobId"] = jobId,
    };

    private static string OperationOf(JobExecutionEvent told) => told.IsDeleted ? "deleted" : told.Execution.Status.ToString().ToLowerInvariant();
}
