using IoTJobsEmulator.Core.Operations.Things;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Api = IoTJobsEmulator.Core.Operations.Jobs;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>The server was down while things fell due: they are done late, in order of time, and once.</summary>
public sealed class CatchUpTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void Each_minute_of_a_rollout_that_was_missed_is_made_up_for()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 3500),
            isContinuous: true, rollout: Exponential(1000, 100, 2, notified: 400));
        _test.JumpTo(At("00:05"));
        _test.Restart();
        _test.DoDueWork();

        Assert.Equal(100 + 100 + 100 + 100 + 200 + 200, _test.Queued("update-firmware"));
        Assert.Equal([1200], _test.EachMinute(1, () => _test.Queued("update-firmware")));
    }

    [Fact]
    public void What_fell_due_first_is_done_first_over_all_jobs()
    {
        _test.CreateThings("pump-1");
        foreach (var (job, minutes) in new[] { ("five", 5), ("three", 3), ("four", 4), ("three-too", 3) })
        {
            _test.CreateJob(job, thing: "pump-1", timeoutInMinutes: minutes);
            _test.Report("pump-1", job, IN_PROGRESS);
        }
        _test.JumpTo(At("01:00"));
        _test.Announced.Clear();
        _test.DoDueWork();

        Assert.Equal(["three", "three-too", "four", "five"], _test.Announced.OfType<JobExecutionEvent>().Select(one => one.Execution.JobId));
        Assert.Equal([At("01:00")], _test.Realm.Executions.All.Select(execution => execution.LastUpdatedAt).Distinct());
    }

    [Fact]
    public void What_fell_due_first_is_done_first_over_all_accounts_and_regions()
    {
        List<string> regions = [];
        foreach (var (region, minutes) in new[] { ("us-east-1", 5), ("eu-central-1", 3), ("ap-south-1", 4) })
        {
            var realm = _test.World.Realm("123456789012", region);
            CreateThing.Handle(realm, "pump-1", null);
            Api.CreateJob.Handle(realm, "update-firmware", new()
            {
                Targets = new([Arn.OfThing(realm, "pump-1")]),
                Document = "{}",
                TimeoutConfig = Timeout(minutes),
            });
            Device.StartNextPendingJobExecution.Handle(realm, "pump-1", null);
        }
        _test.World.Now = At("00:04");
        while (DueWork.Step(_test.World) is { } realm)
            regions.Add(realm.Region);
        Assert.Equal(["eu-central-1", "ap-south-1"], regions);

        _test.World.Now = At("00:05");
        Assert.Equal("us-east-1", DueWork.Step(_test.World)!.Region);
        Assert.Null(DueWork.NextDue(_test.World));
    }

    [Fact]
    public void A_timer_that_ran_out_before_the_end_timed_out_and_one_that_would_have_later_was_cancelled()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 2), timeoutInMinutes: 20,
            schedule: Scheduled(end: "2026-01-01 00:30", behavior: JobEndBehavior.FORCE_CANCEL));
        _test.StartNext("fleet-1");
        _test.Advance(Minutes(15));
        _test.StartNext("fleet-2");
        _test.JumpTo(At("01:00"));
        _test.DoDueWork();

        Assert.Equal(("1 TIMED_OUT v3", "1 CANCELED v3"), (_test.Runs("update-firmware", "fleet-1"), _test.Runs("update-firmware", "fleet-2")));
        Assert.Equal("COMPLETED: 1 TIMED_OUT, 1 CANCELED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_timer_that_runs_out_while_a_fleet_is_being_cancelled_comes_too_late()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 1000), timeoutInMinutes: 20);
        _test.CreateJob("rotate-keys", group: _test.CreateFleet("others", 500), timeoutInMinutes: 20);
        foreach (var number in Enumerable.Range(1, 1000))
            _test.StartNext($"fleet-{number}");
        _test.Report("others-1", "rotate-keys", IN_PROGRESS);
        _test.CreateThings("late");
        _test.Advance(Minutes(19));
        _test.CancelJob("rotate-keys", force: true);
        _test.CancelJob("update-firmware", force: true);
        _test.JumpTo(At("00:20"));
        _test.DoDueWork();

        Assert.Equal(("CANCELED: 1000 CANCELED", "CANCELED: 500 CANCELED"), (_test.Standing("update-firmware"), _test.Standing("rotate-keys")));
    }

    [Fact]
    public void Timeouts_that_are_done_late_abort_and_retry_as_in_time()
    {
        foreach (var job in new[] { "in-time", "late" })
        {
            _test.CreateJob(
                job, group: _test.CreateFleet(job, 4), timeoutInMinutes: 10, retry: Retries(Retryable.TIMED_OUT, 2), abort: AbortWhen(Failure.TIMED_OUT, 100, ofAtLeast: 3));
        }
        foreach (var number in new[] { 1, 2, 3 })
        {
            _test.StartNext($"in-time-{number}");
            _test.StartNext($"late-{number}");
            _test.Advance(Minutes(1));
        }
        _test.AdvanceTo(At("00:09"));
        _test.JumpTo(At("05:00"));
        _test.DoDueWork();

        Assert.Equal(("CANCELED: 3 TIMED_OUT, 3 CANCELED", _test.Standing("in-time")), (_test.Standing("late"), _test.Standing("late")));
    }

    [Fact]
    public void A_window_that_opened_and_closed_meanwhile_is_missed()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 10), isContinuous: true,
            rollout: PerMinute(1), schedule: Windows("0 2 * * ? *", 60));
        _test.JumpTo(At("2026-01-05 12:00"));
        _test.DoDueWork();
        Assert.Equal("SCHEDULED: ", _test.Standing("update-firmware"));

        _test.AdvanceTo(At("2026-01-06 02:00"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_window_that_is_still_open_is_used_for_its_rest()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 100), isContinuous: true,
            rollout: PerMinute(1), schedule: Windows("0 2 * * ? *", 60));
        _test.JumpTo(At("02:50"));
        _test.DoDueWork();
        Assert.Equal("IN_PROGRESS: 1 QUEUED", _test.Standing("update-firmware"));

        _test.AdvanceTo(At("03:00"));
        Assert.Equal("SCHEDULED: 10 QUEUED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void What_may_not_happen_any_more_is_not_done_late()
    {
        // The end of one has passed before it began, or in the middle of its rollout; the window of the other is closed again.
        _test.CreateJob("not-begun", group: _test.CreateFleet("a", 5), schedule: Scheduled("2026-01-01 00:30", "2026-01-01 01:00"));
        _test.CreateJob("begun", group: _test.CreateFleet("b", 5), rollout: PerMinute(1), schedule: Scheduled(end: "2026-01-01 01:00"));
        _test.AdvanceTo(At("00:02"));
        _test.CreateJob(
            "in-window", group: _test.CreateFleet("c", 5), isContinuous: true, rollout: PerMinute(1), schedule: Windows("0 0 * * ? *", 60));
        _test.JumpTo(At("12:00"));
        _test.DoDueWork();

        Assert.Equal(("COMPLETED: ", "IN_PROGRESS: 3 QUEUED", "SCHEDULED: 1 QUEUED"), (_test.Standing("not-begun"), _test.Standing("begun"), _test.Standing("in-window")));
    }

    [Fact]
    public void A_start_that_was_missed_is_made_up_for()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 3), rollout: PerMinute(2),
            schedule: Scheduled(start: "2026-01-01 01:00", end: "2026-01-02 00:00"));
        _test.JumpTo(At("12:00"));
        _test.DoDueWork();

        Assert.Equal("IN_PROGRESS: 2 QUEUED", _test.Standing("update-firmware"));
        Assert.Equal([3], _test.EachMinute(1, () => _test.Queued("update-firmware")));
    }

    [Fact]
    public void A_deletion_ends_late()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3));
        _test.DeleteJob("update-firmware", force: true);
        _test.JumpTo(At("12:00"));
        _test.Restart();
        _test.DoDueWork();

        Assert.Equal((0, 0, 0), (_test.Realm.Jobs.Count, _test.Realm.Executions.Count, _test.Realm.JobDocuments.Count));
    }

    [Fact]
    public void Due_work_is_done_once()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 30), rollout: PerMinute(10),
            timeoutInMinutes: 1, retry: Retries(Retryable.TIMED_OUT, 1));
        _test.StartNext("fleet-1");
        _test.JumpTo(At("00:02"));
        _test.DoDueWork();
        var (turns, standing) = (_test.Turns.Count, _test.Standing("update-firmware"));

        _test.DoDueWork();
        _test.Restart();
        _test.DoDueWork();
        Assert.Null(DueWork.Step(_test.World));
        Assert.Equal((turns, standing), (_test.Turns.Count, _test.Standing("update-firmware")));
        Assert.Equal("IN_PROGRESS: 30 QUEUED, 1 TIMED_OUT", standing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Setting_the_clock_back_runs_nothing_and_forward_again_nothing_twice(bool isRestarted)
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 3), timeoutInMinutes: 10,
            retry: Retries(Retryable.TIMED_OUT, 1), schedule: Scheduled(end: "2026-01-01 01:00"));
        _test.CreateJob("in-windows", group: _test.CreateFleet("others", 3), isContinuous: true, schedule: Windows("0 2 * * ? *", 60));
        _test.StartNext("fleet-1");
        _test.AdvanceTo(At("02:30"));
        var (turns, standing) = (_test.Turns.Count, (_test.Standing("update-firmware"), _test.Standing("in-windows")));

        _test.World.Now = At("2025-12-01 00:00");
        if (isRestarted)
            _test.Restart();
        Assert.Null(DueWork.Step(_test.World));
        _test.AdvanceTo(At("02:59"));
        Assert.Equal((turns, standing), (_test.Turns.Count, (_test.Standing("update-firmware"), _test.Standing("in-windows"))));
        _test.AdvanceTo(At("03:00"));
        Assert.Equal("SCHEDULED: 3 QUEUED", _test.Standing("in-windows"));
    }
}
