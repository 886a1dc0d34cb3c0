using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Simulators;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Retryable = IoTJobsEmulator.Core.Jobs.RetryableFailureType;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Devices that the emulator plays: what they do, at which moments, and what becomes of them when their simulator changes.</summary>
public sealed class SimulatedDevicesTests : LifecycleTest
{
    private readonly List<string> _calls = [];

    private static SimulatedBehavior Behavior(long picksUp = 5, long from = 60, long to = 60, int succeeded = 0, int failed = 0, int rejected = 0, int silent = 0) => new()
    {
        PicksUp = picksUp * 1000,
        TakesFrom = from * 1000,
        TakesTo = to * 1000,
        Outcomes = new() { Succeeded = succeeded, Failed = failed, Rejected = rejected, Silent = silent },
    };

    private static readonly SimulatedBehavior Succeeding = Behavior(succeeded: 1);

    private void Put(string name, string things, SimulatedBehavior? behavior = null, string? namespaceId = null)
    {
        SimulatorChanges.Put(Realm, new() { Ordinal = 0, Name = name, Things = things, NamespaceId = namespaceId, Behavior = behavior ?? Succeeding });
        Listen();
        CatchUp();
    }

    private void Delete(string name)
    {
        SimulatorChanges.Delete(Realm, Realm.Simulators.Named(name)!);
        CatchUp();
    }

    /// <summary>Writes down what devices call, and how it ends.</summary>
    private void Listen(Func<string, ServiceError?>? refuses = null, bool losesAnswers = false) => World.Devices = new SimulatedClient((caller, operation, arguments) =>
    {
        var request = arguments.OfType<UpdateJobExecution.Request>().SingleOrDefault();
        var call = $"{Now.ToString()[11..19]} {caller.ThingName} {operation.Method.DeclaringType!.Name}{(request is null ? "" : $" {request.ExecutionNumber} {request.Status} v{request.ExpectedVersion}")}";
        if (refuses?.Invoke(call) is { } error)
        {
            if (losesAnswers)
                TestRealm.Call(caller, operation, arguments);
            _calls.Add($"{call} {error.Name}");
            throw error.Because("Refused by the test.");
        }
        try
        {
            var answer = TestRealm.Call(caller, operation, arguments);
            _calls.Add(call);
            return answer;
        }
        catch (ServiceException refusal)
        {
            _calls.Add($"{call} {refusal.Error.Name}");
            throw;
        }
    });

    [Fact]
    public void A_device_takes_what_waits_works_and_reports_its_outcome_each_at_its_moment()
    {
        CreateThings("pump-1");
        Put("pumps", "pump-*", Succeeding with
        {
            SucceededDetails = new([new("result", "installed")]),
            Progress = [new(25, new([new("step", "downloaded")])), new(50, null)],
        });
        CreateJob("update-firmware", ThingArn("pump-1"));

        Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("1 IN_PROGRESS v2", Runs("update-firmware", "pump-1"));
        Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(("1 IN_PROGRESS v4", "downloaded"), (Runs("update-firmware", "pump-1"), Execution("update-firmware", "pump-1").StatusDetails!["step"]));
        Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(
            [
                "00:00:05 pump-1 StartNextPendingJobExecution",
                "00:00:20 pump-1 UpdateJobExecution 1 IN_PROGRESS v2",
                "00:00:35 pump-1 UpdateJobExecution 1 IN_PROGRESS v3",
                "00:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v4",
            ],
            _calls);
        Assert.Equal(("COMPLETED: 1 SUCCEEDED", "1 SUCCEEDED v5"), (Standing("update-firmware"), Runs("update-firmware", "pump-1")));
        Assert.Equal("installed", Execution("update-firmware", "pump-1").StatusDetails!["result"]);
        Assert.Empty(Realm.SimulatedDevices.All);
    }

    [Fact]
    public void A_device_does_one_execution_after_the_other()
    {
        CreateThings("pump-1");
        Put("pumps", "*");
        CreateJob("one", ThingArn("pump-1"));
        CreateJob("two", ThingArn("pump-1"));

        Advance(Minutes(1));
        Assert.Equal(("1 IN_PROGRESS v2", "1 QUEUED v1"), (Runs("one", "pump-1"), Runs("two", "pump-1")));
        Advance(Minutes(2));

        Assert.Equal(
            [
                "00:00:05 pump-1 StartNextPendingJobExecution", "00:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v2",
                "00:01:10 pump-1 StartNextPendingJobExecution", "00:02:10 pump-1 UpdateJobExecution 1 SUCCEEDED v2",
            ],
            _calls);
    }

