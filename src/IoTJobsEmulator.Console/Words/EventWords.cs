using System.Globalization;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>An event of the emulator's API, in words.</summary>
/// <param name="entry">The event.</param>
public sealed class EventWords(JsonObject entry)
{
    /// <summary>What events are about, in the order in which the API names them.</summary>
    public static IReadOnlyList<string> Types { get; } =
        ["job", "execution", "thing", "group", "membership", "connection", "notification", "clock", "reset", "restore"];

    public long Number => (long)entry["number"]!;

    /// <summary>The emulator's time, as text.</summary>
    public string Time => (string)entry["time"]!;

    public string Type => (string)entry["type"]!;

    /// <summary>What became of it; null where that says nothing.</summary>
    public string? Change => Text("change");

    public string? JobId => Text("jobId");

    public string? Thing => Text("thing");

    /// <summary>The status of a job or an execution.</summary>
    public string? Status => Text("status");

    /// <summary>What there is to say beside the job, the thing and the status.</summary>
    public string Rest => string.Join(", ", Parts().OfType<string>());

    /// <summary>All of it, as JSON.</summary>
    public string Json => entry.ToJsonString();

    private IEnumerable<string?> Parts() => Type switch
    {
        "job" => [Pairs("counts", pair => $"{pair.Value} {pair.Key}")],
        "execution" =>
        [
            Text("executionNumber") is { } run and not "1" ? $"execution {run}" : null, Version(),
            Pairs("statusDetails", pair => $"{pair.Key}: {pair.Value}"),
        ],
        "thing" => [Version()],
        "group" => [Text("group"), Version()],
        "membership" => [string.Create(CultureInfo.InvariantCulture, $"in group {Text("groupId")}")],
        "connection" => [$"client {Text("clientId")}", Text("reason")],
        "notification" => [Text("topic")],
        "clock" => [(bool?)entry["frozen"] is true ? "frozen" : "running"],
        "reset" => ["everything is as at the start"],
        "restore" => ["everything is as in a snapshot or a state file"],
        _ => [],
    };

    private string? Version() => Text("version") is { } version ? $"version {version}" : null;

    private string? Pairs(string member, Func<KeyValuePair<string, JsonNode?>, string> words) =>
        entry[member] is JsonObject { Count: > 0 } pairs ? string.Join(", ", pairs.Select(words)) : null;

    private string? Text(string member) => entry[member]?.ToString();
}
