using System.Buffers;
using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// How what devices are told is written, straight to bytes, for a fleet is told of each job. What looks otherwise than over HTTP: the
/// job document is JSON and not a text of it, and no execution names its thing.
/// </summary>
internal static class DeviceJson
{
    // A document of these characters alone has no space that could go and no escape that could be shorter.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Where(character => character != '\\')]);

    /// <summary>One per thread: nothing is awaited while a message is written.</summary>
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json)? _ofThread;

    /// <summary>The bytes of an object.</summary>
    /// <param name="told">What it tells.</param>
    /// <param name="writeMembers">Writes its members.</param>
    public static byte[] Bytes<T>(T told, Action<Utf8JsonWriter, T> writeMembers)
    {
        var (bytes, json) = _ofThread ??= Fresh();
        bytes.ResetWrittenCount();
        json.Reset(); // whatever a message that failed has left
        json.WriteStartObject();
        writeMembers(json, told);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    public static void WriteExecution(Utf8JsonWriter json, DeviceJobExecution? execution)
    {
        if (execution is null)
            return;
        json.WriteStartObject("execution"u8);
        json.WriteString("jobId"u8, execution.JobId); // no thingName: live messages have none, although the guide lists it
        json.WriteString("status"u8, execution.Status.Text);
        WriteDetails(json, execution.StatusDetails);
        json.WriteNumber("queuedAt"u8, execution.QueuedAt);
        WriteNumber(json, "startedAt"u8, execution.StartedAt);
        json.WriteNumber("lastUpdatedAt"u8, execution.LastUpdatedAt);
        WriteNumber(json, "approximateSecondsBeforeTimedOut"u8, execution.ApproximateSecondsBeforeTimedOut);
        json.WriteNumber("versionNumber"u8, execution.VersionNumber);
        json.WriteNumber("executionNumber"u8, execution.ExecutionNumber);
        WriteDocument(json, execution.JobDocument);
        json.WriteEndObject();
    }

    public static void WriteState(Utf8JsonWriter json, JobExecutionState? state)
    {
        if (state is null)
            return;
        json.WriteStartObject("executionState"u8);
        json.WriteString("status"u8, state.Status.Text);
        WriteDetails(json, state.StatusDetails);
        json.WriteNumber("versionNumber"u8, state.VersionNumber);
        json.WriteEndObject();
    }

    public static void WriteSummaries(Utf8JsonWriter json, string name, IEnumerable<DeviceJobExecutionSummary> summaries)
    {
        json.WriteStartArray(name);
        foreach (var summary in summaries)
        {
            json.WriteStartObject();
            json.WriteString("jobId"u8, summary.JobId);
            json.WriteNumber("queuedAt"u8, summary.QueuedAt);
            WriteNumber(json, "startedAt"u8, summary.StartedAt);
            json.WriteNumber("lastUpdatedAt"u8, summary.LastUpdatedAt);
            json.WriteNumber("versionNumber"u8, summary.VersionNumber);
            json.WriteNumber("executionNumber"u8, summary.ExecutionNumber);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The document as JSON in its shortest form, which most documents have already; whoever made the job was refused if it is none.</summary>
    public static void WriteDocument(Utf8JsonWriter json, string? document)
    {
        if (document is null)
            return;
        json.WritePropertyName("jobDocument"u8);
        if (!document.AsSpan().ContainsAnyExcept(Plain))
        {
            json.WriteRawValue(document, skipInputValidation: true);
            return;
        }
        using var parsed = JsonDocument.Parse(document);
        parsed.RootElement.WriteTo(json);
    }

    public static void WriteDetails(Utf8JsonWriter json, ValueMap? details)
    {
        if (details is null)
            return;
        json.WriteStartObject("statusDetails"u8);
        foreach (var (name, value) in details)
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static (ArrayBufferWriter<byte>, Utf8JsonWriter) Fresh()
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        return (bytes, new(bytes, new() { Encoder = WireJson.Options.Encoder, SkipValidation = true }));
    }
}
