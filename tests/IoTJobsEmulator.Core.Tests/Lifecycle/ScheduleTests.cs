using IoTJobsEmulator.Core.Jobs;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Retryable = IoTJobsEmulator.Core.Jobs.RetryableFailureType;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Jobs that start and end at a time. Source: the developer guide, "Job scheduling"; what it leaves open about the end of a job is in CONTRIBUTING.md, "What AWS leaves open".</summary>
public sealed class ScheduleTests : LifecycleTest
{
    private const string Tomorrow = "2026-01-02 00:00", DayAfter = "2026-01-03 00:00";

    [Fact]
    public void A_job_waits_for_its_start_and_then_rolls_out_at_its_rate()
    {
        CreateJob("update-firmware", Fleet("fleet", 25), rollout: PerMinute(10), schedule: Scheduled(start: Tomorrow));
        Assert.Equal(("SCHEDULED: ", false), (Standing("update-firmware"), View("update-firmware").IsConcurrent));

        AdvanceTo(At("2026-01-01 23:59:59.999"));
        Assert.Equal(("SCHEDULED: ", At("00:00")), (Standing("update-firmware"), View("update-firmware").LastUpdatedAt));
        AdvanceTo(At(Tomorrow));
        Assert.Equal(("IN_PROGRESS: 10 QUEUED", true, At(Tomorrow)), (Standing("update-firmware"), View("update-firmware").IsConcurrent, View("update-firmware").LastUpdatedAt));
        Assert.Equal([20, 25], EachMinute(2, () => Queued("update-firmware")));
    }

    [Fact]
    public void A_snapshot_has_the_members_of_its_creation_and_not_of_its_start()
    {
        CreateJob("update-firmware", Fleet("fleet", 2500), schedule: Scheduled(start: Tomorrow));
        Leave("fleet-1", "fleet");
        Leave("fleet-2400", "fleet");
        CreateThings("late");
        Join("late", "fleet");
        Advance(Hours(1));
        Leave("fleet-1200", "fleet");
        AdvanceTo(At(Tomorrow) + Minutes(5));

        Assert.Equal("IN_PROGRESS: 2500 QUEUED", Standing("update-firmware"));
        Assert.Equal(
            ("1 QUEUED v1", "1 QUEUED v1", "1 QUEUED v1", ""),
            (Runs("update-firmware", "fleet-1"), Runs("update-firmware", "fleet-1200"), Runs("update-firmware", "fleet-2400"), Runs("update-firmware", "late")));
    }

    [Fact]
    public void A_continuous_job_follows_its_group_while_it_waits_for_its_start()
    {
        CreateJob("update-firmware", Fleet("fleet", 3), isContinuous: true, schedule: Scheduled(start: Tomorrow));
        Leave("fleet-1", "fleet");
        Leave("fleet-2", "fleet");
        Join("fleet-2", "fleet");
        CreateThings("late");
        Join("late", "fleet");
        Assert.Equal("SCHEDULED: ", Standing("update-firmware"));
        AdvanceTo(At(Tomorrow));

        Assert.Equal("IN_PROGRESS: 3 QUEUED", Standing("update-firmware"));
        Assert.Equal(("", "1 QUEUED v1", "1 QUEUED v1"), (Runs("update-firmware", "fleet-1"), Runs("update-firmware", "fleet-2"), Runs("update-firmware", "late")));
    }

    [Fact]
    public void Things_that_joined_before_the_start_keep_to_the_rate()
    {
        CreateGroup("pumps");
        CreateJob("update-firmware", GroupArn("pumps"), isContinuous: true, rollout: PerMinute(1), schedule: Scheduled(start: Tomorrow));
        CreateThings("pump-1", "pump-2");
        Join("pump-1", "pumps");
        Join("pump-2", "pumps");

        AdvanceTo(At(Tomorrow));
        Assert.Equal(1, Queued("update-firmware"));
        Assert.Equal([2], EachMinute(1, () => Queued("update-firmware")));
    }

