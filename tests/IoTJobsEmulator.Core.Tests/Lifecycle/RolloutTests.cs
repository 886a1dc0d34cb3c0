using IoTJobsEmulator.Core.Lifecycle;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Source: the developer guide, "Job rollout rate"; what it leaves open, as decided in CONTRIBUTING.md, "What AWS leaves open".</summary>
public sealed class RolloutTests : LifecycleTest
{
    [Fact]
    public void Of_3500_things_a_thousand_are_there_when_CreateJob_answers_and_a_thousand_more_each_minute()
    {
        CreateJob("update-firmware", Fleet("fleet", 3500));
        Assert.Equal("IN_PROGRESS: 1000 QUEUED", Standing("update-firmware"));
        Assert.Equal([GroupArn("fleet")], View("update-firmware").JobProcessDetails.ProcessingTargets!);

        Advance(Minutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1000, true), (Queued("update-firmware"), View("update-firmware").IsConcurrent));

        Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((2000, true), (Queued("update-firmware"), View("update-firmware").IsConcurrent));
        Advance(Minutes(1));
        Assert.Equal((3000, true), (Queued("update-firmware"), View("update-firmware").IsConcurrent));
        Assert.Equal([GroupArn("fleet")], View("update-firmware").JobProcessDetails.ProcessingTargets!);