    [Fact]
    public void Failures_are_retried_by_the_same_device()
    {
        CreateThings("pump-1");
        Put("pumps", "pump-1", Behavior(failed: 1) with { FailedDetails = new([new("reason", "checksum")]) });
        CreateJob("update-firmware", ThingArn("pump-1"), retry: RetryOf(Retryable.FAILED, 2));
        Advance(Minutes(10));

        Assert.Equal(("COMPLETED: 3 FAILED", "1 FAILED v3, 2 FAILED v3 retry 1, 3 FAILED v3 retry 2"), (Standing("update-firmware"), Runs("update-firmware", "pump-1")));
        Assert.Equal("checksum", Execution("update-firmware", "pump-1").StatusDetails!["reason"]);
    }

    [Fact]
    public void A_silent_device_is_heard_of_again_when_the_service_has_ended_the_execution()
    {
        CreateThings("pump-1");
        Put("pumps", "pump-*", Behavior(silent: 1) with { Progress = [new(0, null)] });
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10, retry: RetryOf(Retryable.TIMED_OUT, 1));
        CreateJob("next", ThingArn("pump-1"));

        Advance(Minutes(10));
        Assert.Equal(("1 IN_PROGRESS v2", 1), (Runs("update-firmware", "pump-1"), _calls.Count));
        Advance(Minutes(15));
        Assert.Equal(["00:00:05 pump-1 StartNextPendingJobExecution", "00:10:10 pump-1 StartNextPendingJobExecution"], _calls);
        Assert.Equal(("1 IN_PROGRESS v2", "1 TIMED_OUT v3, 2 QUEUED v1 retry 1"), (Runs("next", "pump-1"), Runs("update-firmware", "pump-1")));