    [Fact]
    public void A_snapshot_whose_things_are_gone_at_its_start_completes_then()
    {
        CreateThings("pump-1");
        CreateJob("update-firmware", ThingArn("pump-1"), schedule: Scheduled(start: Tomorrow));
        DeleteThing("pump-1");
        Advance(Hours(1));
        Assert.Equal("SCHEDULED: ", Standing("update-firmware"));
        AdvanceTo(At(Tomorrow));

        Assert.Equal("COMPLETED: ", Standing("update-firmware"));
    }

    [Fact]
    public void A_snapshot_of_an_empty_group_completes_at_its_start()
    {
        CreateGroup("empty");
        CreateJob("update-firmware", GroupArn("empty"), schedule: Scheduled(start: Tomorrow));
        AdvanceTo(At(Tomorrow) - Minutes(1));
        Assert.Equal("SCHEDULED: ", Standing("update-firmware"));
        AdvanceTo(At(Tomorrow));

        Assert.Equal(("COMPLETED: ", At(Tomorrow)), (Standing("update-firmware"), View("update-firmware").CompletedAt!.Value));
    }

    [Fact]
    public void A_job_that_waits_can_be_cancelled_updated_and_with_force_deleted()
    {
        var fleet = Fleet("fleet", 5);
        CreateJob("cancelled", fleet, schedule: Scheduled(start: Tomorrow));
        CreateJob("updated", fleet, schedule: Scheduled(start: Tomorrow));
        CreateJob("deleted", fleet, schedule: Scheduled(start: Tomorrow));
        CancelJob("cancelled");
        UpdateJob("updated", new() { JobExecutionsRolloutConfig = PerMinute(2) });
        AssertRefused(ServiceError.InvalidStateTransition, "Job deleted in status SCHEDULED cannot be deleted without force.", () => DeleteJob("deleted"));
        DeleteJob("deleted", force: true);
        AdvanceTo(At(Tomorrow));

        Assert.Equal(("CANCELED: ", "IN_PROGRESS: 2 QUEUED"), (Standing("cancelled"), Standing("updated")));
        Assert.Null(Realm.Jobs.Find("deleted"));
    }

    [Fact]
    public void Targets_cannot_be_associated_before_the_start_and_after_the_end()
    {
        CreateGroup("pumps", "pump-1");
        CreateJob("update-firmware", GroupArn("pumps"), isContinuous: true, schedule: Scheduled(Tomorrow, DayAfter));
        void AssociatePump() => Associate("update-firmware", ThingArn("pump-1"));

        AssertRefused(ServiceError.InvalidRequest, "Job update-firmware in status SCHEDULED cannot be associated with targets.", AssociatePump);
        AdvanceTo(At(DayAfter));
        AssertRefused(ServiceError.InvalidRequest, "Job update-firmware in status IN_PROGRESS cannot be associated with targets.", AssociatePump);
    }

    [Fact]
    public void A_job_with_an_end_only_starts_at_once()
    {
        CreateJob("update-firmware", Fleet("fleet", 3), schedule: Scheduled(end: Tomorrow));

        Assert.Equal("IN_PROGRESS: 3 QUEUED", Standing("update-firmware"));
    }

