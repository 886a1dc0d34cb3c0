using System.Text.Json.Nodes;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using IoTJobsEmulator.Events;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Events;

/// <summary>Which changes of rows give events, and what is in them.</summary>
public sealed class EventsOfRowsTests : IDisposable
{
    private readonly Emulator _emulator = new();
    private long _seen;

    public void Dispose() => _emulator.Dispose();

    private Realm Realm => _emulator.Turns.RealmOf("123456789012", "us-east-1");

    [Fact]
    public async Task What_a_request_changes_of_a_job_is_told_also_while_the_clock_stands()
    {
        await _emulator.Send("PUT", "/_emulator/clock", """{"frozen": true}""");
        await _emulator.CreateThing("pump-1");
        await _emulator.CreateJob("update-firmware", "pump-1");
        await Next();
        foreach (var change in (string[])[
            """{"description": "new"}""", """{"timeoutConfig": {"inProgressTimeoutInMinutes": 5}}""", """{"jobExecutionsRolloutConfig": {"maximumPerMinute": 7}}""",
            """{"abortConfig": {"criteriaList": [{"action": "CANCEL", "failureType": "FAILED", "minNumberOfExecutedThings": 1, "thresholdPercentage": 50}]}}""",
            """{"presignedUrlConfig": {"expiresInSec": 60, "roleArn": "arn:aws:iam::123456789012:role/any-role"}}"""])
        {
            Assert.Equal(200, (await _emulator.Send("PATCH", "/jobs/update-firmware", change)).Status);
            Assert.Equal(["job updated"], await Next());
        }
    }

    [Fact]
    public async Task A_job_an_execution_and_a_group_of_which_nothing_is_shown_anew_give_no_event()
    {
        await _emulator.CreateThing("pump-1");
        await _emulator.CreateJob("update-firmware", "pump-1");
        await _emulator.Send("POST", "/thing-groups/pumps", "{}");
        await Next();
        await InTurn(realm =>
        {
            realm.Jobs.Change("update-firmware", job => job with { RolloutAllowance = job.RolloutAllowance + 1 });
            var execution = realm.Executions.All.Single();
            realm.Executions.Change(execution.Key, one => one with { StepTimesOutAt = realm.Now + TimeSpan.FromDays(1) });
            var group = realm.ThingGroups.All.Single();
            realm.ThingGroups.Change(group.Key, one => one with { Description = "of no new version" });
            PutThing(realm, "valve-1");
        });
        Assert.Equal(["thing created valve-1"], await Next());
    }

    [Fact]
    public async Task An_execution_is_told_of_with_its_version_and_its_details()
    {
        await _emulator.CreateThing("pump-1");
        await _emulator.CreateJob("update-firmware", "pump-1");
        foreach (var step in (int[])[1, 2])
            Assert.Equal(200, (await _emulator.Send(
                "POST", "/iot-jobs-data/things/pump-1/jobs/update-firmware", $$$"""{"status": "IN_PROGRESS", "statusDetails": {"step": "{{{step}}}"}}""")).Status);
        Assert.Equal(
            ["1 QUEUED ", """2 IN_PROGRESS {"step":"1"}""", """3 IN_PROGRESS {"step":"2"}"""],
            (await Events("?limit=10&type=execution")).Select(one => $"{one["version"]} {one["status"]} {one["statusDetails"]?.ToJsonString()}"));
    }

    [Fact]
    public async Task A_row_that_is_created_and_changed_in_a_turn_is_created_and_one_that_came_and_went_gives_nothing()
    {
        await InTurn(realm =>
        {
            PutThing(realm, "pump-1");
            realm.Things.Change("pump-1", thing => thing with { Version = 2 });
            PutThing(realm, "pump-2");
            realm.Things.Remove("pump-2");
        });
        Assert.Equal(["thing created pump-1"], await Next());
    }

