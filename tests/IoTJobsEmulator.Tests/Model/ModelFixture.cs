using System.Text;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.Tests.Model;

/// <summary>The emulator and the model side by side. They take the same steps, and must then show the same state.</summary>
internal sealed class ModelFixture : IAsyncDisposable
{
    private const int ConcurrentJobs = 1, ActiveJobs = 3, DeletionMinutes = 2;

    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly (string, string) AsDevice = Emulator.Signed("iot-jobs-data");

    private Emulator _emulator = NewEmulator();

    private ReferenceModel _model = null!;

    private bool _isStarted;

    public DateTime Now => _model.Now;

    public static string Arn(string target) =>
        $"arn:aws:iot:us-east-1:123456789012:{(ReferenceModel.Parents.ContainsKey(target) ? "thinggroup" : "thing")}/{target}";

    private static Emulator NewEmulator() => new(
        ("concurrent-jobs", $"{ConcurrentJobs}"), ("active-jobs", $"{ActiveJobs}"), ("deletion-duration", $"{DeletionMinutes}m"));

    /// <summary>A world with four things, of which three are in groups.</summary>
    public async Task Begin()
    {
        // One emulator serves all histories; what a failure has left of one is of no use.
        if (_isStarted)
            _emulator = NewEmulator();
        _isStarted = true;
        await _emulator.Send("POST", "/_emulator/reset");
        Assert.Equal("200", await Send("PUT", "/_emulator/clock", new() { ["now"] = $"{Noon:O}" }));
        foreach (var (group, parent) in ReferenceModel.Parents)
            Assert.Equal("200", await Send("POST", $"/thing-groups/{group}", new() { ["parentGroupName"] = parent }));
        _model = new(ConcurrentJobs, ActiveJobs, TimeSpan.FromMinutes(DeletionMinutes)) { Now = Noon };
        Step[] steps = [.. Histories.Things.Select(thing => new CreateThing(thing)), new Join("pump-1", "hall"), new Join("pump-2", "site"), new Join("pump-3", "yard")];
        foreach (var step in steps)
            await Take(step);
    }

    public void End() => _isStarted = false;

    public async Task Take(Step step)
    {
        var answer = await step.Send(this);
        var expected = step.Tell(_model);
        Assert.True(expected == answer, $"{step}: the model answers {expected}, the emulator {answer}");
        var (shouldBe, shown) = (ShownByModel(), await Shown());
        Assert.True(shouldBe == shown, $"After {step} the model shows\n{shouldBe}the emulator\n{shown}");
        Assert.Empty(_emulator.Warned);
    }

    public Task<string> Send(string method, string path, JsonObject? body = null) => Send(method, path, body, []);

    public Task<string> SendAsDevice(string method, string path, JsonObject body) => Send(method, path, body, AsDevice);

    public async Task<string> Advance(int minutes)
    {
        await _emulator.Advance(TimeSpan.FromMinutes(minutes));
        await _emulator.RunDueWork();
        return "200";
    }

    public async Task<string> Restart(int downForMinutes)
    {
        _emulator = await _emulator.Restart(TimeSpan.FromMinutes(downForMinutes));
        return "200";
    }

    /// <summary>The version of the newest execution, or another; null when none is to be sent.</summary>
    public int? Version(string job, string thing, int? off) => off is null ? null : (_model.Jobs.Find(row => row.Id == job)?.Newest(thing)?.Version ?? 1) + off;

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    private async Task<string> Send(string method, string path, JsonObject? body, params (string, string)[] headers)
    {
        var answer = await _emulator.Send(method, path, body is null ? null : Without(body).ToJsonString(), headers);
        return answer.ErrorType ?? $"{answer.Status}";
    }

    private static JsonObject Without(JsonObject body)
    {
        foreach (var unset in body.Where(member => member.Value is null).Select(member => member.Key).ToList())
            body.Remove(unset);
        return body;
    }

    private string ShownByModel()
    {
        var shown = new StringBuilder();
        foreach (var job in _model.Jobs.OrderBy(job => job.Id, StringComparer.Ordinal))
        {
            var isProcessing = job.IsOpen && job.Waiting.Count > 0;
            shown.Append($"  {job.Id} {job.Status}{(job.IsConcurrent ? " concurrent" : "")}{(isProcessing ? " processing" : "")}:");
            string[] counters = ["CANCELED", "SUCCEEDED", "FAILED", "REJECTED", "QUEUED", "IN_PROGRESS", "REMOVED", "TIMED_OUT"];
            shown.Append($" {string.Join(' ', counters.Select(job.Count))}\n");
            foreach (var execution in job.Executions.OrderBy(row => row.Thing, StringComparer.Ordinal).ThenBy(row => row.Number))
                shown.Append($"    {execution.Thing} #{execution.Number} {execution.Status} version {execution.Version} attempt {execution.Attempt.Number}\n");
        }
        foreach (var thing in Histories.Things.Where(_model.Things.ContainsKey))
        {
            var pending = _model.Pending(thing).ToList();
            shown.Append($"  {thing}: {string.Join(", ", pending.Select(open => $"{open.Job.Id} #{open.Execution.Number} version {open.Execution.Version}"))}; next {pending.FirstOrDefault().Job?.Id}\n");
        }
        return shown.ToString();
    }

    private async Task<string> Shown()
    {
        var shown = new StringBuilder();
        foreach (var id in Histories.Jobs)
        {
            if (await _emulator.Send("GET", $"/jobs/{id}") is not { Status: 200 } answer)
                continue;
            var job = answer.Json["job"]!;
            var details = job["jobProcessDetails"]!;
            shown.Append($"  {id} {job["status"]}{((bool)job["isConcurrent"]! ? " concurrent" : "")}{(details["processingTargets"] is not null ? " processing" : "")}:");
            string[] counters = ["Canceled", "Succeeded", "Failed", "Rejected", "Queued", "InProgress", "Removed", "TimedOut"];
            shown.Append($" {string.Join(' ', counters.Select(counter => details[$"numberOf{counter}Things"]))}\n");
            var summaries = (await _emulator.Send("GET", $"/jobs/{id}/things")).Json["executionSummaries"]!.AsArray();
            var rows = summaries.Select(row => (Thing: ((string)row!["thingArn"]!).Split('/')[1], Summary: row["jobExecutionSummary"]!));
            foreach (var (thing, summary) in rows.OrderBy(row => row.Thing, StringComparer.Ordinal).ThenBy(row => (int)row.Summary["executionNumber"]!))
            {
                var number = summary["executionNumber"];
                var version = (await _emulator.Send("GET", $"/things/{thing}/jobs/{id}?executionNumber={number}")).Json["execution"]!["versionNumber"];
                shown.Append($"    {thing} #{number} {summary["status"]} version {version} attempt {summary["retryAttempt"]}\n");
            }
        }
        foreach (var thing in Histories.Things)
        {
            if (await _emulator.Send("GET", $"/things/{thing}/jobs", null, AsDevice) is not { Status: 200 } answer)
                continue;
            var pending = answer.Json["inProgressJobs"]!.AsArray().Concat(answer.Json["queuedJobs"]!.AsArray());
            var next = (await _emulator.Send("GET", $"/things/{thing}/jobs/$next", null, AsDevice)).Json["execution"]?["jobId"];
            shown.Append($"  {thing}: {string.Join(", ", pending.Select(row => $"{row!["jobId"]} #{row["executionNumber"]} version {row["versionNumber"]}"))}; next {next}\n");
        }
        return shown.ToString();
    }
}
