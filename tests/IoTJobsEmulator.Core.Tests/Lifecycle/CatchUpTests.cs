using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.Things;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Api = IoTJobsEmulator.Core.Operations.Jobs;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;
using Failure = IoTJobsEmulator.Core.Jobs.JobExecutionFailureType;
using Retryable = IoTJobsEmulator.Core.Jobs.RetryableFailureType;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>The server was down while things fell due: they are done late, in order of time, and once.</summary>
public sealed class CatchUpTests : LifecycleTest
{
    [Fact]
    public void Each_minute_of_a_rollout_that_was_missed_is_made_up_for()
    {
        CreateJob("update-firmware", Fleet("fleet", 3500), isContinuous: true, rollout: Exponential(1000, 100, 2, notified: 400));
        Jump(At("00:05"));
        Restart();
        CatchUp();

        Assert.Equal(100 + 100 + 100 + 100 + 200 + 200, Queued("update-firmware"));
        Assert.Equal([1200], EachMinute(1, () => Queued("update-firmware")));
    }

    [Fact]
    public void What_fell_due_first_is_done_first_over_all_jobs()
    {
        CreateThings("pump-1");
        foreach (var (job, minutes) in new[] { ("five", 5), ("three", 3), ("four", 4), ("three-too", 3) })
        {
            CreateJob(job, ThingArn("pump-1"), timeout: minutes);
            Report("pump-1", job, IN_PROGRESS);
        }
        Jump(At("01:00"));
        Announced.Clear();
        CatchUp();

        Assert.Equal(["three", "three-too", "four", "five"], Announced.OfType<JobExecutionEvent>().Select(one => one.Execution.JobId));
        Assert.Equal([At("01:00")], Realm.Executions.All.Select(execution => execution.LastUpdatedAt).Distinct());
    }

    [Fact]
    public void What_fell_due_first_is_done_first_over_all_accounts_and_regions()
    {
        List<string> regions = [];
        foreach (var (region, minutes) in new[] { ("us-east-1", 5), ("eu-central-1", 3), ("ap-south-1", 4) })
        {
            var realm = World.Realm("123456789012", region);
            CreateThing.Handle(realm, "pump-1", null);
            Api.CreateJob.Handle(realm, "update-firmware", new()
            {
                Targets = new([Arn.OfThing(realm, "pump-1")]),
                Document = "{}",
                TimeoutConfig = new() { InProgressTimeoutInMinutes = minutes },
            });
            Device.StartNextPendingJobExecution.Handle(realm, "pump-1", null);
        }
        World.Now = At("00:04");
        while (DueWork.Step(World) is { } realm)
            regions.Add(realm.Region);
        Assert.Equal(["eu-central-1", "ap-south-1"], regions);

        World.Now = At("00:05");
        Assert.Equal("us-east-1", DueWork.Step(World)!.Region);
        Assert.Null(DueWork.NextDue(World));
    }

    [Fact]
    public void A_timer_that_ran_out_before_the_end_timed_out_and_one_that_would_have_later_was_cancelled()
    {
        CreateJob("update-firmware", Fleet("fleet", 2), timeout: 20, schedule: Scheduled(end: "2026-01-01 00:30", behavior: JobEndBehavior.FORCE_CANCEL));
        StartNext("fleet-1");
        Advance(Minutes(15));
        StartNext("fleet-2");
        Jump(At("01:00"));
        CatchUp();

        Assert.Equal(("1 TIMED_OUT v3", "1 CANCELED v3"), (Runs("update-firmware", "fleet-1"), Runs("update-firmware", "fleet-2")));
        Assert.Equal("COMPLETED: 1 TIMED_OUT, 1 CANCELED", Standing("update-firmware"));
    }

    [Fact]
    public void A_timer_that_runs_out_while_a_fleet_is_being_cancelled_comes_too_late()
    {
        CreateJob("update-firmware", Fleet("fleet", 1000), timeout: 20);
        CreateJob("rotate-keys", Fleet("others", 500), timeout: 20);
        foreach (var number in Enumerable.Range(1, 1000))
            StartNext($"fleet-{number}");
        Report("others-1", "rotate-keys", IN_PROGRESS);
        CreateThings("late");
        Advance(Minutes(19));
        CancelJob("rotate-keys", force: true);
        CancelJob("update-firmware", force: true);
        Jump(At("00:20"));
        CatchUp();

        Assert.Equal(("CANCELED: 1000 CANCELED", "CANCELED: 500 CANCELED"), (Standing("update-firmware"), Standing("rotate-keys")));
    }

    [Fact]
    public void Timeouts_late_abort_and_retry_as_in_time()
    {
        foreach (var job in new[] { "in-time", "late" })
        {
            CreateJob(
                job, Fleet(job, 4), timeout: 10, retry: RetryOf(Retryable.TIMED_OUT, 2), abort: AbortWhen(Failure.TIMED_OUT, 100, ofAtLeast: 3));
        }
        foreach (var number in new[] { 1, 2, 3 })
        {
            StartNext($"in-time-{number}");
            StartNext($"late-{number}");
            Advance(Minutes(1));
        }
        AdvanceTo(At("00:09"));
        Jump(At("05:00"));
        CatchUp();

        Assert.Equal(("CANCELED: 3 TIMED_OUT, 3 CANCELED", Standing("in-time")), (Standing("late"), Standing("late")));
    }

