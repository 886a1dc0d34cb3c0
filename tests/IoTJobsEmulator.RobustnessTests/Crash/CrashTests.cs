using System.Globalization;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.RobustnessTests.Crash;

/// <summary>
/// What was answered with <c>--database</c> is there after kill -9, wherever it strikes, and what was due is done after the next start.
/// KILLS=n kills so often.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private const int Writers = 4;

    /// <summary>A round ends at the latest after so many answers.</summary>
    private const int MostAnswers = 500;

    /// <summary>How many answers that need no commit come while the file is locked.</summary>
    private const int AnswersWhileLocked = 300;

    /// <summary>After so many kills a new file is begun, so that a long run does not become slower.</summary>
    private const int KillsOfAFile = 12;

    private readonly Extent _extent = Extent.Of("KILLS", 5);
    private readonly TestFolder _folder = new();
    private readonly SortedDictionary<Moment, int> _kills = [];
    private int _answers, _files;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_answered_survives_a_kill_and_what_was_due_is_done()
    {
        for (var left = _extent.Count; left > 0; left -= KillsOfAFile)
            await UseAFile(Math.Min(left, KillsOfAFile));
        var kills = string.Join(", ", _kills.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Value} {kind.Key}")));
        _extent.Report($"{_kills.Values.Sum()} kills ({kills}) of {_files} files, {_answers} answers");
    }

    [Fact]
    public async Task The_audit_notices_what_is_lost()
    {
        using var running = await Start();
        using var api = new Api(running.Url);
        await Api.Done(api.Put("/_emulator/clock", new JsonObject { ["frozen"] = true }));
        await Api.Done(api.Post("/things/pump-1"));
        await Api.Done(api.Put("/jobs/update-1", new JsonObject { ["targets"] = new JsonArray(Fleet.Arn("thing", "pump-1")), ["document"] = "{}" }));
        await Api.Done(api.Put("/iot-jobs-data/things/pump-1/jobs/$next", new JsonObject()));
        var truth = new ExecutionFact("IN_PROGRESS", 2);

        await Examine(new() { Executions = { ["pump-1"] = truth } });
        await Notices("pump-1 was deleted before", new() { Executions = { ["pump-1"] = truth } }, things: [("pump-1", false)]);
        await Notices("pump-2 was created before", new() { Executions = { ["pump-1"] = truth } }, things: [("pump-1", true), ("pump-2", true)]);
        await Notices("update-2 was created before", new(), job: "update-2");
        await Notices("update-1 was deleted before", new() { IsDeleted = true });
        await Notices("update-1 was canceled before", new() { IsCanceled = true });
        await Notices("and was deleted before", new() { Executions = { ["pump-1"] = null } });
        await Notices("is not there, and was QUEUED before", new() { Executions = { ["pump-1"] = truth, ["pump-2"] = new("QUEUED", 1) } });
        await Notices("is IN_PROGRESS, and was SUCCEEDED before", new() { Executions = { ["pump-1"] = new("SUCCEEDED", 2) } });
        await Notices("has version 2, and had 3 before", new() { Executions = { ["pump-1"] = new("IN_PROGRESS", 3) } });
        await Notices("has version 2, and 1 was the last", new() { Executions = { ["pump-1"] = new("IN_PROGRESS", 1) } });
        await Notices("executions that it never had", new());
        await Notices("is IN_PROGRESS, and was TIMED_OUT before", new() { HasTimeout = true, Executions = { ["pump-1"] = truth } }, isDue: true);
        await Notices("its time has come", new() { IsDeleted = true }, isDue: true);
        await Notices($"for {Fleet.Size} things", new() { IsForFleet = true }, isDue: true);

        async Task Notices(string loss, JobFact fact, string job = "update-1", (string, bool)[]? things = null, bool isDue = false) =>
            Assert.Contains(loss, (await Assert.ThrowsAsync<LostException>(() => Examine(fact, job, things, isDue))).Message, StringComparison.Ordinal);

        async Task Examine(JobFact fact, string job = "update-1", (string Name, bool Exists)[]? things = null, bool isDue = false)
        {
            var model = new Model { Jobs = { [job] = fact } };
            foreach (var (name, exists) in things ?? [("pump-1", true)])
                model.Things[name] = exists;
            await (isDue ? new Audit(api).AfterAdvance(model) : new Audit(api).AfterStart(model));
        }
    }

    private async Task UseAFile(int kills)
    {
        _files++;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_folder.Database)!))
            File.Delete(file);
        var fleet = new Fleet();
        var writers = Enumerable.Range(0, Writers).Select(number => new Writer(number, new(_extent.Random.Next()), fleet)).ToArray();
        var now = "";
        var running = await Start();
        try
        {
            using (var api = new Api(running.Url))
            {
                now = (await Api.Done(api.Put("/_emulator/clock", new JsonObject { ["frozen"] = true }))).Text("now");
                await Fleet.Make(api);
            }
            for (var kill = 0; kill < kills; kill++)
            {
                var moment = (Moment)(kill % Enum.GetValues<Moment>().Length);
                _kills[moment] = _kills.GetValueOrDefault(moment) + 1;
                if (moment == Moment.WhileLoading)
                {
                    running.Kill();
                    running.Dispose();
                    running = EmulatorProcess.Begin(Arguments());
                    await KillWhileLoading(running);
                }
                else
                    await KillWhileWriting(running, moment, writers, fleet);
                running.Dispose();
                running = await Start();
                now = await Examine(running, writers, now);
            }
            await running.Terminate();
            Assert.Equal("ok", TestFolder.Ask(_folder.Database, "PRAGMA integrity_check"));
            Assert.Equal(0L, TestFolder.Ask(_folder.Database, "SELECT COUNT(*) FROM JobExecutions WHERE JobId NOT IN (SELECT JobId FROM Jobs)"));
        }
        finally
        {
            running.Dispose();
        }
    }

    private async Task KillWhileWriting(EmulatorProcess running, Moment moment, Writer[] writers, Fleet fleet)
    {
        var port = (await running.Ports())["mqtt"];
        running.ReadToTheEnd();
        using var api = new Api(running.Url);
        using var enough = new CancellationTokenSource();
        var (answers, fleetCalls, killed) = (_extent.Random.Next(1, MostAnswers), _extent.Random.Next(1, 4), 0);
        var (isLocking, locked) = (0, Task.CompletedTask);
        var written = File.GetLastWriteTimeUtc(_folder.Database);
        api.Answered = count =>
        {
            _answers++;
            if (count >= MostAnswers * 4 || (moment == Moment.AmongAnswers && count >= answers)
                || (moment == Moment.AtCheckpoint && File.GetLastWriteTimeUtc(_folder.Database) != written))
                Kill();
            if (moment == Moment.WhileLocked && count >= answers && Interlocked.Exchange(ref isLocking, 1) == 0)
                locked = KillWhileLocked();
        };
        fleet.Changed = () =>
        {
            if (moment == Moment.AfterFleetCall && Interlocked.Decrement(ref fleetCalls) == 0)
                Kill();
        };
        await Task.WhenAll(writers.Select(writer => writer.Write(api, port, enough.Token)));
        await locked;
        Assert.True(killed > 0, $"It ended by itself: {running.Said}");

        async Task KillWhileLocked()
        {
            using var file = new FileLock(_folder.Database);
            using var other = new Api(running.Url);
            for (var health = 0; health < AnswersWhileLocked; health++)
                await Api.Done(other.Get("/_emulator/health"));
            Kill();
        }

        void Kill()
        {
            if (Interlocked.Exchange(ref killed, 1) > 0)
                return;
            running.Kill();
            enough.Cancel();
        }
    }

    /// <summary>Looks a number of times whether the file is open: that is how far loading has come.</summary>
    private async Task KillWhileLoading(EmulatorProcess running)
    {
        for (var looks = _extent.Random.Next(2_000); looks > 0; await Task.Yield())
        {
            Assert.False(running.HasEnded);
            if (HasOpen(running.Id, _folder.Database))
                looks--;
        }
        running.Kill();
    }

    private static bool HasOpen(int process, string file)
    {
        try
        {
            return Directory.GetFiles($"/proc/{process}/fd").Any(open => File.ResolveLinkTarget(open, returnFinalTarget: false)?.FullName == file);
        }
        catch (IOException)
        {
            return false; // one of them was closed meanwhile
        }
    }

    /// <summary>Compares, lets everything fall due and compares again. Returns the emulator's time.</summary>
    private static async Task<string> Examine(EmulatorProcess running, Writer[] writers, string now)
    {
        using var api = new Api(running.Url);
        var audit = new Audit(api);
        var clock = await Api.Done(api.Get("/_emulator/clock"));
        Assert.Equal((now, true), (clock.Text("now"), (bool)clock.Body!["frozen"]!));
        foreach (var writer in writers)
            await audit.AfterStart(writer.Model);
        now = (await Api.Done(api.Post("/_emulator/clock/advance", new JsonObject { ["by"] = "2h" }))).Text("now");
        foreach (var writer in writers)
            await audit.AfterAdvance(writer.Model);
        await audit.Invariants(["fleet-0", $"fleet-{Fleet.Size - 1}", .. writers.SelectMany(writer => writer.Model.Things.Where(thing => thing.Value).Select(thing => thing.Key))]);
        return now;
    }

    private Task<EmulatorProcess> Start() => EmulatorProcess.Start(Arguments());

    private string[] Arguments() =>
    [
        "--database", _folder.Database, "--log-level", "warning", "--mqtt-port", "0", "--deletion-duration", "90s",
        "--rollout", _extent.Random.Next(2) == 0 ? "immediate" : "paced",
    ];
}
