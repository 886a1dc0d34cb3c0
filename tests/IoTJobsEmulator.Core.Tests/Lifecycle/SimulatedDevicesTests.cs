using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Simulators;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Devices that the emulator plays: what they do, at which moments, and what becomes of them when their simulator changes.</summary>
public sealed class SimulatedDevicesTests
{
    private readonly TestRealm _test = new();

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
        SimulatorChanges.Put(_test.Realm, new() { Ordinal = 0, Name = name, Things = things, NamespaceId = namespaceId, Behavior = behavior ?? Succeeding });
        Listen();
        _test.DoDueWork();
    }

    private void Delete(string name)
    {
        SimulatorChanges.Delete(_test.Realm, _test.Realm.Simulators.Named(name)!);
        _test.DoDueWork();
    }

    /// <summary>Writes down what devices call, and how it ends.</summary>
    private void Listen(Func<string, ServiceError?>? refuses = null, bool losesAnswers = false) => _test.World.Devices = new SimulatedClient((caller, operation, arguments) =>
    {
        var request = arguments.OfType<UpdateJobExecution.Request>().SingleOrDefault();
        var call = $"{_test.Now.ToString()[11..19]} {caller.ThingName} {operation.Method.DeclaringType!.Name}{(request is null ? "" : $" {request.ExecutionNumber} {request.Status} v{request.ExpectedVersion}")}";
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
        _test.CreateThings("pump-1");
        Put("pumps", "pump-*", Succeeding with
        {
            SucceededDetails = new([new("result", "installed")]),
            Progress = [new(25, new([new("step", "downloaded")])), new(50, null)],
        });
        _test.CreateJob("update-firmware", thing: "pump-1");

        _test.Advance(Seconds(5));
        Assert.Equal("1 IN_PROGRESS v2", _test.Runs("update-firmware", "pump-1"));
        _test.Advance(Seconds(30));
        Assert.Equal(("1 IN_PROGRESS v4", "downloaded"), (_test.Runs("update-firmware", "pump-1"), _test.Execution("update-firmware", "pump-1").StatusDetails!["step"]));
        _test.Advance(Seconds(30));

        Assert.Equal(
            [
                "00:00:05 pump-1 StartNextPendingJobExecution",
                "00:00:20 pump-1 UpdateJobExecution 1 IN_PROGRESS v2",
                "00:00:35 pump-1 UpdateJobExecution 1 IN_PROGRESS v3",
                "00:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v4",
            ],
            _calls);
        Assert.Equal(("COMPLETED: 1 SUCCEEDED", "1 SUCCEEDED v5"), (_test.Standing("update-firmware"), _test.Runs("update-firmware", "pump-1")));
        Assert.Equal("installed", _test.Execution("update-firmware", "pump-1").StatusDetails!["result"]);
        Assert.Empty(_test.Realm.SimulatedDevices.All);
    }

    [Fact]
    public void A_device_does_one_execution_after_the_other()
    {
        _test.CreateThings("pump-1");
        Put("pumps", "*");
        _test.CreateJob("one", thing: "pump-1");
        _test.CreateJob("two", thing: "pump-1");

        _test.Advance(Minutes(1));
        Assert.Equal(("1 IN_PROGRESS v2", "1 QUEUED v1"), (_test.Runs("one", "pump-1"), _test.Runs("two", "pump-1")));
        _test.Advance(Minutes(2));

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
        _test.CreateThings("pump-1");
        Put("pumps", "pump-1", Behavior(failed: 1) with { FailedDetails = new([new("reason", "checksum")]) });
        _test.CreateJob("update-firmware", thing: "pump-1", retry: Retries(Retryable.FAILED, 2));
        _test.Advance(Minutes(10));

        Assert.Equal(("COMPLETED: 3 FAILED", "1 FAILED v3, 2 FAILED v3 retry 1, 3 FAILED v3 retry 2"), (_test.Standing("update-firmware"), _test.Runs("update-firmware", "pump-1")));
        Assert.Equal("checksum", _test.Execution("update-firmware", "pump-1").StatusDetails!["reason"]);
    }

    [Fact]
    public void A_silent_device_is_heard_of_again_when_the_service_has_ended_the_execution()
    {
        _test.CreateThings("pump-1");
        Put("pumps", "pump-*", Behavior(silent: 1) with { Progress = [new(0, null)] });
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10, retry: Retries(Retryable.TIMED_OUT, 1));
        _test.CreateJob("next", thing: "pump-1");

        _test.Advance(Minutes(10));
        Assert.Equal(("1 IN_PROGRESS v2", 1), (_test.Runs("update-firmware", "pump-1"), _calls.Count));
        _test.Advance(Minutes(15));
        Assert.Equal(["00:00:05 pump-1 StartNextPendingJobExecution", "00:10:10 pump-1 StartNextPendingJobExecution"], _calls);
        Assert.Equal(("1 IN_PROGRESS v2", "1 TIMED_OUT v3, 2 QUEUED v1 retry 1"), (_test.Runs("next", "pump-1"), _test.Runs("update-firmware", "pump-1")));

        _test.DeleteJob("next", force: true);
        _test.Advance(Seconds(5));
        Assert.Equal("1 TIMED_OUT v3, 2 IN_PROGRESS v2 retry 1", _test.Runs("update-firmware", "pump-1"));
        _test.DeleteThing("pump-1");
        _test.DoDueWork();
        Assert.Empty(_test.Realm.SimulatedDevices.All);
    }

    [Fact]
    public void So_many_of_a_hundred_things_do_nothing_at_all()
    {
        _test.RollOutAtOnce();
        var behavior = Succeeding with { Offline = 10, Seed = 7 };
        Put("fleet", "fleet-*", behavior);
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 2000));
        _test.Advance(Minutes(5));

        Assert.InRange(_test.Queued("update-firmware"), 160, 240);
        Assert.Equal(2000 - _test.Queued("update-firmware"), _test.Job("update-firmware").Counts.Succeeded);
        Assert.All(_test.Realm.Executions.All, execution => Assert.Equal(behavior.IsOffline(execution.ThingName), execution.Status == QUEUED));
    }

    [Fact]
    public void Things_that_come_later_belong_to_it_and_a_pattern_is_of_one_case()
    {
        _test.CreateGroup("fleet");
        Put("pumps", "pump-*-a");
        _test.CreateJob("update-firmware", group: "fleet", isContinuous: true);
        foreach (var thing in new[] { "pump-1-a", "PUMP-2-a", "pump-3-b", "pump--a" })
        {
            _test.CreateThings(thing);
            _test.Join(thing, "fleet");
        }
        _test.Advance(Minutes(2));
        Assert.Equal(["pump--a", "pump-1-a"], _test.Realm.Executions.All.Where(execution => execution.Status == SUCCEEDED).Select(execution => execution.ThingName).Order());
    }

    [Fact]
    public void What_waits_already_is_found_in_small_steps()
    {
        _test.RollOutAtOnce();
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 2500));
        _test.DoDueWork();
        _test.Report("fleet-7", "update-firmware", IN_PROGRESS);
        _test.DoDueWork();
        _test.Turns.Clear();
        Put("pumps", "*");

        Assert.InRange(_test.Turns.Count, 2500 / DueWork.ChangesPerTurn, (2500 / DueWork.ChangesPerTurn) + 1);
        Assert.Equal(2500, _test.Realm.SimulatedDevices.Count);
        _test.Advance(Minutes(2));
        Assert.Equal("COMPLETED: 2500 SUCCEEDED", _test.Standing("update-firmware"));
        Assert.Equal("1 SUCCEEDED v3", _test.Runs("update-firmware", "fleet-7")); // taken as it was: the device went on with it
    }

    [Fact]
    public void Of_several_simulators_the_first_by_name_plays_a_thing_and_when_it_goes_the_next_does()
    {
        _test.CreateThings("pump-1", "pump-2");
        Put("b", "pump-*");
        _test.CreateJob("one", targets: [ThingArn("pump-1"), ThingArn("pump-2")]);
        Put("a", "pump-1", Behavior(failed: 1));
        Put("c", "*", Behavior(rejected: 1));
        _test.Advance(Minutes(2));
        Assert.Equal(("1 FAILED v3", "1 SUCCEEDED v3"), (_test.Runs("one", "pump-1"), _test.Runs("one", "pump-2")));

        Put("a", "pump-1", Behavior(failed: 1) with { Offline = 100 });
        _test.CreateJob("two", thing: "pump-1");
        _test.Advance(Minutes(2));
        Assert.Equal("1 QUEUED v1", _test.Runs("two", "pump-1"));
        Delete("a");
        _test.Advance(Minutes(2));
        Assert.Equal("1 SUCCEEDED v3", _test.Runs("two", "pump-1"));
    }

    [Fact]
    public void What_a_deleted_simulator_had_scheduled_goes_in_small_steps()
    {
        _test.RollOutAtOnce();
        Put("pumps", "*");
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 2500));
        _test.Advance(Minutes(1));
        _calls.Clear();
        _test.Turns.Clear();
        Delete("pumps");

        Assert.InRange(_test.Turns.Count, 2500 / DueWork.ChangesPerTurn, (2500 / DueWork.ChangesPerTurn) + 1);
        Assert.Equal((0, 0), (_test.Realm.SimulatedDevices.Count, _test.Realm.Simulators.Count));
        _test.Advance(Days(1));
        Assert.Empty(_calls);
        Assert.Equal("IN_PROGRESS: 2500 IN_PROGRESS", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_simulator_that_is_changed_begins_anew_and_one_that_is_put_as_it_was_goes_on()
    {
        _test.CreateThings("pump-1");
        Put("pumps", "pump-*");
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.Advance(Minutes(1));
        Put("pumps", "pump-*");
        Assert.Equal(At("00:01:05"), DueWork.NextDue(_test.World));

        Put("pumps", "pump-*", Behavior(rejected: 1));
        _test.Advance(Minutes(2));
        Assert.Equal(
            [
                "00:00:05 pump-1 StartNextPendingJobExecution",
                "00:01:05 pump-1 StartNextPendingJobExecution", "00:02:05 pump-1 UpdateJobExecution 1 REJECTED v2",
            ],
            _calls);
        Assert.Equal(1, _test.Realm.Simulators.Count);
    }

    [Fact]
    public void In_a_namespace_a_device_describes_the_next_execution_and_reports_that_it_is_in_progress()
    {
        _test.CreateThings("pump-1");
        Put("cores", "pump-*", namespaceId: "greengrass");
        _test.CreateJob("plain", thing: "pump-1");
        _test.CreateJob("deployment", thing: "pump-1", namespaceId: "greengrass");
        _test.Advance(Minutes(2));

        Assert.Equal(
            [
                "00:00:05 pump-1 DescribeJobExecution", "00:00:05 pump-1 UpdateJobExecution 1 IN_PROGRESS v1",
                "00:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v2",
            ],
            _calls);
        Assert.Equal(("1 QUEUED v1", "1 SUCCEEDED v3"), (_test.Runs("plain", "pump-1"), _test.Runs("deployment", "pump-1")));
    }

    [Fact]
    public void A_device_whose_execution_was_cancelled_is_refused_and_goes_on_with_the_next()
    {
        _test.CreateThings("pump-1");
        Put("pumps", "pump-*");
        _test.CreateJob("one", thing: "pump-1");
        _test.Advance(Seconds(30));
        _test.CancelJob("one", force: true);
        _test.CreateJob("two", thing: "pump-1");
        _test.Advance(Minutes(3));

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
        _test.CreateThings("pump-1");
        Put("pumps", "pump-*");
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.Advance(Seconds(30));
        _test.Report("pump-1", "update-firmware", IN_PROGRESS);
        _test.Advance(Minutes(3));

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
        _test.CreateThings("pump-1");
        Put("pumps", "pump-*");
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.Advance(Seconds(30));
        _test.DeleteThing("pump-1");
        _test.Advance(Minutes(3));

        Assert.Equal((1, 0), (_calls.Count, _test.Realm.SimulatedDevices.Count));
    }

    [Fact]
    public void A_device_that_finds_nothing_when_it_looks_rests()
    {
        _test.CreateThings("pump-1");
        Put("pumps", "pump-*");
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.CancelJob("update-firmware");
        _test.Advance(Minutes(1));

        Assert.Equal(["00:00:05 pump-1 StartNextPendingJobExecution"], _calls);
        Assert.Empty(_test.Realm.SimulatedDevices.All);
    }

    [Fact]
    public void What_waits_in_a_closed_maintenance_window_is_seen_when_it_opens()
    {
        _test.CreateGroup("fleet", members: "pump-1");
        Put("pumps", "pump-*");
        _test.CreateJob("update-firmware", group: "fleet", isContinuous: true, schedule: Windows("0 2 * * ? *", 60, start: "2026-01-01 01:00", end: "2026-01-05 00:00"));
        _test.Advance(Hours(4));
        Assert.Equal(["02:00:05 pump-1 StartNextPendingJobExecution", "02:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v2"], _calls);
    }

    [Fact]
    public void A_call_that_is_throttled_or_not_answered_is_repeated_after_pauses_that_double()
    {
        _test.CreateThings("pump-1");
        Put("pumps", "pump-*", Behavior(picksUp: 0, from: 0, to: 0, succeeded: 1));
        var throttled = 4;
        Listen(call => throttled-- > 0 ? ServiceError.Throttling : null);
        _test.CreateJob("one", thing: "pump-1");
        _test.Advance(Minutes(1));
        Assert.Equal(
            ["00:00:00", "00:00:01", "00:00:03", "00:00:07", "00:00:15"],
            _calls.Where(call => call.Contains("StartNext", StringComparison.Ordinal)).Select(call => call[..8]));
        Assert.Equal("1 SUCCEEDED v3", _test.Runs("one", "pump-1"));

        // Refused for ever: an hour at most lies between two calls, so that the clock comes ahead.
        _calls.Clear();
        Listen(call => call.Contains("SUCCEEDED", StringComparison.Ordinal) ? ServiceError.VersionConflict : null);
        _test.CreateJob("two", thing: "pump-1");
        _test.Advance(Days(1));
        Assert.InRange(_calls.Count, 60, 80);
        Assert.True(DueWork.NextDue(_test.World) - _test.Now <= SimulatedDevices.LongestPause);
    }

    [Fact]
    public void A_device_whose_answer_was_lost_repeats_its_call_and_finds_out()
    {
        _test.CreateThings("pump-1");
        Put("pumps", "pump-*");
        Listen(call => _calls.Count == 1 ? ServiceError.ServiceUnavailable : null, losesAnswers: true);
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.Advance(Minutes(3));

        Assert.Equal(
            [
                "00:00:05 pump-1 StartNextPendingJobExecution", "00:01:05 pump-1 UpdateJobExecution 1 SUCCEEDED v2 ServiceUnavailableException",
                "00:01:06 pump-1 UpdateJobExecution 1 SUCCEEDED v2 VersionConflictException",
            ],
            _calls);
        Assert.Equal("1 SUCCEEDED v3", _test.Runs("update-firmware", "pump-1"));
        Assert.Empty(_test.Realm.SimulatedDevices.All);
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
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 300), rollout: PerMinute(100), timeoutInMinutes: 2, retry: Retries((Retryable.FAILED, 2), (Retryable.TIMED_OUT, 1)));
        for (var minute = 0; minute < 20; minute++)
        {
            _test.Advance(Minutes(1));
            if (!restarts)
                continue;
            _test.Restart();
            Listen();
        }
        return _calls;
    }

    [Fact]
    public void A_fleet_that_acts_at_one_moment_takes_turns_of_bounded_size()
    {
        _test.RollOutAtOnce();
        Put("fleet", "*");
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3000));
        _test.DoDueWork();
        _test.Turns.Clear();
        _test.Advance(Minutes(2));

        Assert.Equal("COMPLETED: 3000 SUCCEEDED", _test.Standing("update-firmware"));
        Assert.All(_test.Turns, turn => Assert.InRange(turn.Changes, 1, DueWork.ChangesPerTurn + 10));
    }

    [Fact]
    public void There_can_be_a_hundred()
    {
        for (var number = 0; number < Simulator.MaxSimulators; number++)
            Put($"fleet-{number}", $"pump-{number}");
        _test.AssertRefused(ServiceError.LimitExceeded, "The number of simulators cannot be more than 100.", () => Put("one-more", "*"));
        Put("fleet-7", "*");
        Delete("fleet-8");
        Put("one-more", "*");
        Assert.Equal(100, _test.Realm.Simulators.Count);
    }
}