    [Theory]
    [InlineData(null, "IN_PROGRESS: 1 QUEUED, 1 IN_PROGRESS, 1 SUCCEEDED, 1 FAILED", "1 QUEUED v1", "1 IN_PROGRESS v2")]
    [InlineData(JobEndBehavior.STOP_ROLLOUT, "IN_PROGRESS: 1 QUEUED, 1 IN_PROGRESS, 1 SUCCEEDED, 1 FAILED", "1 QUEUED v1", "1 IN_PROGRESS v2")]
    [InlineData(JobEndBehavior.CANCEL, "IN_PROGRESS: 1 IN_PROGRESS, 1 SUCCEEDED, 1 FAILED, 1 CANCELED", "1 CANCELED v2", "1 IN_PROGRESS v2")]
    [InlineData(JobEndBehavior.FORCE_CANCEL, "COMPLETED: 1 SUCCEEDED, 1 FAILED, 2 CANCELED", "1 CANCELED v2", "1 CANCELED v3")]
    public void At_the_end_the_rollout_stops_and_each_execution_goes_as_the_behavior_says(JobEndBehavior? behavior, string standing, string queued, string running)
    {
        CreateJob("update-firmware", Fleet("fleet", 1000), isContinuous: true, rollout: PerMinute(4), schedule: Scheduled(end: "2026-01-01 00:30", behavior: behavior));
        UpdateJob("update-firmware", new() { JobExecutionsRolloutConfig = PerMinute(1) });
        foreach (var thing in Enumerable.Range(5, 996))
            Leave($"fleet-{thing}", "fleet");
        var late = Enumerable.Range(1, 3).Select(number => $"late-{number}").ToList();
        Report("fleet-2", "update-firmware", IN_PROGRESS);
        Report("fleet-3", "update-firmware", SUCCEEDED);
        Report("fleet-4", "update-firmware", FAILED);

        AdvanceTo(At("00:30"));
        Assert.Equal((standing, queued, running), (Standing("update-firmware"), Runs("update-firmware", "fleet-1"), Runs("update-firmware", "fleet-2")));
        Assert.Null(View("update-firmware").JobProcessDetails.ProcessingTargets);
        Assert.False(View("update-firmware").IsConcurrent);

        // Nothing that joins afterwards is a target.
        CreateThings([.. late]);
        late.ForEach(thing => Join(thing, "fleet"));
        Advance(Days(1));
        Assert.Equal(standing, Standing("update-firmware"));

        // It is COMPLETED once all are terminal.
        if (behavior != JobEndBehavior.FORCE_CANCEL)
            Report("fleet-2", "update-firmware", SUCCEEDED);
        if (behavior is null or JobEndBehavior.STOP_ROLLOUT)
            Report("fleet-1", "update-firmware", SUCCEEDED);
        Assert.Equal(JobStatus.COMPLETED, Job("update-firmware").Status);
        Assert.Equal(behavior == JobEndBehavior.FORCE_CANCEL ? At("00:30") : Now, View("update-firmware").CompletedAt);
    }

    [Theory]
    [InlineData(JobEndBehavior.STOP_ROLLOUT, "IN_PROGRESS: 30 QUEUED")]
    [InlineData(JobEndBehavior.CANCEL, "COMPLETED: 30 CANCELED")]
    [InlineData(JobEndBehavior.FORCE_CANCEL, "COMPLETED: 30 CANCELED")]
    public void A_rollout_in_the_middle_stops_at_the_end(JobEndBehavior behavior, string standing)
    {
        CreateJob("update-firmware", Fleet("fleet", 100), rollout: PerMinute(1), schedule: Scheduled(end: "2026-01-01 00:30", behavior: behavior));
        Advance(Days(1));

        // At 00:30 the end comes before the minute.
        Assert.Equal(standing, Standing("update-firmware"));
        Assert.Equal(0, Realm.WaitingTargets.Count);
    }

    [Fact]
    public void A_fleet_is_cancelled_at_the_end_in_turns()
    {
        CreateJob("update-firmware", Fleet("fleet", 3500), isContinuous: true, schedule: Scheduled(end: "2026-01-01 00:30", behavior: JobEndBehavior.FORCE_CANCEL));
        Advance(Minutes(10));
        foreach (var number in Enumerable.Range(1, 1500))
            StartNext($"fleet-{number}");
        AdvanceTo(At("00:30"));

        Assert.Equal("COMPLETED: 3500 CANCELED", Standing("update-firmware"));
        Assert.True(Turns.Count(turn => turn.At == At("00:30")) >= 4);
    }

    [Fact]
    public void A_continuous_job_without_an_end_never_completes()
    {
        CreateJob("update-firmware", Fleet("fleet", 1), isContinuous: true);
        Report("fleet-1", "update-firmware", SUCCEEDED);
        Advance(Days(700));

        Assert.Equal("IN_PROGRESS: 1 SUCCEEDED", Standing("update-firmware"));
    }

