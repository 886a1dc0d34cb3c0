using System.Buffers;
using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// Writes the JSON of messages to devices directly to bytes, because a job may notify many devices. It differs from HTTP in two ways: the
/// job document is JSON and not a string, and an execution has no thingName.
/// </summary>
internal static class DeviceJson
{
    // A document of only these characters is in its shortest form: it has no white space and no escape sequence.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Where(character => character != '\\')]);

    /// <summary>Bytes of the largest buffer that a thread keeps.</summary>
    private const int MaxKept = 64 * 1024;

    /// <summary>One per thread: writing a message never awaits.</summary>
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json)? _threadInstance;

    /// <summary>The bytes of a JSON object.</summary>
    /// <param name="value">Passed to <paramref name="writeMembers"/>.</param>
    /// <param name="writeMembers">Writes the members of the object.</param>
    public static byte[] Bytes<T>(T value, Action<Utf8JsonWriter, T> writeMembers)
    {
        var (bytes, json) = _threadInstance ??= Create();
        bytes.ResetWrittenCount();
        json.Reset(); // a message that failed may have left a part
        json.WriteStartObject();
        writeMembers(json, value);
        json.WriteEndObject();
        json.Flush();
        if (bytes.Capacity > MaxKept)
            _threadInstance = null;
        return bytes.WrittenSpan.ToArray();
    }

    public static void WriteExecution(Utf8JsonWriter json, DeviceJobExecution? execution)
    {
        if (execution is null)
            return;
        json.WriteStartObject("execution"u8);
        json.WriteString("jobId"u8, execution.JobId); // no thingName: messages of AWS have none, although the guide lists it
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
            json.WriteNumber("lastUpdatedAt"u8, summary.LastUpdatedAt);
            WriteNumber(json, "startedAt"u8, summary.StartedAt);
            json.WriteNumber("executionNumber"u8, summary.ExecutionNumber);
            json.WriteNumber("versionNumber"u8, summary.VersionNumber);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>
    /// The document as JSON in its shortest form, which most documents have already. A document that is not JSON was refused when the job
    /// was created.
    /// </summary>
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

    /// <summary>Writes no member while there are no details.</summary>
    public static void WriteDetails(Utf8JsonWriter json, ValueMap? details)
    {
        if (details is null or { Count: 0 })
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

    private static (ArrayBufferWriter<byte>, Utf8JsonWriter) Create()
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        return (bytes, new(bytes, new() { Encoder = WireJson.Options.Encoder, SkipValidation = true }));
    }
}