    [Fact]
    public async Task A_thing_and_a_job_of_one_name_are_two_rows()
    {
        await InTurn(realm =>
        {
            PutThing(realm, "one");
            realm.Jobs.Put(new()
            {
                JobId = "one",
                Ordinal = realm.NextOrdinal(),
                TargetSelection = TargetSelection.SNAPSHOT,
                Status = JobStatus.COMPLETED,
                Targets = [],
                CreatedAt = realm.Now,
                LastUpdatedAt = realm.Now,
            });
        });
        Assert.Equal(["thing created one", "job created"], await Next());
    }

    [Fact]
    public async Task Changed_counts_and_a_new_version_of_a_group_are_told()
    {
        await _emulator.CreateThing("pump-1");
        await _emulator.CreateJob("update-firmware", "pump-1");
        await _emulator.Send("POST", "/thing-groups/pumps", "{}");
        await Next();
        await InTurn(realm => realm.Jobs.Change("update-firmware", job => job with { Counts = job.Counts.Add(JobExecutionStatus.FAILED, 1) }));
        Assert.Equal(["job updated"], await Next());
        Assert.Equal(200, (await _emulator.Send("PATCH", "/thing-groups/pumps", """{"thingGroupProperties": {"thingGroupDescription": "all"}}""")).Status);
        Assert.Equal(["group updated"], await Next());
    }

    [Fact]
    public async Task A_group_is_gone_once_it_is_marked_as_deleted()
    {
        await _emulator.Send("POST", "/thing-groups/pumps", "{}");
        await Next();
        var id = Realm.ThingGroups.All.Single().Key;
        await InTurn(realm => realm.ThingGroups.Change(id, group => group with { IsDeleted = true }));
        await _emulator.RunDueWork();
        Assert.Null(Realm.ThingGroups.Find(id));
        Assert.Equal(["group deleted"], await Next());
    }

    [Fact]
    public async Task The_last_turn_is_kept_however_large_it_is()
    {
        var log = _emulator.Services.GetRequiredService<EventLog>();
        await InTurn(realm =>
        {
            for (var i = 0; i <= EventLog.MaxNumbers; i++)
                PutThing(realm, $"pump-{i}");
        });
        Assert.Equal(EventLog.MaxNumbers + 1, log.Read(new(), log.Oldest, int.MaxValue).Events.Count);
        await InTurn(realm => PutThing(realm, "valve-1"));
        Assert.Equal("valve-1", Assert.Single(log.Read(new(), log.Oldest, int.MaxValue).Events).Thing);
    }

    [Fact]
    public async Task Long_details_leave_room_for_few()
    {
        var log = _emulator.Services.GetRequiredService<EventLog>();
        await _emulator.CreateThing("pump-1");
        await _emulator.CreateJob("update-firmware", "pump-1");
        var details = new Core.ValueMap([KeyValuePair.Create("log", new string('x', 1 << 20))]);
        for (var i = 0; i < 40; i++)
            await InTurn(realm => realm.Executions.Change(realm.Executions.All.Single().Key, one => one with { VersionNumber = one.VersionNumber + 1, StatusDetails = details }));
        Assert.InRange(log.Read(new(), log.Oldest, int.MaxValue).Events.Count, 10, 20);
    }

    private static void PutThing(Realm realm, string name) =>
        realm.Things.Put(new Thing { ThingName = name, ThingId = name, Ordinal = realm.NextOrdinal() });

    /// <summary>Takes a turn, and waits until its events are in the log.</summary>
    private async Task InTurn(Action<Realm> turn)
    {
        await _emulator.Turns.Take(Realm, () =>
        {
            turn(Realm);
            return true;
        });
        await _emulator.Turns.WhenIdle();
    }

    /// <summary>What has happened since it was asked last, without notifications.</summary>
    private async Task<IEnumerable<string>> Next()
    {
        var page = (await _emulator.Send("GET", $"/_emulator/events?after={_seen}&limit=1000&type=job,execution,thing,group,membership")).Json;
        _seen = (long)page["last"]!;
        return page["events"]!.AsArray().Select(one => $"{one!["type"]} {one["change"]} {one["thing"]}".TrimEnd());
    }

    private async Task<List<JsonNode>> Events(string query) =>
        [.. (await _emulator.Send("GET", "/_emulator/events" + query)).Json["events"]!.AsArray().Select(one => one!)];
}