        Advance(Minutes(1));
        Assert.Equal((3500, false), (Queued("update-firmware"), View("update-firmware").IsConcurrent));
        Assert.Null(View("update-firmware").JobProcessDetails.ProcessingTargets);
        Assert.Equal(
            [(At("00:00"), 1000), (At("00:01"), 1000), (At("00:02"), 1000), (At("00:03"), 500)],
            Realm.Executions.All.GroupBy(execution => execution.QueuedAt).OrderBy(group => group.Key).Select(group => (group.Key, group.Count())));
    }

    [Fact]
    public void Nothing_is_due_once_everything_is_rolled_out()
    {
        CreateJob("update-firmware", Fleet("fleet", 25), rollout: PerMinute(10));
        Advance(Minutes(2));

        Assert.Equal(25, Queued("update-firmware"));
        Assert.Null(DueWork.NextDue(World));
    }

    [Fact]
    public void Things_are_rolled_out_in_the_order_in_which_they_joined()
    {
        CreateJob("update-firmware", Fleet("fleet", 25), rollout: PerMinute(10));
        Advance(Minutes(2));

        Assert.Equal(
            Enumerable.Range(1, 25).Select(number => $"fleet-{number}"),
            Realm.Executions.All.OrderBy(execution => (execution.QueuedAt, execution.Ordinal)).Select(execution => execution.ThingName));
    }

    [Fact]
    public void A_rate_is_kept_to_minute_by_minute()
    {
        CreateJob("update-firmware", Fleet("fleet", 20), rollout: PerMinute(7));

        Assert.Equal(7, Queued("update-firmware"));
        Assert.Equal([14, 20, 20], EachMinute(3, () => Queued("update-firmware")));
    }

    [Fact]
    public void The_minutes_are_those_of_the_rollout_and_not_of_the_clock()
    {
        Advance(TimeSpan.FromSeconds(42));
        CreateJob("update-firmware", Fleet("fleet", 20), rollout: PerMinute(7));

        AdvanceTo(At("00:01:41.999"));
        Assert.Equal(7, Queued("update-firmware"));
        AdvanceTo(At("00:01:42"));
        Assert.Equal(14, Queued("update-firmware"));
    }

    [Fact]
    public void Several_targets_share_one_rate_and_are_done_one_after_the_other()
    {
        CreateThings("pump-1");
        CreateJob("update-firmware", ThingArn("pump-1"), Fleet("fleet", 9), rollout: PerMinute(4));

        Assert.Equal([GroupArn("fleet")], View("update-firmware").JobProcessDetails.ProcessingTargets!);
        Assert.Equal([8, 10], EachMinute(2, () => Queued("update-firmware")));
        Assert.Equal("1 QUEUED v1", Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void What_devices_finish_meanwhile_does_not_complete_the_job_before_the_last_target()
    {
        CreateJob("update-firmware", Fleet("fleet", 3), rollout: PerMinute(1));
        Report("fleet-1", "update-firmware", SUCCEEDED);
        Advance(Minutes(1));
        Report("fleet-2", "update-firmware", SUCCEEDED);
        Assert.Equal("IN_PROGRESS: 2 SUCCEEDED", Standing("update-firmware"));

        Advance(Minutes(1));
        Report("fleet-3", "update-firmware", SUCCEEDED);
        Assert.Equal("COMPLETED: 3 SUCCEEDED", Standing("update-firmware"));
        Assert.Equal(At("00:02"), View("update-firmware").CompletedAt);
    }

    [Fact]
    public void An_exponential_rate_follows_the_published_table()
    {
        CreateJob("update-firmware", Fleet("fleet", 3500), rollout: Exponential(1000, 50, 2, notified: 1000));
        Assert.Equal(50, Queued("update-firmware"));

        var queued = EachMinute(36, () => Queued("update-firmware")).Prepend(50).ToList();

        Assert.Equal(Enumerable.Range(1, 20).Select(minute => minute * 50), queued[..20]);
        Assert.Equal(Enumerable.Range(1, 10).Select(minute => 1000 + (minute * 100)), queued[20..30]);
        Assert.Equal(Enumerable.Range(1, 5).Select(minute => 2000 + (minute * 200)), queued[30..35]);
        Assert.Equal([3400, 3500], queued[35..37]);
    }

    [Fact]
    public void An_exponential_rate_by_successes_grows_with_the_minute_after_them()
    {
        CreateJob("update-firmware", Fleet("fleet", 40), rollout: Exponential(10, 2, 3, succeeded: 4));
        Assert.Equal([4, 6], EachMinute(2, () => Queued("update-firmware")));

        foreach (var number in Enumerable.Range(1, 4))
            Report($"fleet-{number}", "update-firmware", SUCCEEDED);
        Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("IN_PROGRESS: 2 QUEUED, 4 SUCCEEDED", Standing("update-firmware"));
        Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("IN_PROGRESS: 8 QUEUED, 4 SUCCEEDED", Standing("update-firmware"));

        foreach (var number in Enumerable.Range(5, 4))
            Report($"fleet-{number}", "update-firmware", SUCCEEDED);
        Assert.Equal([14, 24], EachMinute(2, () => Queued("update-firmware"))); // 18 a minute, but not more than 10
    }

    [Fact]
    public void A_rate_that_is_updated_in_the_middle_counts_from_the_next_minute()
    {
        CreateJob("update-firmware", Fleet("fleet", 60), rollout: PerMinute(10));
        Advance(Minutes(1.5));
        UpdateJob("update-firmware", new() { JobExecutionsRolloutConfig = PerMinute(30) });

        AdvanceTo(At("00:01:59"));
        Assert.Equal(20, Queued("update-firmware"));
        AdvanceTo(At("00:02:00"));
        Assert.Equal(50, Queued("update-firmware"));
        Assert.Equal([60], EachMinute(1, () => Queued("update-firmware")));
    }

    [Fact]
    public void The_step_of_a_rate_that_becomes_exponential_is_found_from_the_counters()
    {
        CreateJob("update-firmware", Fleet("fleet", 100), rollout: PerMinute(10));
        Advance(Minutes(1));
        UpdateJob("update-firmware", new() { JobExecutionsRolloutConfig = Exponential(1000, 5, 2, notified: 10) });

        Assert.Equal([40, 100], EachMinute(2, () => Queued("update-firmware"))); // 20 things are two steps, 40 are four
    }

    [Fact]
    public void A_thing_that_joins_later_gets_its_execution_at_once_outside_the_rate()
    {
        CreateJob("update-firmware", Fleet("fleet", 6), isContinuous: true, rollout: PerMinute(2));
        Advance(TimeSpan.FromSeconds(30));

        CreateThings("late-1", "late-2", "late-3");
        foreach (var late in new[] { "late-1", "late-2", "late-3" })
            Join(late, "fleet");
        Assert.Equal(5, Queued("update-firmware"));

        Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(7, Queued("update-firmware"));
        Assert.Equal([9, 9], EachMinute(2, () => Queued("update-firmware")));
        Assert.Equal("1 QUEUED v1", Runs("update-firmware", "late-2"));
    }

    [Fact]
    public void A_thing_that_leaves_before_its_turn_gets_none()
    {
        CreateJob("update-firmware", Fleet("fleet", 3), isContinuous: true, rollout: PerMinute(1));
        Leave("fleet-2", "fleet");
        Leave("fleet-1", "fleet");

        Assert.Equal([1, 1], EachMinute(2, () => Queued("update-firmware")));
        Assert.Equal(("1 REMOVED v1", "", "1 QUEUED v1"), (Runs("update-firmware", "fleet-1"), Runs("update-firmware", "fleet-2"), Runs("update-firmware", "fleet-3")));
    }

    [Fact]
    public void A_thing_that_leaves_and_joins_again_before_its_turn_is_a_thing_that_joined()
    {
        CreateJob("update-firmware", Fleet("fleet", 3), isContinuous: true, rollout: PerMinute(1));
        Leave("fleet-3", "fleet");
        Join("fleet-3", "fleet");

        Assert.Equal(2, Queued("update-firmware"));
        Assert.Equal([3, 3], EachMinute(2, () => Queued("update-firmware")));
    }

    [Fact]
    public void A_snapshot_is_who_was_a_member_at_creation_however_long_the_rollout_takes()
    {
        CreateJob("update-firmware", Fleet("fleet", 2500), rollout: PerMinute(1000));
        // Due work has not yet gone through the second thousand.
        Leave("fleet-1500", "fleet");
        CreateThings("late");
        Join("late", "fleet");
        Advance(Minutes(1));
        Leave("fleet-2499", "fleet");
        Advance(Minutes(5));

        Assert.Equal("IN_PROGRESS: 2500 QUEUED", Standing("update-firmware"));
        Assert.Equal(("1 QUEUED v1", "1 QUEUED v1", ""), (Runs("update-firmware", "fleet-1500"), Runs("update-firmware", "fleet-2499"), Runs("update-firmware", "late")));
    }

    [Fact]
    public void A_thing_that_is_deleted_before_its_turn_is_no_target_any_more()
    {
        CreateJob("update-firmware", Fleet("fleet", 3), rollout: PerMinute(1));
        DeleteThing("fleet-2");
        CreateThings("fleet-2");
        Report("fleet-1", "update-firmware", SUCCEEDED);
        Advance(Minutes(5));
        Report("fleet-3", "update-firmware", SUCCEEDED);

        Assert.Equal("COMPLETED: 2 SUCCEEDED", Standing("update-firmware"));
    }

    [Fact]
    public void When_the_last_of_the_waiting_things_is_deleted_the_job_completes()
    {
        CreateJob("update-firmware", Fleet("fleet", 2), rollout: PerMinute(1));
        Report("fleet-1", "update-firmware", SUCCEEDED);
        DeleteThing("fleet-2");
        Advance(Minutes(1));

        Assert.Equal("COMPLETED: 1 SUCCEEDED", Standing("update-firmware"));
    }

    [Fact]
    public void Associated_targets_are_rolled_out_outside_the_rate()
    {
        CreateThings("pump-1");
        Fleet("fleet", 1500);
        CreateJob("update-firmware", ThingArn("pump-1"), isContinuous: true, rollout: PerMinute(1));

        Associate("update-firmware", GroupArn("fleet"));
        Assert.Equal(1001, Queued("update-firmware"));
        CatchUp();

        Assert.Equal(1501, Queued("update-firmware"));
        Assert.Equal([At("00:00")], Realm.Executions.All.Select(execution => execution.QueuedAt).Distinct());
    }

    [Fact]
    public void Associated_targets_do_not_hurry_what_waits_for_its_turn()
    {
        CreateThings("pump-1");
        CreateJob("update-firmware", Fleet("fleet", 5), isContinuous: true, rollout: PerMinute(2));
        Advance(TimeSpan.FromSeconds(10));

        Associate("update-firmware", ThingArn("pump-1"));
        Assert.Equal(3, Queued("update-firmware"));
        AdvanceTo(At("00:01"));
        Assert.Equal(5, Queued("update-firmware"));
        AdvanceTo(At("00:02"));
        Assert.Equal(6, Queued("update-firmware"));
    }

    [Fact]
    public void In_immediate_mode_everything_is_queued_before_any_time_passes()
    {
        RollOutAtOnce();
        CreateJob("update-firmware", Fleet("fleet", 3500), rollout: Exponential(10, 1, 1.1, succeeded: 1));
        Assert.Equal(1000, Queued("update-firmware"));

        CatchUp();
        Assert.Equal((3500, false), (Queued("update-firmware"), View("update-firmware").IsConcurrent));
        Assert.Null(DueWork.NextDue(World));
    }

    [Fact]
    public void A_rollout_ends_with_its_job()
    {
        CreateJob("update-firmware", Fleet("fleet", 3500), rollout: PerMinute(100));
        Advance(Minutes(1));
        CancelJob("update-firmware");
        Advance(Minutes(60));

        Assert.Equal("CANCELED: 200 CANCELED", Standing("update-firmware"));
        Assert.Null(View("update-firmware").JobProcessDetails.ProcessingTargets);
        Assert.Equal(0, Realm.WaitingTargets.Count + Realm.TargetExpansions.Count);
    }

    [Fact]
    public void A_restart_in_the_middle_forgets_nothing()
    {
        CreateJob("update-firmware", Fleet("fleet", 3500), isContinuous: true);
        Restart();
        Assert.Equal(1000, Queued("update-firmware"));
        Advance(Minutes(1));
        Restart();
        Advance(Minutes(1));

        Assert.Equal(3000, Queued("update-firmware"));
        Advance(Minutes(1));
        Assert.Equal(3500, Queued("update-firmware"));
    }

    [Fact]
    public void Setting_the_clock_back_runs_nothing()
    {
        CreateJob("update-firmware", Fleet("fleet", 30), rollout: PerMinute(10));
        Advance(Minutes(1));
        var turns = Turns.Count;

        AdvanceTo(At("2025-06-01 00:00"));
        Assert.Equal((20, turns), (Queued("update-firmware"), Turns.Count));

        AdvanceTo(At("00:02"));
        Assert.Equal(30, Queued("update-firmware"));
    }
}
