using System.Text.Json.Nodes;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>A fault as the emulator's API shows it, in words.</summary>
public sealed class FaultWords(JsonObject fault)
{
    public long Id => (long)fault["id"]!;

    public long Struck => (long)fault["struck"]!;

    /// <summary>What it strikes.</summary>
    public string Strikes => Text("operation") is { } operation
        ? operation == "*" ? "any operation" : operation
        : Text("notification") is "*" ? "any notification" : $"notification {Text("notification")}";

    /// <summary>Whom it concerns.</summary>
    public string Where => Joined(
        Named("account"), Named("region"), Named("thing"), Named("jobId", "job"), Named("transport", "over"), Named("service", "API")) is { Length: > 0 } where ? where : "everywhere";

    /// <summary>What it does, and how often.</summary>
    public string Effect => Joined(
        fault["error"] is JsonObject error ? ErrorWords(error) : null,
        Text("delay") is { } delay ? $"delay {delay}" : null,
        Text("drop") is { } drop ? Text("notification") is not null ? "it is lost" : drop == "after" ? "the answer is lost" : "the request is lost" : null,
        fault["duplicate"] is not null ? "sent twice" : null,
        Text("times") is { } times ? $"{times} times" : null,
        Text("after") is { } after ? $"after {after}" : null,
        Text("probability") is { } probability ? $"with probability {probability} (seed {Text("seed")})" : null);

    private static string ErrorWords(JsonObject error)
    {
        var status = error["statusCode"] is { } given ? $" with HTTP {given}" : "";
        var message = error["message"] is { } text ? $", “{text}”" : "";
        return $"error {error["name"] ?? error["code"]}{status}{message}";
    }

    private string? Named(string member, string? name = null) => Text(member) is { } value ? $"{name ?? member} {value}" : null;

    private string? Text(string member) => fault[member]?.ToString();

    private static string Joined(params string?[] parts) => string.Join(", ", parts.OfType<string>());
}