    [Fact]
    public void A_window_that_opened_and_closed_meanwhile_is_missed()
    {
        CreateJob("update-firmware", Fleet("fleet", 10), isContinuous: true, rollout: PerMinute(1), schedule: Windows("0 2 * * ? *", 60));
        Jump(At("2026-01-05 12:00"));
        CatchUp();
        Assert.Equal("SCHEDULED: ", Standing("update-firmware"));

        AdvanceTo(At("2026-01-06 02:00"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", Standing("update-firmware"));
    }

    [Fact]
    public void A_window_that_is_still_open_is_used_for_its_rest()
    {
        CreateJob("update-firmware", Fleet("fleet", 100), isContinuous: true, rollout: PerMinute(1), schedule: Windows("0 2 * * ? *", 60));
        Jump(At("02:50"));
        CatchUp();
        Assert.Equal("IN_PROGRESS: 1 QUEUED", Standing("update-firmware"));

        AdvanceTo(At("03:00"));
        Assert.Equal("SCHEDULED: 10 QUEUED", Standing("update-firmware"));
    }

    [Fact]
    public void What_may_not_happen_any_more_is_not_done_late()
    {
        // The end of one has passed before it began, or in the middle of its rollout; the window of the other is closed again.
        CreateJob("not-begun", Fleet("a", 5), schedule: Scheduled("2026-01-01 00:30", "2026-01-01 01:00"));
        CreateJob("begun", Fleet("b", 5), rollout: PerMinute(1), schedule: Scheduled(end: "2026-01-01 01:00"));
        AdvanceTo(At("00:02"));
        CreateJob("in-window", Fleet("c", 5), isContinuous: true, rollout: PerMinute(1), schedule: Windows("0 0 * * ? *", 60));
        Jump(At("12:00"));
        CatchUp();

        Assert.Equal(("COMPLETED: ", "IN_PROGRESS: 3 QUEUED", "SCHEDULED: 1 QUEUED"), (Standing("not-begun"), Standing("begun"), Standing("in-window")));
    }

    [Fact]
    public void A_start_that_was_missed_is_made_up_for()
    {
        CreateJob("update-firmware", Fleet("fleet", 3), rollout: PerMinute(2), schedule: Scheduled(start: "2026-01-01 01:00", end: "2026-01-02 00:00"));
        Jump(At("12:00"));
        CatchUp();

        Assert.Equal("IN_PROGRESS: 2 QUEUED", Standing("update-firmware"));
        Assert.Equal([3], EachMinute(1, () => Queued("update-firmware")));
    }

    [Fact]
    public void A_deletion_ends_late()
    {
        CreateJob("update-firmware", Fleet("fleet", 3));
        DeleteJob("update-firmware", force: true);
        Jump(At("12:00"));
        Restart();
        CatchUp();

        Assert.Equal((0, 0, 0), (Realm.Jobs.Count, Realm.Executions.Count, Realm.JobDocuments.Count));
    }

    [Fact]
    public void It_is_done_once()
    {
        CreateJob("update-firmware", Fleet("fleet", 30), rollout: PerMinute(10), timeout: 1, retry: RetryOf(Retryable.TIMED_OUT, 1));
        StartNext("fleet-1");
        Jump(At("00:02"));
        CatchUp();
        var (turns, standing) = (Turns.Count, Standing("update-firmware"));

        CatchUp();
        Restart();
        CatchUp();
        Assert.Null(DueWork.Step(World));
        Assert.Equal((turns, standing), (Turns.Count, Standing("update-firmware")));
        Assert.Equal("IN_PROGRESS: 30 QUEUED, 1 TIMED_OUT", standing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Setting_the_clock_back_runs_nothing_and_forward_again_nothing_twice(bool isRestarted)
    {
        CreateJob("update-firmware", Fleet("fleet", 3), timeout: 10, retry: RetryOf(Retryable.TIMED_OUT, 1), schedule: Scheduled(end: "2026-01-01 01:00"));
        CreateJob("in-windows", Fleet("others", 3), isContinuous: true, schedule: Windows("0 2 * * ? *", 60));
        StartNext("fleet-1");
        AdvanceTo(At("02:30"));
        var (turns, standing) = (Turns.Count, (Standing("update-firmware"), Standing("in-windows")));

        World.Now = At("2025-12-01 00:00");
        if (isRestarted)
            Restart();
        Assert.Null(DueWork.Step(World));
        AdvanceTo(At("02:59"));
        Assert.Equal((turns, standing), (Turns.Count, (Standing("update-firmware"), Standing("in-windows"))));
        AdvanceTo(At("03:00"));
        Assert.Equal("SCHEDULED: 3 QUEUED", Standing("in-windows"));
    }
}
