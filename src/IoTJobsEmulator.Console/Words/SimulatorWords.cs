using System.Text.Json.Nodes;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>A simulator as the emulator's API shows it, in words.</summary>
public sealed class SimulatorWords(JsonObject simulator)
{
    /// <summary>The members of an answer that a definition does not have.</summary>
    private static readonly string[] OfTheAnswer = ["name", "busy"];

    public string Name => (string)simulator["name"]!;

    public long Busy => (long)simulator["busy"]!;

    /// <summary>Which things it plays.</summary>
    public string Things => Text("namespaceId") is { } space ? $"{Text("things")}, namespace {space}" : Text("things") ?? "";

    /// <summary>How its devices behave.</summary>
    public string Behavior => string.Join(", ", new[]
    {
        Text("picksUp") is { } wait ? $"picks up after {wait}" : null,
        simulator["takes"] is JsonObject takes ? $"takes {takes["from"]} to {takes["to"]}" : null,
        simulator["outcomes"] is JsonObject outcomes ? string.Join(", ", outcomes.Select(outcome => $"{outcome.Key} {outcome.Value}")) : null,
        Text("offline") is { } offline and not "0" ? $"{offline} of 100 offline" : null,
    }.OfType<string>());

    /// <summary>Its definition, as it can be put again.</summary>
    public string Definition => JsonText.Pretty(new JsonObject(simulator
        .Where(member => !OfTheAnswer.Contains(member.Key))
        .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString());

    private string? Text(string member) => simulator[member]?.ToString();
}
