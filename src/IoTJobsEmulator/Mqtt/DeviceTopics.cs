using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.DataPlane;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// What devices ask, on one page: <c>$aws/things/THING/jobs/...</c>, the operations behind it, and the answer. It knows no broker.
/// Source: the developer guide, "Jobs device MQTT API operations".
/// </summary>
internal static class DeviceTopics
{
    /// <summary>The parts of a topic behind <c>$aws/things/THING/jobs/</c>, and the thing; null for any other topic.</summary>
    public static (string ThingName, string[] Levels)? Read(string topic) =>
        topic.Split('/') is ["$aws", "things", var thingName, "jobs", .. { Length: > 0 } rest] ? (thingName, rest) : null;

    /// <summary>Whether only the service speaks on a topic: what a client publishes there ends its connection, as on AWS.</summary>
    public static bool IsOfTheService(string[] rest) => rest is
        ["notify" or "notify-next"] or [.., "accepted" or "rejected"]
        || (rest is [var level] && (level.StartsWith("notify-namespace-", StringComparison.Ordinal) || level.StartsWith("notify-next-namespace-", StringComparison.Ordinal)));

    /// <summary>Answers a request within a turn. What throws is answered by <see cref="Rejected"/>.</summary>
    public static DeviceAnswer Answer(Realm realm, string topic, ReadOnlyMemory<byte> payload, UrlSigner? signer = null)
    {
        var (thing, rest) = Read(topic) ?? throw ServiceError.InvalidTopic.Because($"{topic} is not a topic of AWS IoT Jobs.");
        var json = JsonOf(payload);
        var token = TokenIn(json);
        object answer = rest switch
        {
            ["get"] => Pending(realm, thing),
            ["start-next"] => StartNext(realm, thing, json, signer),
            [var jobId, "get"] => Describe(realm, thing, jobId, null, json, signer),
            [var jobId, var name, "get"] when NamespaceIn(name) is { } space => Describe(realm, thing, jobId, space, json, signer),
            [var jobId, "update"] => Update(realm, thing, jobId, null, json, signer),
            [var jobId, var name, "update"] when NamespaceIn(name) is { } space => Update(realm, thing, jobId, space, json, signer),
            _ => throw ServiceError.InvalidTopic.Because($"{topic} is not an operation of AWS IoT Jobs."),
        };
        return new(topic + "/accepted", Accepted(answer, realm.Now, token));
    }

    /// <summary>How a request is refused, and how the execution stands if that is why.</summary>
    public static DeviceAnswer Rejected(Realm realm, string topic, ReadOnlyMemory<byte> payload, Exception reason)
    {
        var refusal = reason as ServiceException ?? ServiceError.InternalFailure.Because("Internal failure of the emulator; its log says more");
        var answer = new JsonObject { ["code"] = refusal.Error.MqttCode, ["message"] = refusal.Message };
        if (TokenOf(payload) is { } token)
            answer["clientToken"] = token;
        answer["timestamp"] = realm.Now.Seconds;
        if (refusal.Execution is { } execution)
            answer["executionState"] = JsonSerializer.SerializeToNode(JobExecutionState.Of(execution), WireJson.Options);
        return new(topic + "/rejected", DeviceJson.Bytes(answer));
    }

    private static GetPendingJobExecutions.Response Pending(Realm realm, string thing)
    {
        Check(GetPendingJobExecutions.Handle, realm, thing);
        return GetPendingJobExecutions.Handle(realm, thing);
    }

    private static StartNextPendingJobExecution.Response StartNext(Realm realm, string thing, JsonElement json, UrlSigner? signer)
    {
        var request = Read<StartNextPendingJobExecution.Request>(json);
        Check(StartNextPendingJobExecution.Handle, realm, thing, request, signer);
        return StartNextPendingJobExecution.Handle(realm, thing, request, signer);
    }

    private static DescribeJobExecution.Response Describe(Realm realm, string thing, string jobId, string? namespaceId, JsonElement json, UrlSigner? signer)
    {
        var request = Read<DescribeRequest>(json);
        Check(DescribeJobExecution.InNamespace, realm, thing, jobId, namespaceId, request.IncludeJobDocument, request.ExecutionNumber, signer);
        return DescribeJobExecution.InNamespace(realm, thing, jobId, namespaceId, request.IncludeJobDocument, request.ExecutionNumber, signer);
    }

    private static UpdateJobExecution.Response Update(Realm realm, string thing, string jobId, string? namespaceId, JsonElement json, UrlSigner? signer)
    {
        var request = Read<UpdateJobExecution.Request>(json);
        Check(UpdateJobExecution.InNamespace, realm, thing, jobId, namespaceId, request, signer);
        return UpdateJobExecution.InNamespace(realm, thing, jobId, namespaceId, request, signer);
    }

    /// <summary>Refuses arguments that break a constraint, as HTTP does.</summary>
    private static void Check(Delegate operation, params object?[] arguments) => Constraints.For(operation.Method).Check(arguments);

    private static string? NamespaceIn(string level) =>
        level.StartsWith("namespace-", StringComparison.Ordinal) ? level["namespace-".Length..] : null;

    private static byte[] Accepted(object answer, Moment now, string? token)
    {
        var members = JsonSerializer.SerializeToNode(answer, WireJson.Options.GetTypeInfo(answer.GetType()))!.AsObject();
        var told = new JsonObject();
        if (token is not null)
            told["clientToken"] = token;
        told["timestamp"] = now.Seconds;
        foreach (var (name, value) in members.ToArray())
        {
            members.Remove(name);
            told[name] = value;
        }
        return DeviceJson.Bytes(DeviceJson.AsDevicesSeeIt(told));
    }

    /// <summary>The payload as an object; devices also send nothing at all for an empty one (aws/aws-iot-device-sdk-embedded-C#1808).</summary>
    private static JsonElement JsonOf(ReadOnlyMemory<byte> payload)
    {
        try
        {
            if (!Utf8.IsValid(payload.Span))
                throw ServiceError.InvalidJson.Because("The payload is not valid UTF-8.");
            var json = JsonElement.Parse(payload.IsEmpty ? "{}"u8 : payload.Span);
            return json.ValueKind == JsonValueKind.Object ? json : throw ServiceError.InvalidJson.Because("The payload is not a JSON object.");
        }
        catch (JsonException)
        {
            throw ServiceError.InvalidJson.Because("The payload is not valid JSON.");
        }
    }

    private static T Read<T>(JsonElement json) where T : class
    {
        var type = (JsonTypeInfo<T>)WireJson.Options.GetTypeInfo(typeof(T));
        try
        {
            return json.Deserialize(type)!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Misfit.Of(JsonSerializer.SerializeToUtf8Bytes(json), typeof(T));
        }
    }

    private static string? TokenIn(JsonElement json)
    {
        if (!json.TryGetProperty("clientToken", out var token) || token.ValueKind == JsonValueKind.Null)
            return null;
        if (token.ValueKind != JsonValueKind.String)
            throw Misfit.Of(token.GetRawText(), "clientToken", typeof(string));
        try
        {
            return token.GetString();
        }
        catch (InvalidOperationException) // half a surrogate pair
        {
            throw ServiceError.InvalidJson.Because("The payload is not valid Unicode text.");
        }
    }

    /// <summary>The token of a request that may be wrong in any way.</summary>
    private static string? TokenOf(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return TokenIn(JsonOf(payload));
        }
        catch (ServiceException)
        {
            return null;
        }
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
