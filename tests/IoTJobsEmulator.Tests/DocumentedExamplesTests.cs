using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.Tests;

/// <summary>
/// The examples of AWS's own documentation, replayed: requests, answers and messages are those that were published. What an answer
/// cannot share with ours stands beside it, with the reason. What must be there first is given between them.
/// </summary>
public sealed class DocumentedExamplesTests
{
    private static readonly string Published = Path.Combine(Repository.Root, "tests", "IoTJobsEmulator.Tests", "DocumentedExamples.json");

    [Fact]
    public async Task Documented_examples_are_answered_as_documented()
    {
        using var emulator = new Emulator();
        var steps = JsonSerializer.Deserialize<List<Step>>(await File.ReadAllTextAsync(Published, TestContext.Current.CancellationToken), JsonSerializerOptions.Web)!;
        var replay = new Replay(emulator, await Device.Connect(emulator, "THING"));
        foreach (var step in steps)
            await replay.Take(step);
        replay.NothingIsUnheard();
        Assert.Empty(replay.Otherwise);
    }

    /// <summary>What one step is; what it is not is null.</summary>
    /// <param name="Example">What is published, and where.</param>
    /// <param name="Request">What is asked: over HTTP a method and a path, over MQTT a topic.</param>
    /// <param name="Hears">The topic of the next message that the device hears: an answer over MQTT, a notification, an event.</param>
    /// <param name="Given">A request that is no example, but what must be there before.</param>
    /// <param name="Body">The body of the request, or its payload; without it the payload is empty.</param>
    /// <param name="Response">What is published as answer or message.</param>
    /// <param name="Differs">The members that cannot be ours, by path, with the reason.</param>
    /// <param name="Listens">A filter that the device subscribes to from now on: it may hear nothing that is not an example.</param>
    /// <param name="Passes">Time that passes.</param>
    /// <param name="At">The moment that it is from now on.</param>
    /// <param name="Region">Where all that follows happens.</param>
    /// <param name="LeftOut">An example that cannot run.</param>
    /// <param name="Because">Why it cannot.</param>
    private sealed record Step(
        string? Example, string? Request, string? Hears, string? Given, JsonObject? Body, JsonNode? Response, Dictionary<string, string>? Differs,
        string? Listens, string? Passes, string? At, string? Region, string? LeftOut, string? Because);

    private sealed class Replay(Emulator emulator, Device device)
    {
        private readonly Queue<(string Topic, string Payload)> _heard = [];
        private string _region = "us-west-2";

        /// <summary>What was not as it is published.</summary>
        public List<string> Otherwise { get; } = [];

        public async Task Take(Step step)
        {
            if (step.LeftOut is not null)
                Assert.NotNull(step.Because);
            else if (step.Region is { } region)
                _region = region;
            else if (step.Listens is { } filter)
                await device.Subscribe(filter);
            else if (step is { Request: null, Hears: { } topic })
                Compare(step, Heard(topic));
            else
                await Act(step);
        }

        /// <summary>Messages that no example speaks of are as wrong as those that are missing.</summary>
        public void NothingIsUnheard()
        {
            while (_heard.TryDequeue(out var message))
                Otherwise.Add($"{message.Topic} {message.Payload} is heard, which is not published");
        }

        private async Task Act(Step step)
        {
            NothingIsUnheard();
            if (step.Passes is { } passes)
                await emulator.Advance(TimeSpan.Parse(passes, CultureInfo.InvariantCulture));
            else if (step.At is { } at)
                await Ask(step with { Given = "PUT /_emulator/clock", Body = new() { ["now"] = at } });
            else if (step.Request is ['$', ..] topic)
                await device.Publish($"{topic} {step.Body?.ToJsonString()}");
            else
                await Ask(step);
            foreach (var message in await device.Heard())
                _heard.Enqueue(message);
            if (step.Hears is { } answer)
                Compare(step, Heard(answer));
        }

        private async Task Ask(Step step)
        {
            var (method, path) = (step.Request ?? step.Given)!.Split(' ') is [var first, var second] ? (first, second) : throw new FormatException(step.Request);
            var body = step.Body is { Count: > 0 } given ? given.ToJsonString() : null;
            var answer = await emulator.Send(method, path, body, Emulator.Signed("iot", _region));
            if (answer.Status != 200)
                Otherwise.Add($"{step.Example ?? step.Given}: {answer.Status} {answer.Body}");
            else if (step.Example is not null)
                Compare(step, answer.Json);
        }

        private JsonNode? Heard(string topic)
        {
            if (_heard.TryPeek(out var next) && next.Topic == topic)
                return JsonNode.Parse(_heard.Dequeue().Payload);
            return null;
        }

        private void Compare(Step step, JsonNode? answer)
        {
            foreach (var path in step.Differs?.Keys ?? Enumerable.Empty<string>())
            {
                if (JsonNode.DeepEquals(Take(path, step.Response), Take(path, answer)))
                    Otherwise.Add($"{step.Example}: {path} is said to differ, and does not");
            }
            if (!JsonNode.DeepEquals(step.Response, answer))
                Otherwise.Add($"{step.Example}: {answer?.ToJsonString() ?? "nothing"} instead of {step.Response?.ToJsonString()}");
        }

        private static JsonNode? Take(string path, JsonNode? from)
        {
            var parts = path.Split('.');
            foreach (var part in parts[..^1])
                from = from is JsonArray list ? list.ElementAtOrDefault(int.Parse(part, CultureInfo.InvariantCulture)) : from?[part];
            if (from is not JsonObject holder || !holder.TryGetPropertyValue(parts[^1], out var taken))
                return null;
            holder.Remove(parts[^1]);
            return taken;
        }
    }
}
