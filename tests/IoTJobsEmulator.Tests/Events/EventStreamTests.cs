using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.EmulatorApi;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Turns;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Events;

/// <summary>The stream of events: how it begins, goes on, and ends.</summary>
public sealed class EventStreamTests
{
    private static readonly Tenant Home = new("123456789012", "us-east-1");

    [Fact]
    public async Task It_begins_with_what_happens_next_and_tells_it_in_order()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        using var stream = await EventReader.Open(emulator, "?type=thing,job,execution");
        await emulator.CreateThing("pump-2");
        await emulator.CreateJob("update-firmware", "pump-2");
        await emulator.Send("POST", "/iot-jobs-data/things/pump-2/jobs/update-firmware", """{"status": "SUCCEEDED", "statusDetails": {"step": "done"}}""");

        List<JsonNode> told = [];
        while (told.Count == 0 || (string?)told[^1]["status"] != "COMPLETED")
            told.Add((await stream.Next())!);

        Assert.Equal(
            ["thing created pump-2 ", "execution created pump-2 QUEUED", "job created  IN_PROGRESS", "execution updated pump-2 SUCCEEDED", "job updated  COMPLETED"],
            told.Select(one => $"{one["type"]} {one["change"]} {one["thing"]} {one["status"]}"));
        Assert.Equal(["""{"QUEUED":1}""", """{"SUCCEEDED":1}"""], told.Select(one => one["counts"]?.ToJsonString()).OfType<string>());
        Assert.Equal(told.Select(one => (long)one["number"]!).Order(), told.Select(one => (long)one["number"]!));
    }

    [Fact]
    public async Task It_goes_on_after_the_last_event_that_was_seen()
    {
        using var emulator = new Emulator();
        for (var i = 1; i <= 3; i++)
            await emulator.CreateThing($"pump-{i}");
        using var all = await EventReader.Open(emulator, "?after=0");
        var first = await all.Next();
        foreach (var (query, headers) in new[] { ("?after=3", ("Last-Event-ID", first!["number"]!.ToString())), ($"?after={first["number"]}", ("Accept", "text/event-stream")) })
        {
            using var again = await EventReader.Open(emulator, query, headers);
            Assert.Equal("pump-2", (string?)(await again.Next())!["thing"]);
            Assert.Equal("pump-3", (string?)(await again.Next())!["thing"]);
        }
    }

    [Fact]
    public async Task A_signed_caller_is_told_of_its_account_and_region_and_what_concerns_all()
    {
        using var emulator = new Emulator();
        var own = Emulator.Signed("iot", "eu-west-1", "222222222222");
        using var narrowed = await EventReader.Open(emulator, "?type=thing,connection,clock", own);
        using var other = await EventReader.Open(emulator, "?type=thing&account=123456789012", own);
        await emulator.CreateThing("pump-1");
        await emulator.Send("POST", "/things/pump-2", null, own);
        await Device.Connect(emulator, "pump-3", "?region=us-east-1");
        await Device.Connect(emulator, "pump-4", "?account=222222222222&region=eu-west-1");
        await Device.Connect(emulator, "pump-5");
        await emulator.Send("PUT", "/_emulator/clock", """{"frozen": true}""");

        Assert.Equal("pump-2", (string?)(await narrowed.Next())!["thing"]);
        Assert.Equal(("pump-4", "eu-west-1"), await narrowed.Next() is { } connected ? ((string?)connected["clientId"], (string?)connected["region"]) : default);
        Assert.Equal(("pump-5", null), await narrowed.Next() is { } unknown ? ((string?)unknown["clientId"], (string?)unknown["region"]) : default);
        Assert.Equal("clock", (string?)(await narrowed.Next())!["type"]);
        Assert.Equal("pump-1", (string?)(await other.Next())!["thing"]);
    }

    [Fact]
    public async Task A_connection_comes_after_what_was_answered_before_it()
    {
        using var emulator = new Emulator();
        var cancelled = TestContext.Current.CancellationToken;
        var (isHeldUp, mayGoOn) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        emulator.Services.GetRequiredService<TurnGate>().AddListener(_ =>
        {
            isHeldUp.TrySetResult();
            mayGoOn.Task.Wait(cancelled);
        });
        using var stream = await EventReader.Open(emulator, "?type=thing,connection");
        // The thread that tells the listeners of one is held up, so that the other is answered before they know of it.
        var first = Task.Run(() => emulator.CreateThing("pump-1"), cancelled);
        await isHeldUp.Task.WaitAsync(cancelled);
        await emulator.CreateThing("pump-2");
        await Device.Connect(emulator, "pump-3");
        mayGoOn.SetResult();
        await first;

        Assert.Equal("pump-1", (string?)(await stream.Next())!["thing"]);
        Assert.Equal("pump-2", (string?)(await stream.Next())!["thing"]);
        Assert.Equal("pump-3", (string?)(await stream.Next())!["clientId"]);
    }

    [Fact]
    public async Task It_tells_of_a_reset_and_goes_on()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        using var stream = await EventReader.Open(emulator);
        await emulator.Send("POST", "/_emulator/reset");
        await emulator.CreateThing("pump-2");
        Assert.Equal("reset", (string?)(await stream.Next())!["type"]);
        Assert.Equal("pump-2", (string?)(await stream.Next())!["thing"]);
    }

    [Fact]
    public async Task Who_comes_back_too_late_is_told_that_events_are_missed()
    {
        using var emulator = new Emulator();
        var log = emulator.Services.GetRequiredService<EventLog>();
        for (var i = 0; i < EventLog.MaxNumbers + 10; i++)
            log.Published(Home, "topic", null, null);
        foreach (var (after, isMissing) in new[] { (9, true), (10, false), (20_000, true) }) // the last is of an earlier run
        {
            using var stream = await EventReader.Open(emulator, $"?after={after}");
            if (isMissing)
                Assert.Equal(["event: missed", $$"""data: {"after":{{after}}}"""], (await stream.Frame())!);
            Assert.Equal(11, (long?)(await stream.Next())!["number"]);
        }
    }

    [Fact]
    public async Task A_slow_reader_loses_its_connection_and_nobody_else_does()
    {
        using var emulator = new Emulator();
        var log = emulator.Services.GetRequiredService<EventLog>();
        using var slow = await EventReader.Open(emulator);
        var topic = new string('x', 200);
        for (var i = 0; i < 5; i++)
            log.Published(Home, topic, null, null);
        for (var i = 1; i <= 5; i++)
            Assert.Equal(i, (long?)(await slow.Next())!["number"]);
        for (var i = 0; i < 3 * EventLog.MaxNumbers; i++)
            log.Published(Home, topic, null, null);

        using var prompt = await EventReader.Open(emulator, "?type=clock");
        await emulator.Send("PUT", "/_emulator/clock", """{"frozen": true}""");
        Assert.Equal("clock", (string?)(await prompt.Next())!["type"]);

        var last = 5L;
        while (await slow.Next() is { } read)
            Assert.Equal(++last, (long?)read["number"]); // nothing is left out before the end
        Assert.InRange(last, 5, 2 * EventLog.MaxNumbers);
    }

    [Fact]
    public async Task An_idle_connection_is_kept_by_comments()
    {
        using var emulator = new Emulator();
        using var stream = await EventReader.Open(emulator);
        for (var i = 0; i < 2; i++)
        {
            while (!emulator.Time.Waiting.Contains(EventStream.IdleAtMost))
                await Task.Yield();
            emulator.Time.Pass(EventStream.IdleAtMost);
            Assert.Equal([":"], (await stream.Frame())!);
        }
        await emulator.CreateThing("pump-1");
        Assert.Equal("pump-1", (string?)(await stream.Next())!["thing"]);
    }

    [Fact]
    public async Task A_hundred_may_follow_and_who_leaves_makes_room()
    {
        using var emulator = new Emulator();
        var streams = new List<EventReader>();
        for (var i = 0; i < EventLog.MaxReaders; i++)
            streams.Add(await EventReader.Open(emulator));
        using (var refused = await EventReader.Open(emulator))
            Assert.Equal(400, refused.Status);
        Assert.Equal("ThrottlingException", (await emulator.Send("GET", "/_emulator/events?wait=30s")).ErrorType);
        Assert.Equal(200, (await emulator.Send("GET", "/_emulator/events?limit=1")).Status);

        streams[0].Dispose();
        var status = 400;
        while (status == 400)
        {
            using var another = await EventReader.Open(emulator);
            status = another.Status;
        }
        Assert.Equal(200, status);
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task It_ends_when_the_emulator_stops()
    {
        var emulator = new Emulator();
        using var stream = await EventReader.Open(emulator);
        emulator.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();
        Assert.Null(await stream.Frame());
        emulator.Dispose();
    }
}
