using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Source: the developer guide, "Job rollout rate"; what it leaves open, as decided in CONTRIBUTING.md, "What AWS leaves open".</summary>
public sealed class RolloutTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void Of_3500_things_a_thousand_are_there_when_CreateJob_answers_and_a_thousand_more_each_minute()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3500));
        Assert.Equal("IN_PROGRESS: 1000 QUEUED", _test.Standing("update-firmware"));
        Assert.Equal([GroupArn("fleet")], _test.View("update-firmware").JobProcessDetails.ProcessingTargets!);

        _test.Advance(Minutes(1) - Milliseconds(1));
        Assert.Equal((1000, true), (_test.Queued("update-firmware"), _test.View("update-firmware").IsConcurrent));

        _test.Advance(Milliseconds(1));
        Assert.Equal((2000, true), (_test.Queued("update-firmware"), _test.View("update-firmware").IsConcurrent));
        _test.Advance(Minutes(1));
        Assert.Equal((3000, true), (_test.Queued("update-firmware"), _test.View("update-firmware").IsConcurrent));
        Assert.Equal([GroupArn("fleet")], _test.View("update-firmware").JobProcessDetails.ProcessingTargets!);

        _test.Advance(Minutes(1));
        Assert.Equal((3500, false), (_test.Queued("update-firmware"), _test.View("update-firmware").IsConcurrent));
        Assert.Null(_test.View("update-firmware").JobProcessDetails.ProcessingTargets);
        Assert.Equal(
            [(At("00:00"), 1000), (At("00:01"), 1000), (At("00:02"), 1000), (At("00:03"), 500)],
            _test.Realm.Executions.All.GroupBy(execution => execution.QueuedAt).OrderBy(group => group.Key).Select(group => (group.Key, group.Count())));
    }

    [Fact]
    public void Nothing_is_due_once_everything_is_rolled_out()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 25), rollout: PerMinute(10));
        _test.Advance(Minutes(2));

        Assert.Equal(25, _test.Queued("update-firmware"));
        Assert.Null(DueWork.NextDue(_test.World));
    }

    [Fact]
    public void Things_are_rolled_out_in_the_order_in_which_they_joined()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 25), rollout: PerMinute(10));
        _test.Advance(Minutes(2));

        Assert.Equal(
            Enumerable.Range(1, 25).Select(number => $"fleet-{number}"),
            _test.Realm.Executions.All.OrderBy(execution => (execution.QueuedAt, execution.Ordinal)).Select(execution => execution.ThingName));
    }

    [Fact]
    public void A_rate_is_kept_to_minute_by_minute()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 20), rollout: PerMinute(7));

        Assert.Equal(7, _test.Queued("update-firmware"));
        Assert.Equal([14, 20, 20], _test.EachMinute(3, () => _test.Queued("update-firmware")));
    }

    [Fact]
    public void The_minutes_are_those_of_the_rollout_and_not_of_the_clock()
    {
        _test.Advance(Seconds(42));
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 20), rollout: PerMinute(7));

        _test.AdvanceTo(At("00:01:41.999"));
        Assert.Equal(7, _test.Queued("update-firmware"));
        _test.AdvanceTo(At("00:01:42"));
        Assert.Equal(14, _test.Queued("update-firmware"));
    }

    [Fact]
    public void Several_targets_share_one_rate_and_are_done_one_after_the_other()
    {
        _test.CreateThings("pump-1");
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), GroupArn(_test.CreateFleet("fleet", 9))], rollout: PerMinute(4));

        Assert.Equal([GroupArn("fleet")], _test.View("update-firmware").JobProcessDetails.ProcessingTargets!);
        Assert.Equal([8, 10], _test.EachMinute(2, () => _test.Queued("update-firmware")));
        Assert.Equal("1 QUEUED v1", _test.Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void What_devices_finish_meanwhile_does_not_complete_the_job_before_the_last_target()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3), rollout: PerMinute(1));
        _test.Report("fleet-1", "update-firmware", SUCCEEDED);
        _test.Advance(Minutes(1));
        _test.Report("fleet-2", "update-firmware", SUCCEEDED);
        Assert.Equal("IN_PROGRESS: 2 SUCCEEDED", _test.Standing("update-firmware"));

        _test.Advance(Minutes(1));
        _test.Report("fleet-3", "update-firmware", SUCCEEDED);
        Assert.Equal("COMPLETED: 3 SUCCEEDED", _test.Standing("update-firmware"));
        Assert.Equal(At("00:02"), _test.View("update-firmware").CompletedAt);
    }

    [Fact]
    public void An_exponential_rate_follows_the_published_table()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3500), rollout: Exponential(1000, 50, 2, notified: 1000));
        Assert.Equal(50, _test.Queued("update-firmware"));

        var queued = _test.EachMinute(36, () => _test.Queued("update-firmware")).Prepend(50).ToList();

        Assert.Equal(Enumerable.Range(1, 20).Select(minute => minute * 50), queued[..20]);
        Assert.Equal(Enumerable.Range(1, 10).Select(minute => 1000 + (minute * 100)), queued[20..30]);
        Assert.Equal(Enumerable.Range(1, 5).Select(minute => 2000 + (minute * 200)), queued[30..35]);
        Assert.Equal([3400, 3500], queued[35..37]);
    }

    [Fact]
    public void An_exponential_rate_by_successes_grows_with_the_minute_after_them()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 40), rollout: Exponential(10, 2, 3, succeeded: 4));
        Assert.Equal([4, 6], _test.EachMinute(2, () => _test.Queued("update-firmware")));

        foreach (var number in Enumerable.Range(1, 4))
            _test.Report($"fleet-{number}", "update-firmware", SUCCEEDED);
        _test.Advance(Seconds(59));
        Assert.Equal("IN_PROGRESS: 2 QUEUED, 4 SUCCEEDED", _test.Standing("update-firmware"));
        _test.Advance(Seconds(1));
        Assert.Equal("IN_PROGRESS: 8 QUEUED, 4 SUCCEEDED", _test.Standing("update-firmware"));

        foreach (var number in Enumerable.Range(5, 4))
            _test.Report($"fleet-{number}", "update-firmware", SUCCEEDED);
        Assert.Equal([14, 24], _test.EachMinute(2, () => _test.Queued("update-firmware"))); // 18 a minute, but not more than 10
    }

    [Fact]
    public void A_rate_that_is_updated_in_the_middle_counts_from_the_next_minute()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 60), rollout: PerMinute(10));
        _test.Advance(Minutes(1.5));
        _test.UpdateJob("update-firmware", new() { JobExecutionsRolloutConfig = PerMinute(30) });

        _test.AdvanceTo(At("00:01:59"));
        Assert.Equal(20, _test.Queued("update-firmware"));
        _test.AdvanceTo(At("00:02:00"));
        Assert.Equal(50, _test.Queued("update-firmware"));
        Assert.Equal([60], _test.EachMinute(1, () => _test.Queued("update-firmware")));
    }

    [Fact]
    public void The_step_of_a_rate_that_becomes_exponential_is_found_from_the_counters()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 100), rollout: PerMinute(10));
        _test.Advance(Minutes(1));
        _test.UpdateJob("update-firmware", new() { JobExecutionsRolloutConfig = Exponential(1000, 5, 2, notified: 10) });

        Assert.Equal([40, 100], _test.EachMinute(2, () => _test.Queued("update-firmware"))); // 20 things are two steps, 40 are four
    }

    [Fact]
    public void A_thing_that_joins_later_gets_its_execution_at_once_outside_the_rate()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 6), isContinuous: true, rollout: PerMinute(2));
        _test.Advance(Seconds(30));

        _test.CreateThings("late-1", "late-2", "late-3");
        foreach (var late in new[] { "late-1", "late-2", "late-3" })
            _test.Join(late, "fleet");
        Assert.Equal(5, _test.Queued("update-firmware"));

        _test.Advance(Seconds(30));
        Assert.Equal(7, _test.Queued("update-firmware"));
        Assert.Equal([9, 9], _test.EachMinute(2, () => _test.Queued("update-firmware")));
        Assert.Equal("1 QUEUED v1", _test.Runs("update-firmware", "late-2"));
    }

    [Fact]
    public void A_thing_that_leaves_before_its_turn_gets_none()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3), isContinuous: true, rollout: PerMinute(1));
        _test.Leave("fleet-2", "fleet");
        _test.Leave("fleet-1", "fleet");

        Assert.Equal([1, 1], _test.EachMinute(2, () => _test.Queued("update-firmware")));
        Assert.Equal(("1 REMOVED v1", "", "1 QUEUED v1"), (_test.Runs("update-firmware", "fleet-1"), _test.Runs("update-firmware", "fleet-2"), _test.Runs("update-firmware", "fleet-3")));
    }

    [Fact]
    public void A_thing_that_leaves_and_joins_again_before_its_turn_is_a_thing_that_joined()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3), isContinuous: true, rollout: PerMinute(1));
        _test.Leave("fleet-3", "fleet");
        _test.Join("fleet-3", "fleet");

        Assert.Equal(2, _test.Queued("update-firmware"));
        Assert.Equal([3, 3], _test.EachMinute(2, () => _test.Queued("update-firmware")));
    }

    [Fact]
    public void A_snapshot_is_who_was_a_member_at_creation_however_long_the_rollout_takes()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 2500), rollout: PerMinute(1000));
        // Due work has not yet gone through the second thousand.
        _test.Leave("fleet-1500", "fleet");
        _test.CreateThings("late");
        _test.Join("late", "fleet");
        _test.Advance(Minutes(1));
        _test.Leave("fleet-2499", "fleet");
        _test.Advance(Minutes(5));

        Assert.Equal("IN_PROGRESS: 2500 QUEUED", _test.Standing("update-firmware"));
        Assert.Equal(("1 QUEUED v1", "1 QUEUED v1", ""), (_test.Runs("update-firmware", "fleet-1500"), _test.Runs("update-firmware", "fleet-2499"), _test.Runs("update-firmware", "late")));
    }

    [Fact]
    public void A_thing_that_is_deleted_before_its_turn_is_no_target_any_more()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3), rollout: PerMinute(1));
        _test.DeleteThing("fleet-2");
        _test.CreateThings("fleet-2");
        _test.Report("fleet-1", "update-firmware", SUCCEEDED);
        _test.Advance(Minutes(5));
        _test.Report("fleet-3", "update-firmware", SUCCEEDED);

        Assert.Equal("COMPLETED: 2 SUCCEEDED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void When_the_last_of_the_waiting_things_is_deleted_the_job_completes()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 2), rollout: PerMinute(1));
        _test.Report("fleet-1", "update-firmware", SUCCEEDED);
        _test.DeleteThing("fleet-2");
        _test.Advance(Minutes(1));

        Assert.Equal("COMPLETED: 1 SUCCEEDED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void Associated_targets_are_rolled_out_outside_the_rate()
    {
        _test.CreateThings("pump-1");
        _test.CreateFleet("fleet", 1500);
        _test.CreateJob("update-firmware", thing: "pump-1", isContinuous: true, rollout: PerMinute(1));

        _test.Associate("update-firmware", GroupArn("fleet"));
        Assert.Equal(1001, _test.Queued("update-firmware"));
        _test.DoDueWork();

        Assert.Equal(1501, _test.Queued("update-firmware"));
        Assert.Equal([At("00:00")], _test.Realm.Executions.All.Select(execution => execution.QueuedAt).Distinct());
    }

    [Fact]
    public void Associated_targets_do_not_hurry_what_waits_for_its_turn()
    {
        _test.CreateThings("pump-1");
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 5), isContinuous: true, rollout: PerMinute(2));
        _test.Advance(Seconds(10));

        _test.Associate("update-firmware", ThingArn("pump-1"));
        Assert.Equal(3, _test.Queued("update-firmware"));
        _test.AdvanceTo(At("00:01"));
        Assert.Equal(5, _test.Queued("update-firmware"));
        _test.AdvanceTo(At("00:02"));
        Assert.Equal(6, _test.Queued("update-firmware"));
    }

    [Fact]
    public void In_immediate_mode_everything_is_queued_before_any_time_passes()
    {
        _test.RollOutAtOnce();
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3500), rollout: Exponential(10, 1, 1.1, succeeded: 1));
        Assert.Equal(1000, _test.Queued("update-firmware"));

        _test.DoDueWork();
        Assert.Equal((3500, false), (_test.Queued("update-firmware"), _test.View("update-firmware").IsConcurrent));
        Assert.Null(DueWork.NextDue(_test.World));
    }

    [Fact]
    public void A_rollout_ends_with_its_job()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3500), rollout: PerMinute(100));
        _test.Advance(Minutes(1));
        _test.CancelJob("update-firmware");
        _test.Advance(Minutes(60));

        Assert.Equal("CANCELED: 200 CANCELED", _test.Standing("update-firmware"));
        Assert.Null(_test.View("update-firmware").JobProcessDetails.ProcessingTargets);
        Assert.Equal(0, _test.Realm.WaitingTargets.Count + _test.Realm.TargetExpansions.Count);
    }

    [Fact]
    public void A_restart_in_the_middle_forgets_nothing()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3500), isContinuous: true);
        _test.Restart();
        Assert.Equal(1000, _test.Queued("update-firmware"));
        _test.Advance(Minutes(1));
        _test.Restart();
        _test.Advance(Minutes(1));

        Assert.Equal(3000, _test.Queued("update-firmware"));
        _test.Advance(Minutes(1));
        Assert.Equal(3500, _test.Queued("update-firmware"));
    }

    [Fact]
    public void Setting_the_clock_back_runs_nothing()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 30), rollout: PerMinute(10));
        _test.Advance(Minutes(1));
        var turns = _test.Turns.Count;

        _test.AdvanceTo(At("2025-06-01 00:00"));
        Assert.Equal((20, turns), (_test.Queued("update-firmware"), _test.Turns.Count));

        _test.AdvanceTo(At("00:02"));
        Assert.Equal(30, _test.Queued("update-firmware"));
    }
}
