using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Tests.Faults;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Events;

/// <summary>What the log of events keeps, for how long, and for whom it is waited.</summary>
public sealed class EventLogTests
{
    private static readonly Tenant Home = new("123456789012", "us-east-1");

    [Fact]
    public async Task What_happened_can_be_asked_for_afterwards()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        var told = await Events(emulator, "?limit=1000");
        Assert.Equal(
            [
                "thing created pump-1", "execution created pump-1 update-firmware", "job created update-firmware",
                "notification pump-1 $aws/things/pump-1/jobs/notify", "notification pump-1 update-firmware $aws/things/pump-1/jobs/notify-next",
            ],
            told.Select(Text));
    }

    [Fact]
    public async Task Rows_that_change_often_in_a_turn_give_one_event()
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/thing-groups/pumps", "{}");
        foreach (var thing in new[] { "pump-1", "pump-2", "pump-3" })
        {
            await emulator.CreateThing(thing);
            await emulator.Send("PUT", "/thing-groups/addThingToThingGroup", $$"""{"thingGroupName": "pumps", "thingName": "{{thing}}"}""");
        }
        await emulator.Send("PUT", "/jobs/update-firmware", """{"targets": ["arn:aws:iot:us-east-1:123456789012:thinggroup/pumps"], "document": "{}"}""");
        var job = Assert.Single(await Events(emulator, "?limit=1000&type=job"));
        Assert.Equal(("created", 3), ((string?)job["change"], (int?)job["counts"]!["QUEUED"]));
    }

    [Fact]
    public async Task A_group_is_deleted_once_while_its_members_leave()
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/thing-groups/pumps", "{}");
        await emulator.CreateThing("pump-1");
        await emulator.Send("PUT", "/thing-groups/addThingToThingGroup", """{"thingGroupName": "pumps", "thingName": "pump-1"}""");
        await emulator.Send("DELETE", "/thing-groups/pumps");
        await emulator.RunDueWork();
        Assert.Equal(
            ["group created pumps", "group deleted pumps", "membership created pump-1", "membership deleted pump-1"],
            (await Events(emulator, "?limit=1000&type=group,membership")).Select(Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_waits_is_answered_by_the_first_event_that_matches()
    {
        using var emulator = new Emulator();
        var waiting = emulator.Send("GET", "/_emulator/events?type=execution&thing=pump-*&wait=30s");
        await emulator.CreateThing("valve-1");
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("open", "valve-1");
        Assert.False(waiting.IsCompleted);
        await emulator.CreateJob("update-firmware", "pump-1");
        Assert.Equal(["execution created pump-1 update-firmware"], (await waiting).Json["events"]!.AsArray().Select(one => Text(one!)));
    }

    [Fact]
    public async Task Who_has_waited_long_enough_learns_how_far_was_read()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        var waiting = emulator.Send("GET", "/_emulator/events?type=job&wait=30s");
        while (!emulator.Time.Waiting.Contains(TimeSpan.FromSeconds(30)))
            await Task.Yield();
        emulator.Time.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal("""{"events":[],"last":1,"missed":false}""", (await waiting).Body);
    }

    [Fact]
    public async Task A_list_goes_on_within_a_turn()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        List<string> told = [];
        for (var last = 0L; ;)
        {
            var page = (await emulator.Send("GET", $"/_emulator/events?after={last}&limit=1")).Json;
            last = (long)page["last"]!;
            if (page["events"]!.AsArray() is not [{ } one])
                break;
            told.Add(Text(one));
        }
        Assert.Equal((await Events(emulator, "?limit=1000")).Select(Text), told);
    }

    [Fact]
    public async Task Each_call_that_changes_the_clock_gives_one_event()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        await emulator.Send("PUT", "/_emulator/clock", """{"now": "2026-01-01T00:00:00Z", "frozen": true}""");
        await emulator.Send("PUT", "/_emulator/clock", """{"frozen": true}""");
        await emulator.Send("DELETE", "/jobs/update-firmware?force=true");
        await emulator.Send("POST", "/_emulator/clock/advance", """{"by": "1h"}""");
        await emulator.Send("PUT", "/_emulator/clock", """{"frozen": false}""");
        Assert.Equal(
            ["2026-01-01T00:00:00.000Z True", "2026-01-01T01:00:00.000Z True", "2026-01-01T01:00:00.000Z False"],
            (await Events(emulator, "?limit=1000&type=clock")).Select(one => $"{one["time"]} {(bool?)one["frozen"]}"));
    }

    [Fact]
    public async Task A_client_is_told_of_when_it_connects_and_when_it_is_gone_and_why()
    {
        using var emulator = new Emulator();
        var first = await Device.Connect(emulator, "pump-1");
        await Device.Connect(emulator, "pump-1");
        await first.Ended();
        await emulator.Send("DELETE", "/_emulator/clients/pump-1");
        List<JsonNode> told = [];
        while (told.Count < 4)
            told = await Events(emulator, "?limit=1000&type=connection&thing=pump-1");
        Assert.Equal(
            [" connected", " connected", "AdministrativeAction disconnected", "SessionTakenOver disconnected"],
            told.Select(one => $"{one["reason"]} {one["change"]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_fault_loses_is_not_told()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.Send("POST", "/_emulator/faults", """[{"notification": "notify", "drop": true}, {"notification": "notify-next", "duplicate": true}]""");
        await emulator.CreateJob("update-firmware", "pump-1");
        Assert.Equal(
            Enumerable.Repeat("notification pump-1 update-firmware $aws/things/pump-1/jobs/notify-next", 2),
            (await Events(emulator, "?limit=1000&type=notification")).Select(Text));
    }

    [Fact]
    public async Task A_reset_forgets_what_was_before_and_nobody_misses_it()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateThing("pump-2");
        await emulator.Send("POST", "/_emulator/reset");
        await emulator.CreateThing("pump-3");
        var answer = (await emulator.Send("GET", "/_emulator/events?after=1&limit=10")).Json;
        Assert.Equal(["3 reset", "4 thing created pump-3"], answer["events"]!.AsArray().Select(one => $"{one!["number"]} {Text(one)}"));
        Assert.False((bool?)answer["missed"]);
    }

    [Fact]
    public async Task A_restore_forgets_what_was_before()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        Assert.Equal(200, (await emulator.Send("PUT", "/_emulator/snapshots/begin")).Status);
        await emulator.CreateThing("pump-2");
        Assert.Equal(200, (await emulator.Send("POST", "/_emulator/snapshots/begin/restore")).Status);
        Assert.Equal(["restore"], (await Events(emulator, "?limit=10")).Select(Text));
    }

    [Fact]
    public async Task So_many_numbers_are_kept_and_a_later_reader_is_told_that_it_misses_some()
    {
        using var emulator = new Emulator();
        var log = emulator.Services.GetRequiredService<EventLog>();
        for (var i = 0; i < EventLog.MaxNumbers + 5; i++)
            log.Published(Home, "topic", null, null);
        Assert.Equal((EventLog.MaxNumbers, false), Counted(log.Read(new(), log.Oldest, int.MaxValue)));
        Assert.Equal((EventLog.MaxNumbers, true), Counted(log.Read(new(), 0, int.MaxValue)));
        Assert.True((bool?)(await emulator.Send("GET", "/_emulator/events?after=4&limit=1")).Json["missed"]);
        Assert.False((bool?)(await emulator.Send("GET", "/_emulator/events?after=5&limit=1")).Json["missed"]);

        static (int, bool) Counted(EventPage page) => (page.Events.Count, page.IsMissing);
    }

    [Fact]
    public async Task A_list_begins_with_what_is_kept_and_misses_nothing_unless_it_asks_for_more()
    {
        using var emulator = new Emulator();
        var log = emulator.Services.GetRequiredService<EventLog>();
        for (var i = 0; i < EventLog.MaxNumbers + 5; i++)
            log.Published(Home, "topic", null, null);
        var first = (await emulator.Send("GET", "/_emulator/events", null, ("Accept", "application/json"))).Json;
        Assert.Equal((100, 6, 105, false), (first["events"]!.AsArray().Count, (long)first["events"]![0]!["number"]!, (long)first["last"]!, (bool)first["missed"]!));
        var header = (await emulator.Send("GET", "/_emulator/events?after=7&limit=1", null, ("Last-Event-ID", "9000"))).Json;
        Assert.Equal(9001, (long)header["last"]!);

        // Who waits for what comes next is still told of what it missed before.
        var waiting = emulator.Send("GET", "/_emulator/events?after=1&type=clock&wait=30s");
        while (!emulator.Time.Waiting.Contains(TimeSpan.FromSeconds(30)))
            await Task.Yield();
        await emulator.Send("PUT", "/_emulator/clock", """{"frozen": true}""");
        Assert.Equal((1, true), (await waiting).Json is var heard ? (heard["events"]!.AsArray().Count, (bool)heard["missed"]!) : default);
    }

    [Fact]
    public async Task A_wait_is_five_minutes_at_most_and_not_for_a_stream()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        Assert.Equal(200, (await emulator.Send("GET", "/_emulator/events?wait=5m")).Status);
        Assert.Contains("'301s' at 'wait'", (await emulator.Send("GET", "/_emulator/events?wait=301s")).Message, StringComparison.Ordinal);
        foreach (var query in (string[])["?wait=1s", "?limit=1"])
        {
            var refusal = await emulator.Send("GET", "/_emulator/events" + query, null, ("Accept", "text/event-stream"));
            Assert.Equal((400, "InvalidRequestException"), (refusal.Status, refusal.ErrorType));
        }
    }

    [Theory]
    [InlineData("account=111111111111", "pump-2 pump-3")]
    [InlineData("region=eu-west-1", "pump-3 pump-4")]
    [InlineData("account=111111111111&region=eu-west-1", "pump-3")]
    public async Task Events_are_those_of_an_account_and_of_a_region(string query, string expected)
    {
        using var emulator = new Emulator();
        foreach (var (thing, account, region) in new[]
        {
            ("pump-1", "222222222222", "us-east-1"), ("pump-2", "111111111111", "us-east-1"), ("pump-3", "111111111111", "eu-west-1"), ("pump-4", "222222222222", "eu-west-1"),
        })
            await emulator.Send("POST", $"/things/{thing}", null, Emulator.Signed("iot", region, account));
        Assert.Equal(expected, string.Join(' ', (await Events(emulator, $"?limit=10&{query}")).Select(one => (string?)one["thing"])));
    }

    [Fact]
    public async Task Events_are_those_of_jobs()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        foreach (var job in (string[])["update-1", "update-2", "reboot"])
            await emulator.CreateJob(job, "pump-1");
        Assert.Equal(["update-1", "update-2"], (await Events(emulator, "?limit=100&type=job&jobId=update-*")).Select(one => (string?)one["jobId"]));
    }

    [Fact]
    public void Who_leaves_twice_makes_room_once()
    {
        using var emulator = new Emulator();
        var log = emulator.Services.GetRequiredService<EventLog>();
        var readers = Enumerable.Range(0, EventLog.MaxReaders).Select(_ => log.Enter()).ToList();
        readers[0].Dispose();
        readers[0].Dispose();
        readers.Add(log.Enter());
        Assert.Throws<ServiceException>(log.Enter);
        readers.ForEach(reader => reader.Dispose());
    }

    [Fact]
    public async Task Long_status_details_leave_room_for_few()
    {
        const int Updates = 2_000; // 20 KB each, of which 32 MB keep about 1 500
        using var emulator = new Emulator();
        var log = emulator.Services.GetRequiredService<EventLog>();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        var details = string.Join(',', Enumerable.Range(0, 10).Select(i => $"\"{i}\": \"{new string('x', 1000)}\""));
        for (var i = 0; i < Updates; i++)
            Assert.Equal(200, (await emulator.Send("POST", "/things/pump-1/jobs/update-firmware", $"{{\"status\": \"IN_PROGRESS\", \"statusDetails\": {{{details}}}}}")).Status);
        await emulator.Turns.WhenIdle();
        Assert.InRange(log.Read(new(), log.Oldest, int.MaxValue).Events.Count, 1_000, Updates - 100);
    }

    /// <summary>Neither the versions of rows, each of which would live as long as the log, nor a realm, which is to go when it has no rows.</summary>
    [Fact]
    public async Task No_row_and_no_realm_is_kept()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.CreateJob("update-firmware", "pump-1");
        await emulator.Send("DELETE", "/jobs/update-firmware?force=true");
        await emulator.Send("POST", "/_emulator/clock/advance", """{"by": "1h"}""");
        await emulator.Send("DELETE", "/things/pump-1");
        var log = emulator.Services.GetRequiredService<EventLog>();
        Assert.Equal(
            ["deleted execution", "deleted job", "deleted thing"],
            (await Events(emulator, "?limit=100")).Where(one => (string?)one["change"] == "deleted").Select(one => $"deleted {one["type"]}").Order());
        Assert.False(Memory.Has<Realm>(log));
        Assert.False(Memory.Has<Thing>(log));
        Assert.False(Memory.Has<Job>(log));
        Assert.False(Memory.Has<JobExecution>(log));
    }

    /// <summary>A turn with many changes finds its rows in another way than one with few.</summary>
    [Fact]
    public void Rows_that_change_often_among_many_give_one_event()
    {
        var realm = new World(static () => Guid.Empty).Realm(Home.Account, Home.Region);
        foreach (var count in new[] { 3, 300 })
        {
            for (var i = 0; i < count; i++)
                realm.Things.Put(new() { ThingName = $"{count}-{i}", ThingId = $"{count}-{i}", Ordinal = realm.NextOrdinal() });
            for (var i = 0; i < count; i++)
                realm.Things.Change($"{count}-{i}", thing => thing with { Version = 2 });
            realm.Things.Remove($"{count}-1");
            var rows = new ChangedRows().In(realm.TakeChanges());
            Assert.Equal(count - 1, rows.Length);
            Assert.All(rows, row => Assert.Equal(EmulatorEventChange.created, row.Change));
        }
    }

    private static async Task<List<JsonNode>> Events(Emulator emulator, string query) =>
        [.. (await emulator.Send("GET", "/_emulator/events" + query)).Json["events"]!.AsArray().Select(one => one!)];

    private static string Text(JsonNode one) => string.Join(' ', new[] { "type", "change", "thing", "group", "jobId", "topic" }.Select(name => (string?)one[name]).OfType<string>());
}
