using System.Globalization;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>Something that happened to a thing: from its executions, from the journal of requests, or from what went over MQTT.</summary>
/// <param name="At">When, on the emulator's clock; of messages that do not tell it, on the machine's.</param>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Text">What happened.</param>
/// <param name="JobId">The job that it concerns; null for none.</param>
/// <param name="Data">What was sent, as JSON or text; null for nothing.</param>
/// <param name="IsProblem">Whether it was an error or a fault.</param>
public sealed record TimelineEntry(Moment At, string Kind, string Text, string? JobId = null, string? Data = null, bool IsProblem = false)
{
    public const string Execution = "execution", Request = "request", Message = "message";

    /// <summary>The status that an execution reached; null for anything else.</summary>
    public string? Status => Kind == Execution ? Text.Split(',')[0] : null;

    /// <summary>The number of a message; null for anything else.</summary>
    public long? MessageNumber { get; private init; }

    /// <summary>By it an entry is known again among those of its thing.</summary>
    public string Key { get; private init; } = "";

    /// <summary>The moments of an execution.</summary>
    public static IEnumerable<TimelineEntry> Of(JobExecution execution) =>
        MomentsOf(execution).Select((entry, number) => entry with { Key = string.Create(CultureInfo.InvariantCulture, $"{execution.Ordinal} {number}") });

    /// <summary>A request of the journal. An input that has the thing's name alone is left out: the page is that thing's.</summary>
    public static TimelineEntry OfRequest(JsonObject request)
    {
        var status = (int?)request["status"];
        var fault = request["fault"] is JsonObject struck ? $", fault {struck["id"]} struck: {struck["effect"]}" : "";
        var outcome = (string?)request["error"] is { } error ? $" refused: {error}" : status is null ? " was not answered" : "";
        return new(
            ReadTime(request["time"]), Request, $"{(string?)request["operation"] ?? (string?)request["target"]} over {request["transport"]}{outcome}{fault}",
            (string?)request["jobId"], request["input"] is JsonObject { Count: 1 } only && only.ContainsKey("thingName") ? null : request["input"]?.ToJsonString(), outcome.Length + fault.Length > 0)
        {
            Key = $"{Request} {request["number"]}",
        };
    }

    /// <summary>A message that went over MQTT.</summary>
    public static TimelineEntry OfMessage(JsonObject message)
    {
        var from = (string?)message["from"] is { } client ? $"from {client}" : (string?)message["to"] is { } recipient ? $"to {recipient}" : "to all who subscribe";
        return new(TimeOf(message), Message, $"{message["topic"]} {from}, QoS {message["qos"]}", Data: PreviewOf(message))
        {
            Key = $"{Message} {message["number"]}",
            MessageNumber = (long)message["number"]!,
        };
    }

    /// <summary>The payload of a message in one line, as the list of messages has it.</summary>
    public static string PreviewOf(JsonObject message) =>
        message["payload"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : message["payload"]?.ToJsonString() ?? "null";

    private static IEnumerable<TimelineEntry> MomentsOf(JobExecution execution)
    {
        var run = execution.ExecutionNumber == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", execution {execution.ExecutionNumber}");
        yield return new(execution.QueuedAt, Execution, $"QUEUED{run}", execution.JobId);
        if (execution.StartedAt is { } started && !(execution.IsTerminal && execution.LastUpdatedAt == started))
            yield return new(started, Execution, $"IN_PROGRESS{run}", execution.JobId);
        if (execution.IsTerminal)
            yield return new(execution.LastUpdatedAt, Execution, $"{execution.Status}{run}", execution.JobId, IsProblem: execution.Status is JobExecutionStatus.FAILED or JobExecutionStatus.TIMED_OUT or JobExecutionStatus.REJECTED);
    }

    /// <summary>
    /// Messages have the machine's time. Those of the service tell the emulator's, in whole seconds: while the two clocks differ that is taken, and
    /// of its second the end, after what caused the message.
    /// </summary>
    private static Moment TimeOf(JsonObject message)
    {
        var machine = ReadTime(message["at"]);
        if (message["payload"] is not JsonObject payload || payload["timestamp"] is not JsonValue value || !value.TryGetValue<long>(out var seconds))
            return machine;
        return Math.Abs(seconds - machine.Seconds) <= 2 ? machine : new(seconds * 1000 + 999);
    }

    private static Moment ReadTime(JsonNode? time) =>
        Moment.Of(DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
}
