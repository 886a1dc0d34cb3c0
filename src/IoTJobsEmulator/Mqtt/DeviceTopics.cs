using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// What devices ask, on one page: <c>$aws/things/THING/jobs/...</c>, the operations behind it, and the answer. It knows no broker.
/// Source: the developer guide, "Jobs device MQTT API operations".
/// </summary>
internal static class DeviceTopics
{
    private static readonly Plan
        PendingShapes = ShapesOf(GetPendingJobExecutions.Handle),
        StartNextShapes = ShapesOf(StartNextPendingJobExecution.Handle),
        DescribeShapes = ShapesOf(DescribeJobExecution.InNamespace),
        UpdateShapes = ShapesOf(UpdateJobExecution.InNamespace);

    /// <summary>The parts of a topic behind <c>$aws/things/THING/jobs/</c>, and the thing; null for any other topic.</summary>
    public static (string ThingName, string[] Levels)? Read(string topic)
    {
        const string Things = "$aws/things/", Jobs = "/jobs/";
        if (!topic.StartsWith(Things, StringComparison.Ordinal))
            return null;
        var end = topic.IndexOf('/', Things.Length);
        return end >= 0 && topic.AsSpan(end).StartsWith(Jobs, StringComparison.Ordinal)
            ? (topic[Things.Length..end], topic[(end + Jobs.Length)..].Split('/'))
            : null;
    }

    /// <summary>Whether only the service speaks on a topic: what a client publishes there ends its connection, as on AWS.</summary>
    public static bool IsReserved(string[] rest) => rest is
        ["notify" or "notify-next"] or [.., "accepted" or "rejected"]
        || (rest is [var level] && (level.StartsWith("notify-namespace-", StringComparison.Ordinal) || level.StartsWith("notify-next-namespace-", StringComparison.Ordinal)));

    /// <summary>Answers a request within a turn. What throws is answered by <see cref="Rejected"/>.</summary>
    public static DeviceAnswer Answer(Realm realm, string topic, ReadOnlyMemory<byte> payload, UrlSigner? signer = null)
    {
        var (thing, rest) = Read(topic) ?? throw ServiceError.InvalidTopic.Because($"{topic} is not a topic of AWS IoT Jobs.");
        var request = new DeviceRequest(payload);
        return new(topic + "/accepted", rest switch
        {
            ["get"] => Pending(realm, thing, request),
            ["start-next"] => StartNext(realm, thing, request, signer),
            [var jobId, "get"] => Describe(realm, thing, jobId, null, request, signer),
            [var jobId, var name, "get"] when NamespaceIn(name) is { } space => Describe(realm, thing, jobId, space, request, signer),
            [var jobId, "update"] => Update(realm, thing, jobId, null, request, signer),
            [var jobId, var name, "update"] when NamespaceIn(name) is { } space => Update(realm, thing, jobId, space, request, signer),
            _ => throw ServiceError.InvalidTopic.Because($"{topic} is not an operation of AWS IoT Jobs."),
        });
    }

    /// <summary>How a request is refused, and how the execution stands if that is why.</summary>
    public static DeviceAnswer Rejected(Realm realm, string topic, ReadOnlyMemory<byte> payload, Exception reason)
    {
        var refusal = reason as ServiceException ?? ServiceError.InternalFailure.Because("Internal failure of the emulator; its log says more");
        return new(topic + "/rejected", DeviceJson.Bytes((refusal, DeviceRequest.TokenOf(payload), realm.Now), static (json, told) =>
        {
            var (refusal, token, now) = told;
            json.WriteString("code"u8, refusal.Error.MqttCode);
            json.WriteString("message"u8, refusal.Message);
            WriteHead(json, token, now);
            if (refusal.Execution is { } execution)
                DeviceJson.WriteState(json, JobExecutionState.Of(execution));
        }));
    }

    private static byte[] Pending(Realm realm, string thing, DeviceRequest request)
    {
        PendingShapes.Check([realm, thing]);
        return Accepted(request, realm, GetPendingJobExecutions.Handle(realm, thing), static (json, answer) =>
        {
            DeviceJson.WriteSummaries(json, "inProgressJobs", answer.InProgressJobs);
            DeviceJson.WriteSummaries(json, "queuedJobs", answer.QueuedJobs);
        });
    }

    private static byte[] StartNext(Realm realm, string thing, DeviceRequest request, UrlSigner? signer)
    {
        var asked = request.Read<StartNextPendingJobExecution.Request>();
        StartNextShapes.Check([realm, thing, asked, signer]);
        return Accepted(request, realm, StartNextPendingJobExecution.Handle(realm, thing, asked, signer), static (json, answer) =>
            DeviceJson.WriteExecution(json, answer.Execution));
    }

    private static byte[] Describe(Realm realm, string thing, string jobId, string? namespaceId, DeviceRequest request, UrlSigner? signer)
    {
        var asked = request.Read<DescribeRequest>();
        DescribeShapes.Check([realm, thing, jobId, namespaceId, asked.IncludeJobDocument, asked.ExecutionNumber, signer]);
        return Accepted(
            request, realm, DescribeJobExecution.InNamespace(realm, thing, jobId, namespaceId, asked.IncludeJobDocument, asked.ExecutionNumber, signer),
            static (json, answer) => DeviceJson.WriteExecution(json, answer.Execution));
    }

    private static byte[] Update(Realm realm, string thing, string jobId, string? namespaceId, DeviceRequest request, UrlSigner? signer)
    {
        var asked = request.Read<UpdateJobExecution.Request>();
        UpdateShapes.Check([realm, thing, jobId, namespaceId, asked, signer]);
        return Accepted(request, realm, UpdateJobExecution.InNamespace(realm, thing, jobId, namespaceId, asked, signer), static (json, answer) =>
        {
            DeviceJson.WriteState(json, answer.ExecutionState);
            DeviceJson.WriteDocument(json, answer.JobDocument);
        });
    }

    /// <summary>What arguments are checked against, as over HTTP.</summary>
    private static Plan ShapesOf(Delegate operation) => Constraints.For(operation.Method);

    private static string? NamespaceIn(string level) =>
        level.StartsWith("namespace-", StringComparison.Ordinal) ? level["namespace-".Length..] : null;

    private static byte[] Accepted<T>(DeviceRequest request, Realm realm, T answer, Action<Utf8JsonWriter, T> writeMembers) =>
        DeviceJson.Bytes((request.Token, realm.Now, answer, writeMembers), static (json, told) =>
        {
            var (token, now, answer, writeMembers) = told;
            WriteHead(json, token, now);
            writeMembers(json, answer);
        });

    private static void WriteHead(Utf8JsonWriter json, string? token, Moment now)
    {
        if (token is not null)
            json.WriteString("clientToken"u8, token);
        json.WriteNumber("timestamp"u8, now.Seconds);
    }

    /// <summary>What HTTP says in the query.</summary>
    private sealed record DescribeRequest : IStructure
    {
        public long? ExecutionNumber { get; init; }

        public bool? IncludeJobDocument { get; init; }
    }
}

/// <summary>What the one who asked is sent.</summary>
internal sealed record DeviceAnswer(string Topic, ReadOnlyMemory<byte> Payload);