        DeleteJob("next", force: true);
        Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("1 TIMED_OUT v3, 2 IN_PROGRESS v2 retry 1", Runs("update-firmware", "pump-1"));
        DeleteThing("pump-1");
        CatchUp();
        Assert.Empty(Realm.SimulatedDevices.All);
    }

    [Fact]
    public void So_many_of_a_hundred_things_do_nothing_at_all()
    {
        RollOutAtOnce();
        var behavior = Succeeding with { Offline = 10, Seed = 7 };
        Put("fleet", "fleet-*", behavior);
        CreateJob("update-firmware", Fleet("fleet", 2000));
        Advance(Minutes(5));

        Assert.InRange(Queued("update-firmware"), 160, 240);
        Assert.Equal(2000 - Queued("update-firmware"), Job("update-firmware").Counts.Succeeded);
        Assert.All(Realm.Executions.All, execution => Assert.Equal(behavior.IsOffline(execution.ThingName), execution.Status == QUEUED));
    }

    [Fact]
    public void Things_that_come_later_belong_to_it_and_a_pattern_is_of_one_case()
    {
        CreateGroup("fleet");
        Put("pumps", "pump-*-a");
        CreateJob("update-firmware", GroupArn("fleet"), isContinuous: true);
        foreach (var thing in new[] { "pump-1-a", "PUMP-2-a", "pump-3-b", "pump--a" })
        {
            CreateThings(thing);
            Join(thing, "fleet");
        }
        Advance(Minutes(2));
        Assert.Equal(["pump--a", "pump-1-a"], Realm.Executions.All.Where(execution => execution.Status == SUCCEEDED).Select(execution => execution.ThingName).Order());
    }

    [Fact]
    public void What_waits_already_is_found_a_thousand_things_a_turn()
    {
        RollOutAtOnce();
        CreateJob("update-firmware", Fleet("fleet", 2500));
        CatchUp();
        Report("fleet-7", "update-firmware", IN_PROGRESS);
        CatchUp();
        Turns.Clear();
        Put("pumps", "*");

        Assert.Equal((3, 2500), (Turns.Count, Realm.SimulatedDevices.Count));
        Advance(Minutes(2));
        Assert.Equal("COMPLETED: 2500 SUCCEEDED", Standing("update-firmware"));
        Assert.Equal("1 SUCCEEDED v3", Runs("update-firmware", "fleet-7")); // taken as it was: the device went on with it
    }

    [Fact]
    public void Of_several_simulators_the_first_by_name_plays_a_thing_and_when_it_goes_the_next_does()
    {
        CreateThings("pump-1", "pump-2");
        Put("b", "pump-*");
        CreateJob("one", ThingArn("pump-1"), andTarget: ThingArn("pump-2"));
        Put("a", "pump-1", Behavior(failed: 1));
        Put("c", "*", Behavior(rejected: 1));
        Advance(Minutes(2));
        Assert.Equal(("1 FAILED v3", "1 SUCCEEDED v3"), (Runs("one", "pump-1"), Runs("one", "pump-2")));

        Put("a", "pump-1", Behavior(failed: 1) with { Offline = 100 });
        CreateJob("two", ThingArn("pump-1"));
        Advance(Minutes(2));
        Assert.Equal("1 QUEUED v1", Runs("two", "pump-1"));
        Delete("a");
        Advance(Minutes(2));
        Assert.Equal("1 SUCCEEDED v3", Runs("two", "pump-1"));
    }

    [Fact]
    public void What_a_deleted_simulator_had_scheduled_goes_a_thousand_devices_a_turn()
    {
        RollOutAtOnce();
        Put("pumps", "*");
        CreateJob("update-firmware", Fleet("fleet", 2500));
        Advance(Minutes(1));
        _calls.Clear();
        Turns.Clear();
        Delete("pumps");

        Assert.Equal((3, 0, 0), (Turns.Count, Realm.SimulatedDevices.Count, Realm.Simulators.Count));
        Advance(Days(1));
        Assert.Empty(_calls);
        Assert.Equal("IN_PROGRESS: 2500 IN_PROGRESS", Standing("update-firmware"));
    }

    [Fact]
    public void A_simulator_that_is_changed_begins_anew_and_one_that_is_put_as_it_was_goes_on()
    {
        CreateThings("pump-1");
        Put("pumps", "pump-*");
        CreateJob("update-firmware", ThingArn("pump-1"));
        Advance(Minutes(1));
        Put("pumps", "pump-*");
        Assert.Equal(At("00:01:05"), DueWork.NextDue(World));

        Put("pumps", "pump-*", Behavior(rejected: 1));
        Advance(Minutes(2));
        Assert.Equal(
            [
                "00:00:05 pump-1 StartNextPendingJobExecution",
                "00:01:05 pump-1 StartNextPendingJobExecution", "00:02:05 pump-1 UpdateJobExecution 1 REJECTED v2",
            ],
            _calls);
        Assert.Equal(1, Realm.Simulators.Count);
    }

    [Fact]
    public void In_a_namespace_a_device_describes_the_next_execution_and_reports_that_it_is_in_progress()
    {
        CreateThings("pump-1");
        Put("cores", "pump-*", namespaceId: "greengrass");
        Test.CreateJob("plain", thing: "pump-1");
        Test.CreateJob("deployment", thing: "pump-1", namespaceId: "greengrass");
        Advance(Minutes(2));

        Assert.Equal(
            [
                "00:00:05 pump-1 DescribeJobExecution", "00:00:05 pump-1 UpdateJobExecution 1 IN_PROGRESS v1",
                "00:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v2",
            ],
            _calls);
        Assert.Equal(("1 QUEUED v1", "1 SUCCEEDED v3"), (Runs("plain", "pump-1"), Runs("deployment", "pump-1")));
    }

    [Fact]
    public void A_device_whose_execution_was_cancelled_is_refused_and_goes_on_with_the_next()
    {
        CreateThings("pump-1");
        Put("pumps", "pump-*");
        CreateJob("one", ThingArn("pump-1"));
        Advance(TimeSpan.FromSeconds(30));
        CancelJob("one", force: true);
        CreateJob("two", ThingArn("pump-1"));
        Advance(Minutes(3));

        Assert.Equal(
            [
                "00:00:05 pump-1 StartNextPendingJobExecution", "00:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v2 VersionConflictException",
                "00:01:06 pump-1 StartNextPendingJobExecution", "00:02:06 pump-1 UpdateJobExecution 1 SUCCEEDED v2",
            ],
            _calls);
    }

    [Fact]
    public void A_device_notices_that_somebody_else_has_reported()
    {
        CreateThings("pump-1");
        Put("pumps", "pump-*");
        CreateJob("update-firmware", ThingArn("pump-1"));
        Advance(TimeSpan.FromSeconds(30));
        Report("pump-1", "update-firmware", IN_PROGRESS);
        Advance(Minutes(3));

        Assert.Equal(
            [
                "00:00:05 pump-1 StartNextPendingJobExecution", "00:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v2 VersionConflictException",
                "00:01:06 pump-1 StartNextPendingJobExecution", "00:02:06 pump-1 UpdateJobExecution 1 SUCCEEDED v3",
            ],
            _calls);
    }

    [Fact]
    public void A_device_whose_thing_was_deleted_is_gone()
    {
        CreateThings("pump-1");
        Put("pumps", "pump-*");
        CreateJob("update-firmware", ThingArn("pump-1"));
        Advance(TimeSpan.FromSeconds(30));
        DeleteThing("pump-1");
        Advance(Minutes(3));

        Assert.Equal((1, 0), (_calls.Count, Realm.SimulatedDevices.Count));
    }

    [Fact]
    public void A_device_that_finds_nothing_when_it_looks_rests()
    {
        CreateThings("pump-1");
        Put("pumps", "pump-*");
        CreateJob("update-firmware", ThingArn("pump-1"));
        CancelJob("update-firmware");
        Advance(Minutes(1));

        Assert.Equal(["00:00:05 pump-1 StartNextPendingJobExecution"], _calls);
        Assert.Empty(Realm.SimulatedDevices.All);
    }

    [Fact]
    public void What_waits_in_a_closed_maintenance_window_is_seen_when_it_opens()
    {
        CreateGroup("fleet", "pump-1");
        Put("pumps", "pump-*");
        CreateJob("update-firmware", GroupArn("fleet"), isContinuous: true, schedule: Windows("0 2 * * ? *", 60, start: "2026-01-01 01:00", end: "2026-01-05 00:00"));
        Advance(Hours(4));
        Assert.Equal(["02:00:05 pump-1 StartNextPendingJobExecution", "02:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v2"], _calls);
    }

    [Fact]
    public void A_call_that_is_throttled_or_not_answered_is_repeated_after_pauses_that_double()
    {
        CreateThings("pump-1");
        Put("pumps", "pump-*", Behavior(picksUp: 0, from: 0, to: 0, succeeded: 1));
        var throttled = 4;
        Listen(call => throttled-- > 0 ? ServiceError.Throttling : null);
        CreateJob("one", ThingArn("pump-1"));
        Advance(Minutes(1));
        Assert.Equal(
            ["00:00:00", "00:00:01", "00:00:03", "00:00:07", "00:00:15"],
            _calls.Where(call => call.Contains("StartNext", StringComparison.Ordinal)).Select(call => call[..8]));
        Assert.Equal("1 SUCCEEDED v3", Runs("one", "pump-1"));

        // Refused for ever: an hour at most lies between two calls, so that the clock comes ahead.
        _calls.Clear();
        Listen(call => call.Contains("SUCCEEDED", StringComparison.Ordinal) ? ServiceError.VersionConflict : null);
        CreateJob("two", ThingArn("pump-1"));
        Advance(Days(1));
        Assert.InRange(_calls.Count, 60, 80);
        Assert.True(DueWork.NextDue(World) - Now <= SimulatedDevices.LongestPause);
    }

    [Fact]
    public void A_device_whose_answer_was_lost_repeats_its_call_and_finds_out()
    {
        CreateThings("pump-1");
        Put("pumps", "pump-*");
        Listen(call => _calls.Count == 1 ? ServiceError.ServiceUnavailable : null, losesAnswers: true);
        CreateJob("update-firmware", ThingArn("pump-1"));
        Advance(Minutes(3));

        Assert.Equal(
            [
                "00:00:05 pump-1 StartNextPendingJobExecution", "00:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v2 ServiceUnavailableException",
                "00:01:06 pump-1 UpdateJobExecution 1 SUCCEEDED v2 VersionConflictException",
            ],
            _calls);
        Assert.Equal("1 SUCCEEDED v3", Runs("update-firmware", "pump-1"));
        Assert.Empty(Realm.SimulatedDevices.All);
    }

    [Fact]
    public void A_restart_in_the_middle_changes_nothing()
    {
        var without = Play(restarts: false);
        Assert.Equal(without, new SimulatedDevicesTests().Play(restarts: true));
        Assert.True(without.Count > 900);
        Assert.Contains(without, call => call.EndsWith("VersionConflictException", StringComparison.Ordinal)); // too late: it was TIMED_OUT
    }

    private List<string> Play(bool restarts)
    {
        Put("fleet", "fleet-*", Behavior(from: 30, to: 180, succeeded: 90, failed: 8, silent: 2) with { Progress = [new(50, null)], Seed = 3 });
        CreateJob("update-firmware", Fleet("fleet", 300), rollout: PerMinute(100), timeout: 2, retry: RetryOf((Retryable.FAILED, 2), (Retryable.TIMED_OUT, 1)));
        for (var minute = 0; minute < 20; minute++)
        {
            Advance(Minutes(1));
            if (!restarts)
                continue;
            Restart();
            Listen();
        }
        return _calls;
    }

    [Fact]
    public void A_fleet_that_acts_at_one_moment_takes_turns_of_bounded_size()
    {
        RollOutAtOnce();
        Put("fleet", "*");
        CreateJob("update-firmware", Fleet("fleet", 3000));
        CatchUp();
        Turns.Clear();
        Advance(Minutes(2));

        Assert.Equal("COMPLETED: 3000 SUCCEEDED", Standing("update-firmware"));
        Assert.All(Turns, turn => Assert.InRange(turn.Changes, 1, DueWork.ChangesPerTurn + 10));
    }

    [Fact]
    public void There_can_be_a_hundred()
    {
        for (var number = 0; number < Simulator.MaxSimulators; number++)
            Put($"fleet-{number}", $"pump-{number}");
        AssertRefused(ServiceError.LimitExceeded, "The number of simulators cannot be more than 100.", () => Put("one-more", "*"));
        Put("fleet-7", "*");
        Delete("fleet-8");
        Put("one-more", "*");
        Assert.Equal(100, Realm.Simulators.Count);
    }
}
