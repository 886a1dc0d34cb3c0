using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Jobs that start and end at a time. Source: the developer guide, "Job scheduling"; what it leaves open about the end of a job is in CONTRIBUTING.md, "What AWS leaves open".</summary>
public sealed class ScheduleTests
{
    private readonly TestRealm _test = new();

    private const string Tomorrow = "2026-01-02 00:00", DayAfter = "2026-01-03 00:00";

    [Fact]
    public void A_job_waits_for_its_start_and_then_rolls_out_at_its_rate()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 25), rollout: PerMinute(10), schedule: Scheduled(start: Tomorrow));
        Assert.Equal(("SCHEDULED: ", false), (_test.Standing("update-firmware"), _test.View("update-firmware").IsConcurrent));

        _test.AdvanceTo(At("2026-01-01 23:59:59.999"));
        Assert.Equal(("SCHEDULED: ", At("00:00")), (_test.Standing("update-firmware"), _test.View("update-firmware").LastUpdatedAt));
        _test.AdvanceTo(At(Tomorrow));
        Assert.Equal(("IN_PROGRESS: 10 QUEUED", true, At(Tomorrow)), (_test.Standing("update-firmware"), _test.View("update-firmware").IsConcurrent, _test.View("update-firmware").LastUpdatedAt));
        Assert.Equal([20, 25], _test.EachMinute(2, () => _test.Queued("update-firmware")));
    }

    [Fact]
    public void A_snapshot_has_the_members_of_its_creation_and_not_of_its_start()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 2500), schedule: Scheduled(start: Tomorrow));
        _test.Leave("fleet-1", "fleet");
        _test.Leave("fleet-2400", "fleet");
        _test.CreateThings("late");
        _test.Join("late", "fleet");
        _test.Advance(Hours(1));
        _test.Leave("fleet-1200", "fleet");
        _test.AdvanceTo(At(Tomorrow) + Minutes(5));

        Assert.Equal("IN_PROGRESS: 2500 QUEUED", _test.Standing("update-firmware"));
        Assert.Equal(
            ("1 QUEUED v1", "1 QUEUED v1", "1 QUEUED v1", ""),
            (_test.Runs("update-firmware", "fleet-1"), _test.Runs("update-firmware", "fleet-1200"), _test.Runs("update-firmware", "fleet-2400"), _test.Runs("update-firmware", "late")));
    }

    [Fact]
    public void A_continuous_job_follows_its_group_while_it_waits_for_its_start()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3), isContinuous: true, schedule: Scheduled(start: Tomorrow));
        _test.Leave("fleet-1", "fleet");
        _test.Leave("fleet-2", "fleet");
        _test.Join("fleet-2", "fleet");
        _test.CreateThings("late");
        _test.Join("late", "fleet");
        Assert.Equal("SCHEDULED: ", _test.Standing("update-firmware"));
        _test.AdvanceTo(At(Tomorrow));

        Assert.Equal("IN_PROGRESS: 3 QUEUED", _test.Standing("update-firmware"));
        Assert.Equal(("", "1 QUEUED v1", "1 QUEUED v1"), (_test.Runs("update-firmware", "fleet-1"), _test.Runs("update-firmware", "fleet-2"), _test.Runs("update-firmware", "late")));
    }

    [Fact]
    public void Things_that_joined_before_the_start_keep_to_the_rate()
    {
        _test.CreateGroup("pumps");
        _test.CreateJob("update-firmware", group: "pumps", isContinuous: true, rollout: PerMinute(1), schedule: Scheduled(start: Tomorrow));
        _test.CreateThings("pump-1", "pump-2");
        _test.Join("pump-1", "pumps");
        _test.Join("pump-2", "pumps");

        _test.AdvanceTo(At(Tomorrow));
        Assert.Equal(1, _test.Queued("update-firmware"));
        Assert.Equal([2], _test.EachMinute(1, () => _test.Queued("update-firmware")));
    }

    [Fact]
    public void A_snapshot_whose_things_are_gone_at_its_start_completes_then()
    {
        _test.CreateThings("pump-1");
        _test.CreateJob("update-firmware", thing: "pump-1", schedule: Scheduled(start: Tomorrow));
        _test.DeleteThing("pump-1");
        _test.Advance(Hours(1));
        Assert.Equal("SCHEDULED: ", _test.Standing("update-firmware"));
        _test.AdvanceTo(At(Tomorrow));

        Assert.Equal("COMPLETED: ", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_snapshot_of_an_empty_group_completes_at_its_start()
    {
        _test.CreateGroup("empty");
        _test.CreateJob("update-firmware", group: "empty", schedule: Scheduled(start: Tomorrow));
        _test.AdvanceTo(At(Tomorrow) - Minutes(1));
        Assert.Equal("SCHEDULED: ", _test.Standing("update-firmware"));
        _test.AdvanceTo(At(Tomorrow));

        Assert.Equal(("COMPLETED: ", At(Tomorrow)), (_test.Standing("update-firmware"), _test.View("update-firmware").CompletedAt!.Value));
    }

    [Fact]
    public void A_job_that_waits_can_be_cancelled_updated_and_with_force_deleted()
    {
        var fleet = _test.CreateFleet("fleet", 5);
        _test.CreateJob("cancelled", group: fleet, schedule: Scheduled(start: Tomorrow));
        _test.CreateJob("updated", group: fleet, schedule: Scheduled(start: Tomorrow));
        _test.CreateJob("deleted", group: fleet, schedule: Scheduled(start: Tomorrow));
        _test.CancelJob("cancelled");
        _test.UpdateJob("updated", new() { JobExecutionsRolloutConfig = PerMinute(2) });
        _test.AssertRefused(ServiceError.InvalidStateTransition, "Job deleted in status SCHEDULED cannot be deleted without force.", () => _test.DeleteJob("deleted"));
        _test.DeleteJob("deleted", force: true);
        _test.AdvanceTo(At(Tomorrow));

        Assert.Equal(("CANCELED: ", "IN_PROGRESS: 2 QUEUED"), (_test.Standing("cancelled"), _test.Standing("updated")));
        Assert.Null(_test.Realm.Jobs.Find("deleted"));
    }

    [Fact]
    public void Targets_cannot_be_associated_before_the_start_and_after_the_end()
    {
        _test.CreateGroup("pumps", members: "pump-1");
        _test.CreateJob("update-firmware", group: "pumps", isContinuous: true, schedule: Scheduled(Tomorrow, DayAfter));
        void AssociatePump() => _test.Associate("update-firmware", ThingArn("pump-1"));

        _test.AssertRefused(ServiceError.InvalidRequest, "Job update-firmware in status SCHEDULED cannot be associated with targets.", AssociatePump);
        _test.AdvanceTo(At(DayAfter));
        _test.AssertRefused(ServiceError.InvalidRequest, "Job update-firmware in status IN_PROGRESS cannot be associated with targets.", AssociatePump);
    }

    [Fact]
    public void A_job_with_an_end_only_starts_at_once()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3), schedule: Scheduled(end: Tomorrow));

        Assert.Equal("IN_PROGRESS: 3 QUEUED", _test.Standing("update-firmware"));
    }

    [Theory]
    [InlineData(null, "IN_PROGRESS: 1 QUEUED, 1 IN_PROGRESS, 1 SUCCEEDED, 1 FAILED", "1 QUEUED v1", "1 IN_PROGRESS v2")]
    [InlineData(JobEndBehavior.STOP_ROLLOUT, "IN_PROGRESS: 1 QUEUED, 1 IN_PROGRESS, 1 SUCCEEDED, 1 FAILED", "1 QUEUED v1", "1 IN_PROGRESS v2")]
    [InlineData(JobEndBehavior.CANCEL, "IN_PROGRESS: 1 IN_PROGRESS, 1 SUCCEEDED, 1 FAILED, 1 CANCELED", "1 CANCELED v2", "1 IN_PROGRESS v2")]
    [InlineData(JobEndBehavior.FORCE_CANCEL, "COMPLETED: 1 SUCCEEDED, 1 FAILED, 2 CANCELED", "1 CANCELED v2", "1 CANCELED v3")]
    public void At_the_end_the_rollout_stops_and_each_execution_goes_as_the_behavior_says(JobEndBehavior? behavior, string standing, string queued, string running)
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 1000), isContinuous: true,
            rollout: PerMinute(4), schedule: Scheduled(end: "2026-01-01 00:30", behavior: behavior));
        _test.UpdateJob("update-firmware", new() { JobExecutionsRolloutConfig = PerMinute(1) });
        foreach (var thing in Enumerable.Range(5, 996))
            _test.Leave($"fleet-{thing}", "fleet");
        var late = Enumerable.Range(1, 3).Select(number => $"late-{number}").ToList();
        _test.Report("fleet-2", "update-firmware", IN_PROGRESS);
        _test.Report("fleet-3", "update-firmware", SUCCEEDED);
        _test.Report("fleet-4", "update-firmware", FAILED);

        _test.AdvanceTo(At("00:30"));
        Assert.Equal((standing, queued, running), (_test.Standing("update-firmware"), _test.Runs("update-firmware", "fleet-1"), _test.Runs("update-firmware", "fleet-2")));
        Assert.Null(_test.View("update-firmware").JobProcessDetails.ProcessingTargets);
        Assert.False(_test.View("update-firmware").IsConcurrent);

        // Nothing that joins afterwards is a target.
        _test.CreateThings([.. late]);
        late.ForEach(thing => _test.Join(thing, "fleet"));
        _test.Advance(Days(1));
        Assert.Equal(standing, _test.Standing("update-firmware"));

        // It is COMPLETED once all are terminal.
        if (behavior != JobEndBehavior.FORCE_CANCEL)
            _test.Report("fleet-2", "update-firmware", SUCCEEDED);
        if (behavior is null or JobEndBehavior.STOP_ROLLOUT)
            _test.Report("fleet-1", "update-firmware", SUCCEEDED);
        Assert.Equal(JobStatus.COMPLETED, _test.Job("update-firmware").Status);
        Assert.Equal(behavior == JobEndBehavior.FORCE_CANCEL ? At("00:30") : _test.Now, _test.View("update-firmware").CompletedAt);
    }

    [Theory]
    [InlineData(JobEndBehavior.STOP_ROLLOUT, "IN_PROGRESS: 30 QUEUED")]
    [InlineData(JobEndBehavior.CANCEL, "COMPLETED: 30 CANCELED")]
    [InlineData(JobEndBehavior.FORCE_CANCEL, "COMPLETED: 30 CANCELED")]
    public void A_rollout_in_the_middle_stops_at_the_end(JobEndBehavior behavior, string standing)
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 100), rollout: PerMinute(1),
            schedule: Scheduled(end: "2026-01-01 00:30", behavior: behavior));
        _test.Advance(Days(1));

        // At 00:30 the end comes before the minute.
        Assert.Equal(standing, _test.Standing("update-firmware"));
        Assert.Equal(0, _test.Realm.WaitingTargets.Count);
    }

    [Fact]
    public void A_fleet_is_cancelled_at_the_end_in_turns()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 3500), isContinuous: true,
            schedule: Scheduled(end: "2026-01-01 00:30", behavior: JobEndBehavior.FORCE_CANCEL));
        _test.Advance(Minutes(10));
        foreach (var number in Enumerable.Range(1, 1500))
            _test.StartNext($"fleet-{number}");
        _test.AdvanceTo(At("00:30"));

        Assert.Equal("COMPLETED: 3500 CANCELED", _test.Standing("update-firmware"));
        Assert.True(_test.Turns.Count(turn => turn.At == At("00:30")) >= 4);
    }

    [Fact]
    public void A_continuous_job_without_an_end_never_completes()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 1), isContinuous: true);
        _test.Report("fleet-1", "update-firmware", SUCCEEDED);
        _test.Advance(Days(700));

        Assert.Equal("IN_PROGRESS: 1 SUCCEEDED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_continuous_job_whose_executions_are_all_terminal_completes_at_its_end_and_not_before()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 1), isContinuous: true, schedule: Scheduled(end: Tomorrow));
        _test.Report("fleet-1", "update-firmware", SUCCEEDED);
        _test.AdvanceTo(At(Tomorrow) - Minutes(1));
        Assert.Equal("IN_PROGRESS: 1 SUCCEEDED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At(Tomorrow));

        Assert.Equal(("COMPLETED: 1 SUCCEEDED", At(Tomorrow)), (_test.Standing("update-firmware"), _test.View("update-firmware").CompletedAt!.Value));
    }

    [Fact]
    public void A_snapshot_whose_executions_are_all_terminal_completes_before_its_end()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 1), schedule: Scheduled(end: Tomorrow));
        _test.Report("fleet-1", "update-firmware", SUCCEEDED);
        Assert.Equal("COMPLETED: 1 SUCCEEDED", _test.Standing("update-firmware"));
        _test.Advance(Days(2));

        Assert.Equal(("COMPLETED: 1 SUCCEEDED", At("00:00")), (_test.Standing("update-firmware"), _test.View("update-firmware").CompletedAt!.Value));
    }

    [Fact]
    public void Retries_go_on_until_the_end_and_not_after_it()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 1),
            retry: Retries(Retryable.FAILED, 10), schedule: Scheduled(end: Tomorrow));
        _test.Report("fleet-1", "update-firmware", FAILED);
        _test.AdvanceTo(At(Tomorrow) - Minutes(1));
        _test.Report("fleet-1", "update-firmware", FAILED);
        _test.AdvanceTo(At(Tomorrow));
        Assert.Equal("IN_PROGRESS: 1 QUEUED, 2 FAILED", _test.Standing("update-firmware"));
        _test.Report("fleet-1", "update-firmware", FAILED);

        Assert.Equal("COMPLETED: 3 FAILED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void Timers_run_on_after_the_end()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 1), timeoutInMinutes: 60,
            schedule: Scheduled(end: "2026-01-01 00:30", behavior: JobEndBehavior.CANCEL));
        _test.StartNext("fleet-1");
        _test.AdvanceTo(At("00:59"));
        Assert.Equal("IN_PROGRESS: 1 IN_PROGRESS", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("01:00"));

        Assert.Equal("COMPLETED: 1 TIMED_OUT", _test.Standing("update-firmware"));
    }

    [Fact]
    public void What_times_out_with_the_end_has_timed_out()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 1), timeoutInMinutes: 30, retry: Retries(Retryable.TIMED_OUT, 1),
            schedule: Scheduled(end: "2026-01-01 00:30", behavior: JobEndBehavior.FORCE_CANCEL));
        _test.StartNext("fleet-1");
        _test.AdvanceTo(At("00:30"));

        Assert.Equal("1 TIMED_OUT v3, 2 CANCELED v2 retry 1", _test.Runs("update-firmware", "fleet-1"));
        Assert.Equal(JobStatus.COMPLETED, _test.Job("update-firmware").Status);
    }

    [Fact]
    public void A_job_cancelled_before_its_end_stays_cancelled()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 1),
            schedule: Scheduled(end: "2026-01-01 00:30", behavior: JobEndBehavior.FORCE_CANCEL));
        _test.StartNext("fleet-1");
        _test.CancelJob("update-firmware");
        _test.AdvanceTo(At("00:30"));

        Assert.Equal("CANCELED: 1 IN_PROGRESS", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_restart_keeps_start_and_end()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 1), schedule: Scheduled(Tomorrow, DayAfter, JobEndBehavior.CANCEL));
        _test.Restart();
        _test.AdvanceTo(At(Tomorrow));
        _test.Restart();
        Assert.Equal("IN_PROGRESS: 1 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At(DayAfter));

        Assert.Equal("COMPLETED: 1 CANCELED", _test.Standing("update-firmware"));
    }
}
