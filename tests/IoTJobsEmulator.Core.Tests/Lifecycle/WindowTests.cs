using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Failure = IoTJobsEmulator.Core.Jobs.JobExecutionFailureType;
using Retryable = IoTJobsEmulator.Core.Jobs.RetryableFailureType;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Jobs with a window each day from 02:00 to 03:00. Source: the developer guide, "Recurring maintenance windows".</summary>
public sealed class WindowTests : LifecycleTest
{
    private const string Daily = "0 2 * * ? *";

    private static readonly SchedulingConfig Window = Windows(Daily, 60);

    private void CreateWindowJob(
        string target, SchedulingConfig? schedule = null, RolloutConfig? rollout = null, RetryConfig? retry = null, AbortConfig? abort = null, long? timeout = null) =>
        CreateJob("update-firmware", target, isContinuous: true, schedule: schedule ?? Window, rollout: rollout, retry: retry, abort: abort, timeout: timeout);

    [Fact]
    public void A_job_is_IN_PROGRESS_within_its_windows_and_SCHEDULED_between_them()
    {
        CreateWindowJob(Fleet("fleet", 1));
        Assert.Equal("SCHEDULED: ", Standing("update-firmware"));

        AdvanceTo(At("01:59:59.999"));
        Assert.Equal("SCHEDULED: ", Standing("update-firmware"));
        AdvanceTo(At("02:00"));
        Assert.Equal(("IN_PROGRESS: 1 QUEUED", At("02:00")), (Standing("update-firmware"), View("update-firmware").LastUpdatedAt));
        AdvanceTo(At("02:59:59.999"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("03:00"));
        Assert.Equal(("SCHEDULED: 1 QUEUED", At("03:00")), (Standing("update-firmware"), View("update-firmware").LastUpdatedAt));
        AdvanceTo(At("2026-01-09 02:30"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("2026-01-09 03:30"));
        Assert.Equal("SCHEDULED: 1 QUEUED", Standing("update-firmware"));
    }

    /// <summary>A clock that is set ahead stops only where more changes than the status of a job: DueWork.NextChange.</summary>
    [Fact]
    public void Windows_in_which_nothing_can_happen_are_passed_over_and_made_up_for_where_the_clock_stops()
    {
        Fleet("fleet", 0);
        CreateWindowJob(GroupArn("fleet"), Windows("0/5 * * * ? *", 1));
        Assert.Null(DueWork.NextChange(World));
        Assert.Equal(At("00:01"), DueWork.NextDue(World));

        var turns = Turns.Count;
        Jump(At("2026-03-01 12:00:30"));
        CatchUp();
        Assert.Equal(("IN_PROGRESS: ", 1), (Standing("update-firmware"), Turns.Count - turns));
        Jump(At("2026-05-01 12:03"));
        CatchUp();
        Assert.Equal(("SCHEDULED: ", 2), (Standing("update-firmware"), Turns.Count - turns));
        Assert.Equal(At("2026-05-01 12:05"), DueWork.NextDue(World));

        CreateThings("late");
        Join("late", "fleet");
        Assert.Equal(At("2026-05-01 12:05"), DueWork.NextChange(World));
        AdvanceTo(At("2026-05-01 12:05"));
        Assert.Equal(("IN_PROGRESS: 1 QUEUED", At("2026-05-01 12:06")), (Standing("update-firmware"), DueWork.NextChange(World)));
        Report("late", "update-firmware", SUCCEEDED);
        Assert.Null(DueWork.NextChange(World));
    }

    [Fact]
    public void The_end_of_a_job_whose_windows_are_idle_is_not_passed_over()
    {
        Fleet("fleet", 0);
        CreateWindowJob(GroupArn("fleet"), Windows("0/5 * * * ? *", 1) with { EndTime = "2026-01-03 00:02" });
        Assert.Equal(At("2026-01-03 00:02"), DueWork.NextChange(World));
        AdvanceTo(At("2026-01-03 00:02"));
        Assert.Equal("COMPLETED: ", Standing("update-firmware"));
        Assert.Null(DueWork.NextDue(World));
    }

    [Fact]
    public void A_job_created_within_a_window_begins_at_once_and_stops_when_it_closes()
    {
        AdvanceTo(At("02:59"));
        CreateWindowJob(Fleet("fleet", 10), rollout: PerMinute(3));
        Assert.Equal("IN_PROGRESS: 3 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("03:30"));
        Assert.Equal("SCHEDULED: 3 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal("IN_PROGRESS: 6 QUEUED", Standing("update-firmware"));
    }

    [Fact]
    public void A_rollout_goes_on_in_the_next_window()
    {
        CreateWindowJob(Fleet("fleet", 1000), rollout: PerMinute(10));
        AdvanceTo(At("12:00"));
        Assert.Equal(("SCHEDULED: 600 QUEUED", false), (Standing("update-firmware"), View("update-firmware").IsConcurrent));
        Assert.Equal([GroupArn("fleet")], View("update-firmware").JobProcessDetails.ProcessingTargets!);

        AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal(("IN_PROGRESS: 610 QUEUED", true), (Standing("update-firmware"), View("update-firmware").IsConcurrent));
        AdvanceTo(At("2026-01-02 02:40"));
        Assert.Equal(("IN_PROGRESS: 1000 QUEUED", false), (Standing("update-firmware"), View("update-firmware").IsConcurrent));
    }

    [Fact]
    public void While_the_window_is_closed_devices_do_not_see_what_is_queued_and_see_what_they_have_begun()
    {
        CreateWindowJob(Fleet("fleet", 2));
        AdvanceTo(At("02:10"));
        Report("fleet-2", "update-firmware", IN_PROGRESS);
        Assert.Equal("IN_PROGRESS: ; QUEUED: update-firmware", Pending("fleet-1"));
        AdvanceTo(At("03:00"));

        Assert.Equal(("IN_PROGRESS: ; QUEUED: ", "IN_PROGRESS: update-firmware; QUEUED: "), (Pending("fleet-1"), Pending("fleet-2")));
        Assert.Null(StartNext("fleet-1"));
        Assert.Null(DescribeJobExecution.Handle(Test, "fleet-1", "$next", null, null).Execution);
        const string NotThere = "Job execution for job update-firmware and thing fleet-1 cannot be found.";
        AssertRefused(ServiceError.ResourceNotFound, NotThere, () => DescribeJobExecution.Handle(Test, "fleet-1", "update-firmware", null, null));
        AssertRefused(ServiceError.ResourceNotFound, NotThere, () => Report("fleet-1", "update-firmware", SUCCEEDED));
        Assert.Equal(QUEUED, Execution("update-firmware", "fleet-1").Status);

        // What has begun goes on.
        Assert.Equal("update-firmware", StartNext("fleet-2"));
        Report("fleet-2", "update-firmware", SUCCEEDED);
        Assert.Equal("SCHEDULED: 1 QUEUED, 1 SUCCEEDED", Standing("update-firmware"));

        AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal("IN_PROGRESS: ; QUEUED: update-firmware", Pending("fleet-1"));
        Assert.Equal("update-firmware", StartNext("fleet-1"));
        Assert.Equal("1 IN_PROGRESS v2", Runs("update-firmware", "fleet-1"));
    }

    [Fact]
    public void Other_jobs_come_forward_while_the_window_is_closed()
    {
        var fleet = Fleet("fleet", 1);
        CreateWindowJob(fleet);
        AdvanceTo(At("02:10"));
        CreateJob("rotate-keys", fleet);
        Assert.Equal("IN_PROGRESS: ; QUEUED: update-firmware, rotate-keys", Pending("fleet-1"));
        AdvanceTo(At("03:00"));

        Assert.Equal("IN_PROGRESS: ; QUEUED: rotate-keys", Pending("fleet-1"));
        Assert.Equal("rotate-keys", StartNext("fleet-1"));
    }

    [Fact]
    public void No_device_starts_what_due_work_has_not_hidden_yet()
    {
        RollOutAtOnce();
        CreateWindowJob(Fleet("fleet", 2500));
        AdvanceTo(At("02:30"));
        Jump(At("03:00"));
        DueWork.Step(World);
        Assert.Equal(("SCHEDULED: 2500 QUEUED", 0), (Standing("update-firmware"), Job("update-firmware").Hidden));

        foreach (var thing in new[] { "fleet-1", "fleet-1250", "fleet-2500" })
            Assert.Null(StartNext(thing));
        Assert.Equal(3, Job("update-firmware").Hidden);
        CatchUp();
        Assert.Equal(2500, Job("update-firmware").Hidden);
    }

    [Fact]
    public void Timers_run_on_when_the_window_closes()
    {
        CreateWindowJob(Fleet("fleet", 1), timeout: 60);
        AdvanceTo(At("02:30"));
        StartNext("fleet-1");
        AdvanceTo(At("03:30"));

        Assert.Equal("SCHEDULED: 1 TIMED_OUT", Standing("update-firmware"));
    }

    [Fact]
    public void What_fails_outside_a_window_is_retried_in_the_next()
    {
        CreateWindowJob(Fleet("fleet", 2), timeout: 60, retry: RetryOf((Retryable.FAILED, 2), (Retryable.TIMED_OUT, 2)));
        AdvanceTo(At("02:30"));
        StartNext("fleet-1");
        StartNext("fleet-2");
        AdvanceTo(At("03:15"));
        Report("fleet-1", "update-firmware", FAILED);
        AdvanceTo(At("12:00"));
        Assert.Equal(("1 FAILED v3", "1 TIMED_OUT v3"), (Runs("update-firmware", "fleet-1"), Runs("update-firmware", "fleet-2")));

        AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal(("1 FAILED v3, 2 QUEUED v1 retry 1", "1 TIMED_OUT v3, 2 QUEUED v1 retry 1"), (Runs("update-firmware", "fleet-1"), Runs("update-firmware", "fleet-2")));
        Assert.Equal((0, 1), (Execution("update-firmware", "fleet-1").RetriesOfTimeouts, Execution("update-firmware", "fleet-2").RetriesOfTimeouts));
        Report("fleet-1", "update-firmware", FAILED);
        Assert.Equal("1 FAILED v3, 2 FAILED v2 retry 1, 3 QUEUED v1 retry 2", Runs("update-firmware", "fleet-1"));
    }

    [Fact]
    public void A_retry_that_waits_for_a_window_is_dropped_by_leaving_and_by_cancelling()
    {
        CreateWindowJob(Fleet("fleet", 2), retry: RetryOf(Retryable.FAILED, 2));
        AdvanceTo(At("02:30"));
        StartNext("fleet-1");
        StartNext("fleet-2");
        AdvanceTo(At("03:15"));
        Report("fleet-1", "update-firmware", FAILED);
        Report("fleet-2", "update-firmware", FAILED);
        Leave("fleet-1", "fleet");
        Assert.Equal(1, Realm.WaitingTargets.Count);
        Join("fleet-1", "fleet");
        AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal(("1 FAILED v3, 2 QUEUED v1", "1 FAILED v3, 2 QUEUED v1 retry 1"), (Runs("update-firmware", "fleet-1"), Runs("update-firmware", "fleet-2")));

        Report("fleet-2", "update-firmware", IN_PROGRESS);
        AdvanceTo(At("2026-01-02 03:00"));
        Report("fleet-2", "update-firmware", FAILED);
        CancelJob("update-firmware");
        Advance(Days(3));
        Assert.Equal("CANCELED: 3 FAILED, 1 CANCELED", Standing("update-firmware"));
        Assert.Equal(0, Realm.WaitingTargets.Count);
    }

    [Fact]
    public void A_failure_outside_a_window_can_abort_the_job_and_drops_waiting_retries()
    {
        CreateWindowJob(Fleet("fleet", 3), retry: RetryOf(Retryable.FAILED, 2), abort: AbortWhen(Failure.FAILED, 100, ofAtLeast: 2));
        AdvanceTo(At("02:30"));
        StartNext("fleet-1");
        StartNext("fleet-2");
        AdvanceTo(At("03:15"));
        Report("fleet-1", "update-firmware", FAILED);
        Assert.Equal((JobStatus.SCHEDULED, 1), (Job("update-firmware").Status, Realm.WaitingTargets.Count));
        Report("fleet-2", "update-firmware", FAILED);

        Assert.Equal(("CANCELED: 2 FAILED, 1 CANCELED", 0), (Standing("update-firmware"), Realm.WaitingTargets.Count));
        Advance(Days(2));
        Assert.Equal("CANCELED: 2 FAILED, 1 CANCELED", Standing("update-firmware"));
    }

    [Fact]
    public void What_joins_and_leaves_between_windows_counts_at_the_next()
    {
        CreateWindowJob(Fleet("fleet", 2));
        AdvanceTo(At("12:00"));
        CreateThings("late");
        Join("late", "fleet");
        Leave("fleet-1", "fleet");
        Assert.Equal(("1 REMOVED v1", ""), (Runs("update-firmware", "fleet-1"), Runs("update-firmware", "late")));
        AdvanceTo(At("2026-01-02 02:00"));

        Assert.Equal("IN_PROGRESS: 2 QUEUED, 1 REMOVED", Standing("update-firmware"));
    }

    [Fact]
    public void What_is_cancelled_or_deleted_while_hidden_is_gone_for_good()
    {
        CreateWindowJob(Fleet("fleet", 3));
        AdvanceTo(At("12:00"));
        CancelExecution("update-firmware", "fleet-1");
        DeleteExecution("update-firmware", "fleet-2");
        DeleteThing("fleet-3");
        AdvanceTo(At("2026-01-02 02:30"));

        Assert.Equal("IN_PROGRESS: 1 REMOVED, 1 CANCELED", Standing("update-firmware"));
    }

    [Fact]
    public void Windows_with_a_start_open_only_after_it()
    {
        CreateWindowJob(Fleet("fleet", 1), Windows(Daily, 60, start: "2026-01-03 12:00"));
        AdvanceTo(At("2026-01-03 02:30"));
        Assert.Equal("SCHEDULED: ", Standing("update-firmware"));
        AdvanceTo(At("2026-01-03 12:00"));
        Assert.Equal("SCHEDULED: ", Standing("update-firmware"));
        AdvanceTo(At("2026-01-04 02:00"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", Standing("update-firmware"));
    }

    [Theory]
    [InlineData("2026-01-03 02:00")]
    [InlineData("2026-01-03 02:15")]
    public void A_start_within_a_window_begins_with_what_is_left_of_it(string start)
    {
        CreateWindowJob(Fleet("fleet", 1), Windows(Daily, 60, start: start));
        AdvanceTo(At(start) - Minutes(1));
        Assert.Equal("SCHEDULED: ", Standing("update-firmware"));
        AdvanceTo(At(start));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("2026-01-03 03:00"));
        Assert.Equal("SCHEDULED: 1 QUEUED", Standing("update-firmware"));
    }

    [Theory]
    [InlineData(JobEndBehavior.STOP_ROLLOUT, "IN_PROGRESS: 1 QUEUED, 1 IN_PROGRESS", "IN_PROGRESS: ; QUEUED: update-firmware")]
    [InlineData(JobEndBehavior.CANCEL, "IN_PROGRESS: 1 IN_PROGRESS, 1 CANCELED", "IN_PROGRESS: ; QUEUED: ")]
    [InlineData(JobEndBehavior.FORCE_CANCEL, "COMPLETED: 2 CANCELED", "IN_PROGRESS: ; QUEUED: ")]
    public void The_end_comes_within_a_window_and_outside_as_it_does_without(JobEndBehavior behavior, string standing, string pending)
    {
        foreach (var (day, end) in new[] { ("2026-01-01", "2026-01-01 02:30"), ("2026-01-02", "2026-01-02 12:00") })
        {
            var fleet = Fleet($"fleet-{day}", 3);
            CreateWindowJob(fleet, Windows(Daily, 60, end: end, behavior: behavior), rollout: PerMinute(2));
            var opening = At($"{day} 02:00");
            AdvanceTo(opening);
            Report($"fleet-{day}-1", "update-firmware", IN_PROGRESS);
            Leave($"fleet-{day}-3", $"fleet-{day}");

            AdvanceTo(At(end));
            Assert.Equal((standing, pending), (Standing("update-firmware"), Pending($"fleet-{day}-2")));
            Assert.Null(View("update-firmware").ScheduledJobRollouts);
            Advance(Hours(6));
            Assert.Equal((standing, pending), (Standing("update-firmware"), Pending($"fleet-{day}-2")));

            if (behavior != JobEndBehavior.FORCE_CANCEL)
                Report($"fleet-{day}-1", "update-firmware", SUCCEEDED);
            if (behavior == JobEndBehavior.STOP_ROLLOUT)
                Report($"fleet-{day}-2", "update-firmware", SUCCEEDED);
            Assert.Equal(JobStatus.COMPLETED, Job("update-firmware").Status);
            DeleteJob("update-firmware", force: true);
            AdvanceTo(At("2026-01-01 23:00"));
        }
    }

    [Fact]
    public void The_next_seven_openings_are_shown()
    {
        CreateWindowJob(Fleet("fleet", 1));
        string[] FromDay(int day) => [.. Enumerable.Range(day, 7).Select(one => $"2026-01-{one:D2} 02:00")];

        Assert.Equal(FromDay(1), View("update-firmware").ScheduledJobRollouts!.Select(rollout => rollout.StartTime));
        AdvanceTo(At("02:00"));
        Assert.Equal(FromDay(2), View("update-firmware").ScheduledJobRollouts!.Select(rollout => rollout.StartTime));
        CancelJob("update-firmware");
        Assert.Null(View("update-firmware").ScheduledJobRollouts);
    }

    [Theory]
    [InlineData("2026-01-03 12:00", "2026-01-06 02:00", "2026-01-04 02:00, 2026-01-05 02:00")]
    [InlineData("2026-01-03 02:00", "2026-01-05 12:00", "2026-01-03 02:00, 2026-01-04 02:00, 2026-01-05 02:00")]
    public void Openings_before_the_start_and_from_the_end_on_are_not_shown(string start, string end, string openings)
    {
        CreateWindowJob(Fleet("fleet", 1), Windows(Daily, 60, start: start, end: end));

        Assert.Equal(openings, string.Join(", ", View("update-firmware").ScheduledJobRollouts!.Select(rollout => rollout.StartTime)));
    }

    [Fact]
    public void A_job_without_windows_has_no_openings()
    {
        CreateJob("update-firmware", Fleet("fleet", 1), isContinuous: true, schedule: Scheduled(start: "2026-01-02 00:00"));

        Assert.Null(View("update-firmware").ScheduledJobRollouts);
    }

    [Fact]
    public void When_the_last_window_has_closed_the_job_stays_SCHEDULED()
    {
        CreateWindowJob(Fleet("fleet", 1), Windows("0 2 1 1 ? 2026", 60));
        AdvanceTo(At("02:00"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("2027-01-01 12:00"));

        Assert.Equal("SCHEDULED: 1 QUEUED", Standing("update-firmware"));
        Assert.Null(DueWork.NextDue(World));
    }

    [Fact]
    public void Where_windows_overlap_the_job_goes_on()
    {
        var windows = Windows(Daily, 60);
        windows = windows with { MaintenanceWindows = new([.. windows.MaintenanceWindows!, new() { StartTime = "cron(30 2 * * ? *)", DurationInMinutes = 60 }]) };
        CreateWindowJob(Fleet("fleet", 1000), windows, rollout: PerMinute(10));

        AdvanceTo(At("02:59"));
        Assert.Equal("IN_PROGRESS: 600 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("03:00"));
        Assert.Equal("IN_PROGRESS: 610 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("03:30"));
        Assert.Equal("SCHEDULED: 900 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("2026-01-02 02:09"));
        Assert.Equal("IN_PROGRESS: 1000 QUEUED", Standing("update-firmware"));
    }

    [Fact]
    public void A_window_longer_than_its_period_never_closes()
    {
        CreateWindowJob(Fleet("fleet", 1), Windows("0 * * * ? *", 61));
        AdvanceTo(At("01:00"));
        foreach (var _ in Enumerable.Range(1, 60))
        {
            Advance(Minutes(17));
            Assert.Equal("IN_PROGRESS: 1 QUEUED", Standing("update-firmware"));
        }
        Assert.DoesNotContain(Announced.OfType<PendingExecutionsChanged>(), change => change.Pending.Count == 0);
    }

    [Fact]
    public void A_job_whose_window_opens_when_too_many_roll_out_is_cancelled()
    {
        World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = Fleet("fleet", 500);
        CreateWindowJob(fleet);
        AdvanceTo(At("01:59"));
        CreateJob("slow", fleet, rollout: PerMinute(1));
        AdvanceTo(At("02:00"));

        Assert.Equal("CANCELED: ", Standing("update-firmware"));
        Assert.Equal((JobSchedule.ConcurrencyReasonCode, JobSchedule.ConcurrencyComment), (View("update-firmware").ReasonCode, View("update-firmware").Comment));
        Assert.Equal(0, Realm.WaitingTargets.OfJob.Count("update-firmware"));
        Assert.Equal([JobOperation.cancellation_in_progress, JobOperation.canceled], Announced.OfType<JobEvent>().Where(one => one.Job.JobId == "update-firmware").Select(one => one.Operation));
    }

    [Fact]
    public void A_job_created_within_its_window_when_too_many_roll_out_waits_for_its_turn()
    {
        World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = Fleet("fleet", 500);
        AdvanceTo(At("02:10"));
        CreateJob("slow", fleet, rollout: PerMinute(1));
        CreateWindowJob(fleet);
        CatchUp();
        Assert.Equal("IN_PROGRESS: ", Standing("update-firmware"));

        CancelJob("slow");
        CatchUp();

        Assert.Equal("IN_PROGRESS: 500 QUEUED", Standing("update-firmware"));
    }

    [Fact]
    public void A_window_that_opens_again_when_too_many_roll_out_cancels_nothing()
    {
        World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = Fleet("fleet", 500);
        CreateWindowJob(fleet);
        AdvanceTo(At("02:30"));
        Assert.Equal("IN_PROGRESS: 500 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("2026-01-02 01:59"));
        CreateJob("slow", fleet, rollout: PerMinute(1));
        AdvanceTo(At("2026-01-02 02:00"));

        Assert.Equal("IN_PROGRESS: 500 QUEUED", Standing("update-firmware"));
    }

    [Fact]
    public void A_restart_keeps_the_windows()
    {
        CreateWindowJob(Fleet("fleet", 1000), rollout: PerMinute(10));
        Restart();
        AdvanceTo(At("02:30"));
        Restart();
        AdvanceTo(At("03:00"));
        Restart();
        Assert.Equal("SCHEDULED: 600 QUEUED", Standing("update-firmware"));
        AdvanceTo(At("2026-01-02 02:00"));

        Assert.Equal("IN_PROGRESS: 610 QUEUED", Standing("update-firmware"));
    }

    [Fact]
    public void A_year_of_windows_changes_a_job_twice_a_day()
    {
        CreateWindowJob(Fleet("fleet", 1));
        AdvanceTo(At("03:00"));
        var turns = Turns.Count;
        Advance(Days(365));

        Assert.InRange(Turns.Count - turns, 2 * 365, 4 * 365);
    }
}
