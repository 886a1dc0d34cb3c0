using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.Tests;

/// <summary>
/// The examples of AWS's own documentation, replayed: requests and answers are those that were published. What an answer cannot share
/// with ours stands beside it, with the reason. What must be there first is given between them.
/// </summary>
public sealed class DocumentedExamplesTests
{
    [Fact]
    public async Task Documented_examples_are_answered_as_documented()
    {
        using var emulator = new Emulator();
        var steps = JsonSerializer.Deserialize<List<Step>>(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "IoTJobsEmulator.Tests", "DocumentedExamples.json"), TestContext.Current.CancellationToken),
            JsonSerializerOptions.Web)!;
        List<string> otherwise = [];
        foreach (var step in steps)
        {
            if (step.Passes is { } passes)
            {
                await emulator.Advance(TimeSpan.Parse(passes, CultureInfo.InvariantCulture));
                continue;
            }
            if (step.LeftOut is not null)
            {
                Assert.NotNull(step.Because);
                continue;
            }
            var (method, path) = (step.Request ?? step.Given)!.Split(' ') is [var first, var second] ? (first, second) : throw new FormatException(step.Request);
            var body = step.Body is { Count: > 0 } given ? given.ToJsonString() : null;
            var answer = await emulator.Send(method, path, body, Emulator.Signed("iot", "us-west-2"));
            var (expected, actual) = (Without(step.Differs, step.Response), Without(step.Differs, answer.Json));
            if (answer.Status != 200 || (step.Example is not null && !JsonNode.DeepEquals(expected, actual)))
                otherwise.Add($"{step.Example ?? step.Given}: {answer.Status} {actual?.ToJsonString()} instead of {expected?.ToJsonString()}");
        }
        Assert.Empty(otherwise);
    }

    private static JsonNode? Without(Dictionary<string, string>? paths, JsonNode? answer)
    {
        foreach (var path in paths?.Keys ?? Enumerable.Empty<string>())
        {
            var parts = path.Split('.');
            var holder = answer;
            foreach (var part in parts[..^1])
                holder = holder is JsonArray list ? list.ElementAtOrDefault(int.Parse(part, CultureInfo.InvariantCulture)) : holder?[part];
            (holder as JsonObject)?.Remove(parts[^1]);
        }
        return answer;
    }

    /// <summary>An example with its source; or what must be there before; or time that passes; or an example that cannot run, with the reason.</summary>
    private sealed record Step(
        string? Example, string? Request, string? Given, JsonObject? Body, JsonNode? Response, Dictionary<string, string>? Differs, string? Passes,
        string? LeftOut, string? Because);
}
