using System.Text.Json.Nodes;

namespace IoTJobsEmulator.Tests.Scenarios;

/// <summary>What the scenarios have in common: an emulator, and how a user and devices speak to it.</summary>
public abstract class Scenario : IDisposable
{
    private readonly (string, string) _device = Emulator.Signed("iot-jobs-data");

    private Emulator _emulator = new();

    private protected Emulator Emulator => _emulator;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _emulator.Dispose();

    private protected async Task Restart(TimeSpan downtime = default) => _emulator = await _emulator.Restart(downtime);

    private protected Task Pass(TimeSpan time) => _emulator.Advance(time).AsTask();

    private protected Task Minutes(int minutes) => Pass(TimeSpan.FromMinutes(minutes));

    /// <summary>pump-1, pump-2 and so on.</summary>
    private protected async Task Things(int number)
    {
        for (var i = 1; i <= number; i++)
            await _emulator.CreateThing($"pump-{i}");
    }

    /// <summary>Creates a job on pump-1 up to a number; the configs as they are written in the request.</summary>
    private protected async Task CreateJob(string jobId, string configs = "{}", int things = 1)
    {
        var request = JsonNode.Parse(configs)!.AsObject();
        request["targets"] = new JsonArray([.. Enumerable.Range(1, things).Select(i => (JsonNode)$"arn:aws:iot:us-east-1:123456789012:thing/pump-{i}")]);
        request["document"] = "{}";
        await Done(_emulator.Send("PUT", $"/jobs/{jobId}", request.ToJsonString()));
    }

    private protected Task UpdateJob(string jobId, string configs) => Done(_emulator.Send("PATCH", $"/jobs/{jobId}", configs));

    private protected async Task<JsonNode> Job(string jobId) => (await _emulator.Send("GET", $"/jobs/{jobId}")).Json["job"]!;

    private protected async Task<string> Status(string jobId) => (string)(await Job(jobId))["status"]!;

    /// <summary>The counters that are not 0, as <c>Queued 2, Failed 1</c>.</summary>
    private protected async Task<string> Counts(string jobId)
    {
        var details = (await Job(jobId))["jobProcessDetails"]!.AsObject();
        return string.Join(", ", details.Where(counter => counter.Key != "processingTargets" && (int)counter.Value! > 0)
            .Select(counter => $"{counter.Key["numberOf".Length..^"Things".Length]} {counter.Value}"));
    }

    private protected async Task<int> Queued(string jobId) => (int)(await Job(jobId))["jobProcessDetails"]!["numberOfQueuedThings"]!;

    private protected async Task<JsonNode> Execution(string jobId, string thing) => (await _emulator.Send("GET", $"/things/{thing}/jobs/{jobId}")).Json["execution"]!;

    /// <summary>The id of the job that a device is given, or null.</summary>
    private protected async Task<string?> StartNext(string thing) =>
        (string?)(await _emulator.Send("PUT", $"/things/{thing}/jobs/$next", null, _device)).Json["execution"]?["jobId"];

    private protected Task<Answer> Report(string thing, string jobId, string status) =>
        _emulator.Send("POST", $"/things/{thing}/jobs/{jobId}", $$"""{"status": "{{status}}"}""", _device);

    private protected static async Task Done(Task<Answer> request)
    {
        var answer = await request;
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Body}");
    }
}
