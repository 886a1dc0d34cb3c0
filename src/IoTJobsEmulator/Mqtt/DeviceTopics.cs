using System.Runtime.ExceptionServices;
using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Operations.Requests;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// The topics <c>$aws/things/THING/jobs/...</c> to which devices publish requests, the operations that answer them, and the answers. It knows
/// no broker.
/// Source: the developer guide, "Jobs device MQTT API operations".
/// </summary>
internal static class DeviceTopics
{
    private static readonly DeviceOperation
        GetPending = new DeviceOperation<NoMembers, GetPendingJobExecutions.Response>(GetPendingJobExecutions.Handle, static (json, answer) =>
        {
            DeviceJson.WriteSummaries(json, "inProgressJobs", answer.InProgressJobs);
            DeviceJson.WriteSummaries(json, "queuedJobs", answer.QueuedJobs);
        }),
        StartNext = new DeviceOperation<StartNextPendingJobExecution.Request, StartNextPendingJobExecution.Response>(
            StartNextPendingJobExecution.Handle, static (json, answer) => DeviceJson.WriteExecution(json, answer.Execution)),
        Describe = new DeviceOperation<DescribeMembers, DescribeJobExecution.Response>(
            DescribeJobExecution.InNamespace, static (json, answer) => DeviceJson.WriteExecution(json, answer.Execution)),
        Update = new DeviceOperation<UpdateJobExecution.Request, UpdateJobExecution.Response>(UpdateJobExecution.InNamespace, static (json, answer) =>
        {
            DeviceJson.WriteState(json, answer.ExecutionState);
            DeviceJson.WriteDocument(json, answer.JobDocument);
        });

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
        || (rest is [var level] && (IsOfNamespace(level) || level.StartsWith("notify-next-namespace-", StringComparison.Ordinal)))
        || (rest is [_, _] or [_, _, ""] && IsOfNamespace(rest[1]));

    private static bool IsOfNamespace(string level) => level.StartsWith("notify-namespace-", StringComparison.Ordinal);

    /// <summary>
    /// Reads and checks a request, before its turn. The result answers it within the turn; it also throws there what is wrong with the
    /// request, which <see cref="Rejected"/> then answers.
    /// </summary>
    public static Func<DeviceAnswer> Prepare(
        Realm realm, string topic, ReadOnlyMemory<byte> payload, UrlSigner? signer = null, OperationRequest? asked = null)
    {
        try
        {
            var (thing, rest) = Read(topic) ?? throw ServiceError.InvalidTopic.Because($"{topic} is not a topic of AWS IoT Jobs.");
            (DeviceOperation Operation, DeviceArguments Arguments)? named = rest switch
            {
                ["get"] => (GetPending, new(realm, thing)),
                ["start-next"] => (StartNext, new(realm, thing, Signer: signer)),
                [var jobId, "get"] => (Describe, new(realm, thing, jobId, null, signer)),
                [var jobId, var name, "get"] when NamespaceIn(name) is { } space => (Describe, new(realm, thing, jobId, space, signer)),
                [var jobId, "update"] => (Update, new(realm, thing, jobId, null, signer)),
                [var jobId, var name, "update"] when NamespaceIn(name) is { } space => (Update, new(realm, thing, jobId, space, signer)),
                _ => null,
            };
            if (asked is not null)
                asked.Operation = named?.Operation.Operation;
            var request = new DeviceRequest(payload);
            if (named is not var (operation, arguments))
                throw ServiceError.InvalidTopic.Because($"{topic} is not an operation of AWS IoT Jobs.");
            var answer = operation.Prepare(arguments, request, asked);
            return () => new(topic + "/accepted", answer());
        }
        catch (Exception fault)
        {
            var thrown = ExceptionDispatchInfo.Capture(fault);
            return () =>
            {
                thrown.Throw();
                throw fault; // not reached
            };
        }
    }

    /// <summary>The answer to a request that is refused, with the state of the execution when that is the cause.</summary>
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
        }))
        {
            Error = refusal.Error,
        };
    }

    /// <summary>The payload of an answer: the request's token, the time, and what the operation answers.</summary>
    internal static byte[] Accepted<T>(DeviceRequest request, Realm realm, T answer, Action<Utf8JsonWriter, T> writeMembers) =>
        DeviceJson.Bytes((request.Token, realm.Now, answer, writeMembers), static (json, told) =>
        {
            var (token, now, answer, writeMembers) = told;
            WriteHead(json, token, now);
            writeMembers(json, answer);
        });

    private static string? NamespaceIn(string level) =>
        level.StartsWith("namespace-", StringComparison.Ordinal) ? level["namespace-".Length..] : null;

    private static void WriteHead(Utf8JsonWriter json, string? token, Moment now)
    {
        if (token is not null)
            json.WriteString("clientToken"u8, token);
        json.WriteNumber("timestamp"u8, now.Seconds);
    }

    /// <summary>The payload of a request whose operation reads nothing from it.</summary>
    private sealed record NoMembers;

    /// <summary>Over HTTP these are in the query.</summary>
    private sealed record DescribeMembers : IStructure
    {
        public long? ExecutionNumber { get; init; }

        public bool? IncludeJobDocument { get; init; }
    }
}

/// <summary>The message that the requesting client gets.</summary>
internal sealed record DeviceAnswer(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The error that it tells; null for none.</summary>
    public ServiceError? Error { get; init; }
}