    [Fact]
    public void A_continuous_job_whose_executions_are_all_terminal_completes_at_its_end_and_not_before()
    {
        CreateJob("update-firmware", Fleet("fleet", 1), isContinuous: true, schedule: Scheduled(end: Tomorrow));
        Report("fleet-1", "update-firmware", SUCCEEDED);
        AdvanceTo(At(Tomorrow) - Minutes(1));
        Assert.Equal("IN_PROGRESS: 1 SUCCEEDED", Standing("update-firmware"));
        AdvanceTo(At(Tomorrow));

        Assert.Equal(("COMPLETED: 1 SUCCEEDED", At(Tomorrow)), (Standing("update-firmware"), View("update-firmware").CompletedAt!.Value));
    }

    [Fact]
    public void A_snapshot_whose_executions_are_all_terminal_completes_before_its_end()
    {
        CreateJob("update-firmware", Fleet("fleet", 1), schedule: Scheduled(end: Tomorrow));
        Report("fleet-1", "update-firmware", SUCCEEDED);
        Assert.Equal("COMPLETED: 1 SUCCEEDED", Standing("update-firmware"));
        Advance(Days(2));

        Assert.Equal(("COMPLETED: 1 SUCCEEDED", At("00:00")), (Standing("update-firmware"), View("update-firmware").CompletedAt!.Value));
    }

    [Fact]
    public void Retries_go_on_until_the_end_and_not_after_it()
    {
        CreateJob("update-firmware", Fleet("fleet", 1), retry: RetryOf(Retryable.FAILED, 10), schedule: Scheduled(end: Tomorrow));
        Report("fleet-1", "update-firmware", FAILED);
        AdvanceTo(At(Tomorrow) - Minutes(1));
        Report("fleet-1", "update-firmware", FAILED);
        AdvanceTo(At(Tomorrow));
        Assert.Equal("IN_PROGRESS: 1 QUEUED, 2 FAILED", Standing("update-firmware"));
        Report("fleet-1", "update-firmware", FAILED);

        Assert.Equal("COMPLETED: 3 FAILED", Standing("update-firmware"));
    }

    [Fact]
    public void Timers_run_on_after_the_end()
    {
        CreateJob("update-firmware", Fleet("fleet", 1), timeout: 60, schedule: Scheduled(end: "2026-01-01 00:30", behavior: JobEndBehavior.CANCEL));
        StartNext("fleet-1");
        AdvanceTo(At("00:59"));
        Assert.Equal("IN_PROGRESS: 1 IN_PROGRESS", Standing("update-firmware"));
        AdvanceTo(At("01:00"));

        Assert.Equal("COMPLETED: 1 TIMED_OUT", Standing("update-firmware"));
    }

    [Fact]
    public void What_times_out_with_the_end_has_timed_out()
    {
        CreateJob("update-firmware", Fleet("fleet", 1), timeout: 30, retry: RetryOf(Retryable.TIMED_OUT, 1), schedule: Scheduled(end: "2026-01-01 00:30", behavior: JobEndBehavior.FORCE_CANCEL));
        StartNext("fleet-1");
        AdvanceTo(At("00:30"));

        Assert.Equal("1 TIMED_OUT v3, 2 CANCELED v2 retry 1", Runs("update-firmware", "fleet-1"));
        Assert.Equal(JobStatus.COMPLETED, Job("update-firmware").Status);
    }

    [Fact]
    public void A_job_cancelled_before_its_end_stays_cancelled()
    {
        CreateJob("update-firmware", Fleet("fleet", 1), schedule: Scheduled(end: "2026-01-01 00:30", behavior: JobEndBehavior.FORCE_CANCEL));
        StartNext("fleet-1");
        CancelJob("update-firmware");
        AdvanceTo(At("00:30"));

        Assert.Equal("CANCELED: 1 IN_PROGRESS", Standing("update-firmware"));
    }

    [Fact]
    public void A_restart_keeps_start_and_end()
    {
        CreateJob("update-firmware", Fleet("fleet", 1), schedule: Scheduled(Tomorrow, DayAfter, JobEndBehavior.CANCEL));
        Restart();
        AdvanceTo(At(Tomorrow));
        Restart();
        Assert.Equal("IN_PROGRESS: 1 QUEUED", Standing("update-firmware"));
        AdvanceTo(At(DayAfter));

        Assert.Equal("COMPLETED: 1 CANCELED", Standing("update-firmware"));
    }
}
