using System.Globalization;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.RobustnessTests.Crash;

/// <summary>With <c>--database</c> a restored snapshot is in the file when it is answered, and else whole or not at all. KILLS=n kills so often.</summary>
public sealed class RestoreTests : IDisposable
{
    private const int Things = 200;

    private readonly Extent _extent = Extent.Of("KILLS", 5);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_restore_is_there_after_a_kill_whole_or_if_it_was_not_answered_not_at_all()
    {
        var (answered, restored) = (0, 0);
        var running = await Start();
        try
        {
            for (var kill = 0; kill < _extent.Count; kill++)
            {
                using var api = new Api(running.Url);
                running.ReadToTheEnd();
                await Api.Done(api.Post("/_emulator/reset"));
                await Api.Done(api.Put("/_emulator/clock", new JsonObject { ["frozen"] = true }));
                await Fill(api, "before");
                await Api.Done(api.Put("/_emulator/snapshots/before"));
                var before = await Shown(api);
                await Api.Done(api.Post("/_emulator/clock/advance", new JsonObject { ["by"] = "1h" }));
                await Fill(api, "after");
                for (var thing = 0; thing < Things; thing++)
                    await Api.Done(api.Delete(string.Create(CultureInfo.InvariantCulture, $"/things/before-{thing}")));
                var after = await Shown(api);

                var isAnswered = await RestoreAndKill(running, api, waits: kill % 2 == 0);
                running.Dispose();
                running = await Start();
                using var again = new Api(running.Url);
                var found = await Shown(again);

                Assert.True(found == before || (found == after && !isAnswered), $"Answered: {isAnswered}. There is neither what was restored nor what was there: {found}");
                answered += isAnswered ? 1 : 0;
                restored += found == before ? 1 : 0;
            }
        }
        finally
        {
            running.Dispose();
        }
        _extent.Report($"{answered} answered, {restored} restored");
    }

    /// <summary>Kills it right after the answer, or after some looks at the size of the <c>-wal</c>. Answers whether the restore was answered.</summary>
    private async Task<bool> RestoreAndKill(EmulatorProcess running, Api api, bool waits)
    {
        var restore = api.Post("/_emulator/snapshots/before/restore");
        if (waits)
            await Api.Done(restore);
        else
            for (var looks = _extent.Random.Next(200); looks > 0 && !restore.IsCompleted; looks--)
            {
                _ = new FileInfo(_folder.Database + "-wal").Length;
                await Task.Yield();
            }
        running.Kill();
        try
        {
            return (await restore).IsSuccess;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task Fill(Api api, string name)
    {
        for (var thing = 0; thing < Things; thing++)
            await Api.Done(api.Post(string.Create(CultureInfo.InvariantCulture, $"/things/{name}-{thing}")));
        await Api.Done(api.Put($"/jobs/{name}", new JsonObject { ["targets"] = new JsonArray(Fleet.Arn("thing", $"{name}-0")), ["document"] = "{}" }));
    }

    private static async Task<string> Shown(Api api)
    {
        var things = (await api.All("/things", "things")).Select(thing => (string)thing["thingName"]!);
        var jobs = (await api.All("/jobs", "jobs")).Select(job => job.ToJsonString());
        return string.Join(' ', [.. things, .. jobs, (await Api.Done(api.Get("/_emulator/clock"))).Body!.ToJsonString()]);
    }

    private Task<EmulatorProcess> Start() => EmulatorProcess.Start("--database", _folder.Database, "--log-level", "warning");
}
