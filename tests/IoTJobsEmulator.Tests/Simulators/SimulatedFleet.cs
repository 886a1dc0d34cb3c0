using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.Tests.Simulators;

/// <summary>A thousand simulated things, two jobs on all of them, and what the journal of requests has of a day.</summary>
internal sealed class SimulatedFleet : IAsyncDisposable
{
    public const int Size = 1000, TimeoutInMinutes = 2, RetriesOfFailures = 2, RetriesOfTimeouts = 1, PerMinute = 200;

    public const string Group = "site", First = "update-firmware", Second = "rotate-keys";

    /// <summary>Between the two jobs, so that things have both at once.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromMinutes(3);

    public static readonly DateTime Start = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private Emulator _emulator = NewEmulator();

    public static IEnumerable<string> Things => Enumerable.Range(1, Size).Select(number => string.Create(CultureInfo.InvariantCulture, $"pump-{number}"));

    /// <summary>How the devices behave; the same is said in <see cref="Definition"/>.</summary>
    public const int PicksUp = 5, TakesFrom = 30, TakesTo = 180, Offline = 10, Seed = 7, Halfway = 50;

    private const string Definition = """
        {"things": "pump-*", "picksUp": "5s", "takes": {"from": "30s", "to": "3m"}, "outcomes": {"SUCCEEDED": 90, "FAILED": 6, "REJECTED": 2, "silent": 2},
         "statusDetails": {"FAILED": {"reason": "checksum"}}, "progress": [{"at": 50, "statusDetails": {"step": "downloaded"}}], "offline": 10, "seed": 7}
        """;

    public static readonly (string Outcome, int Weight)[] Outcomes = [("SUCCEEDED", 90), ("FAILED", 6), ("REJECTED", 2), ("silent", 2)];

    /// <summary>What the devices called, in order, without what belongs to the machine: its time, and how long a request took on it.</summary>
    public async Task<List<JsonObject>> Play(bool restarts = false)
    {
        await Ask("PUT", "/_emulator/clock", $$"""{"now": "{{Start:O}}", "frozen": true}""");
        await Ask("POST", $"/thing-groups/{Group}", "{}");
        foreach (var thing in Things)
        {
            await Ask("POST", $"/things/{thing}", "{}");
            await Ask("PUT", "/thing-groups/addThingToThingGroup", $$"""{"thingName": "{{thing}}", "thingGroupName": "{{Group}}"}""");
        }
        await Ask("PUT", "/_emulator/simulators/pumps", Definition);
        await CreateJob(First);
        await Ask("POST", "/_emulator/clock/advance", """{"by": "3m"}""");
        List<JsonObject> called = [];
        if (restarts)
            await Restart(called);
        await CreateJob(Second);
        if (restarts)
        {
            for (var minute = 0; minute < 4; minute++)
            {
                await Ask("POST", "/_emulator/clock/advance", """{"by": "77s"}""");
                await Restart(called);
            }
        }
        await Ask("POST", "/_emulator/clock/advance", """{"by": "1d"}""");
        called.AddRange(await Called());
        return called;
    }

    /// <summary>Every execution: <c>update-firmware pump-1 #1 SUCCEEDED version 4 attempt 0</c>.</summary>
    public async Task<List<string>> Executions()
    {
        var realm = _emulator.Turns.RealmOf("123456789012", "us-east-1");
        return await _emulator.Turns.Take(realm, () => realm.Executions.All.Select(Shown).Order(StringComparer.Ordinal).ToList());
    }

    public async Task<string> StatusOf(string jobId) => (string)(await Ask("GET", $"/jobs/{jobId}")).Json["job"]!["status"]!;

    /// <summary>
    /// What a simulator draws, written a second time from its description: FNV-1a of SEED/WHAT/THING/JOB/NUMBER, mixed by the last steps of SplitMix64.
    /// </summary>
    public static long Drawn(long limit, string what, string thing, string job = "", long number = 0)
    {
        var hash = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seed}/{what}/{thing}/{job}/{number}"))
            .Aggregate(0xCBF29CE484222325UL, (sum, letter) => unchecked((sum ^ letter) * 0x100000001B3UL));
        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL);
        hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EBUL);
        return (long)((hash ^ (hash >> 31)) % (ulong)limit);
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    private static Emulator NewEmulator() => new(("journal-size", "20000"));

    private static string Shown(JobExecution row) => string.Create(
        CultureInfo.InvariantCulture, $"{row.JobId} {row.ThingName} #{row.ExecutionNumber} {row.Status} version {row.VersionNumber} attempt {row.RetryAttempt}");

    private Task<Answer> CreateJob(string jobId) => Ask("PUT", $"/jobs/{jobId}", $$$"""
        {"targets": ["arn:aws:iot:us-east-1:123456789012:thinggroup/{{{Group}}}"], "document": "{}",
         "jobExecutionsRolloutConfig": {"maximumPerMinute": {{{PerMinute}}}}, "timeoutConfig": {"inProgressTimeoutInMinutes": {{{TimeoutInMinutes}}}},
         "jobExecutionsRetryConfig": {"criteriaList": [{"failureType": "FAILED", "numberOfRetries": {{{RetriesOfFailures}}}}, {"failureType": "TIMED_OUT", "numberOfRetries": {{{RetriesOfTimeouts}}}}]}}
        """);

    private async Task Restart(List<JsonObject> called)
    {
        called.AddRange(await Called());
        _emulator = await _emulator.Restart();
    }

    private async Task<List<JsonObject>> Called()
    {
        await _emulator.Turns.WhenIdle();
        List<JsonObject> called = [];
        long after = 0;
        while ((await Ask("GET", $"/_emulator/requests?transport=simulator&limit=1000&include=output&after={after}")).Json["requests"]!.AsArray() is { Count: > 0 } page)
        {
            after = (long)page[^1]!["number"]!;
            called.AddRange(page.Select(entry => (JsonObject)entry!.DeepClone()));
        }
        foreach (var entry in called)
        {
            entry.Remove("machineTime");
            entry.Remove("milliseconds");
        }
        return called;
    }

    private async Task<Answer> Ask(string method, string path, string? body = null)
    {
        var answer = await _emulator.Send(method, path, body);
        Assert.True(answer.Status == 200, $"{method} {path}: {answer.Body}");
        return answer;
    }
}
