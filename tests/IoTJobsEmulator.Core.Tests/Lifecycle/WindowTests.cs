using IoTJobsEmulator.Core.Operations.IotJobsData;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Jobs with a window each day from 02:00 to 03:00. Source: the developer guide, "Recurring maintenance windows".</summary>
public sealed class WindowTests
{
    private readonly TestRealm _test = new();

    private const string Daily = "0 2 * * ? *";

    private static readonly SchedulingConfig Window = Windows(Daily, 60);

    private void CreateWindowJob(
        string group, SchedulingConfig? schedule = null, RolloutConfig? rollout = null, RetryConfig? retry = null, AbortConfig? abort = null, long? timeoutInMinutes = null) =>
        _test.CreateJob(
            "update-firmware", group: group, isContinuous: true, schedule: schedule ?? Window,
            rollout: rollout, retry: retry, abort: abort, timeoutInMinutes: timeoutInMinutes);

    [Fact]
    public void A_job_is_IN_PROGRESS_within_its_windows_and_SCHEDULED_between_them()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1));
        Assert.Equal("SCHEDULED: ", _test.Standing("update-firmware"));

        _test.AdvanceTo(At("01:59:59.999"));
        Assert.Equal("SCHEDULED: ", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("02:00"));
        Assert.Equal(("IN_PROGRESS: 1 QUEUED", At("02:00")), (_test.Standing("update-firmware"), _test.View("update-firmware").LastUpdatedAt));
        _test.AdvanceTo(At("02:59:59.999"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("03:00"));
        Assert.Equal(("SCHEDULED: 1 QUEUED", At("03:00")), (_test.Standing("update-firmware"), _test.View("update-firmware").LastUpdatedAt));
        _test.AdvanceTo(At("2026-01-09 02:30"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("2026-01-09 03:30"));
        Assert.Equal("SCHEDULED: 1 QUEUED", _test.Standing("update-firmware"));
    }

    /// <summary>A clock that is set ahead stops only where more changes than the status of a job: DueWork.NextChange.</summary>
    [Fact]
    public void Windows_in_which_nothing_can_happen_are_passed_over_and_made_up_for_where_the_clock_stops()
    {
        _test.CreateFleet("fleet", 0);
        CreateWindowJob("fleet", Windows("0/5 * * * ? *", 1));
        Assert.Null(DueWork.NextChange(_test.World));
        Assert.Equal(At("00:01"), DueWork.NextDue(_test.World));

        var turns = _test.Turns.Count;
        _test.JumpTo(At("2026-03-01 12:00:30"));
        _test.DoDueWork();
        Assert.Equal(("IN_PROGRESS: ", 1), (_test.Standing("update-firmware"), _test.Turns.Count - turns));
        _test.JumpTo(At("2026-05-01 12:03"));
        _test.DoDueWork();
        Assert.Equal(("SCHEDULED: ", 2), (_test.Standing("update-firmware"), _test.Turns.Count - turns));
        Assert.Equal(At("2026-05-01 12:05"), DueWork.NextDue(_test.World));

        _test.CreateThings("late");
        _test.Join("late", "fleet");
        Assert.Equal(At("2026-05-01 12:05"), DueWork.NextChange(_test.World));
        _test.AdvanceTo(At("2026-05-01 12:05"));
        Assert.Equal(("IN_PROGRESS: 1 QUEUED", At("2026-05-01 12:06")), (_test.Standing("update-firmware"), DueWork.NextChange(_test.World)));
        _test.Report("late", "update-firmware", SUCCEEDED);
        Assert.Null(DueWork.NextChange(_test.World));
    }

    [Fact]
    public void The_end_of_a_job_whose_windows_are_idle_is_not_passed_over()
    {
        _test.CreateFleet("fleet", 0);
        CreateWindowJob("fleet", Windows("0/5 * * * ? *", 1) with { EndTime = "2026-01-03 00:02" });
        Assert.Equal(At("2026-01-03 00:02"), DueWork.NextChange(_test.World));
        _test.AdvanceTo(At("2026-01-03 00:02"));
        Assert.Equal("COMPLETED: ", _test.Standing("update-firmware"));
        Assert.Null(DueWork.NextDue(_test.World));
    }

    [Fact]
    public void A_job_created_within_a_window_begins_at_once_and_stops_when_it_closes()
    {
        _test.AdvanceTo(At("02:59"));
        CreateWindowJob(_test.CreateFleet("fleet", 10), rollout: PerMinute(3));
        Assert.Equal("IN_PROGRESS: 3 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("03:30"));
        Assert.Equal("SCHEDULED: 3 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal("IN_PROGRESS: 6 QUEUED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_rollout_goes_on_in_the_next_window()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1000), rollout: PerMinute(10));
        _test.AdvanceTo(At("12:00"));
        Assert.Equal(("SCHEDULED: 600 QUEUED", false), (_test.Standing("update-firmware"), _test.View("update-firmware").IsConcurrent));
        Assert.Equal([GroupArn("fleet")], _test.View("update-firmware").JobProcessDetails.ProcessingTargets!);

        _test.AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal(("IN_PROGRESS: 610 QUEUED", true), (_test.Standing("update-firmware"), _test.View("update-firmware").IsConcurrent));
        _test.AdvanceTo(At("2026-01-02 02:40"));
        Assert.Equal(("IN_PROGRESS: 1000 QUEUED", false), (_test.Standing("update-firmware"), _test.View("update-firmware").IsConcurrent));
    }

    [Fact]
    public void While_the_window_is_closed_devices_do_not_see_what_is_queued_and_see_what_they_have_begun()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 2));
        _test.AdvanceTo(At("02:10"));
        _test.Report("fleet-2", "update-firmware", IN_PROGRESS);
        Assert.Equal("IN_PROGRESS: ; QUEUED: update-firmware", _test.PendingLists("fleet-1"));
        _test.AdvanceTo(At("03:00"));

        Assert.Equal(("IN_PROGRESS: ; QUEUED: ", "IN_PROGRESS: update-firmware; QUEUED: "), (_test.PendingLists("fleet-1"), _test.PendingLists("fleet-2")));
        Assert.Null(_test.StartNext("fleet-1"));
        Assert.Null(DescribeJobExecution.Handle(_test, "fleet-1", "$next", null, null).Execution);
        const string NotThere = "Job execution for job update-firmware and thing fleet-1 cannot be found.";
        _test.AssertRefused(ServiceError.ResourceNotFound, NotThere, () => DescribeJobExecution.Handle(_test, "fleet-1", "update-firmware", null, null));
        _test.AssertRefused(ServiceError.ResourceNotFound, NotThere, () => _test.Report("fleet-1", "update-firmware", SUCCEEDED));
        Assert.Equal(QUEUED, _test.Execution("update-firmware", "fleet-1").Status);

        // What has begun goes on.
        Assert.Equal("update-firmware", _test.StartNext("fleet-2"));
        _test.Report("fleet-2", "update-firmware", SUCCEEDED);
        Assert.Equal("SCHEDULED: 1 QUEUED, 1 SUCCEEDED", _test.Standing("update-firmware"));

        _test.AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal("IN_PROGRESS: ; QUEUED: update-firmware", _test.PendingLists("fleet-1"));
        Assert.Equal("update-firmware", _test.StartNext("fleet-1"));
        Assert.Equal("1 IN_PROGRESS v2", _test.Runs("update-firmware", "fleet-1"));
    }

    [Fact]
    public void Other_jobs_come_forward_while_the_window_is_closed()
    {
        var fleet = _test.CreateFleet("fleet", 1);
        CreateWindowJob(fleet);
        _test.AdvanceTo(At("02:10"));
        _test.CreateJob("rotate-keys", group: fleet);
        Assert.Equal("IN_PROGRESS: ; QUEUED: update-firmware, rotate-keys", _test.PendingLists("fleet-1"));
        _test.AdvanceTo(At("03:00"));

        Assert.Equal("IN_PROGRESS: ; QUEUED: rotate-keys", _test.PendingLists("fleet-1"));
        Assert.Equal("rotate-keys", _test.StartNext("fleet-1"));
    }

    [Fact]
    public void No_device_starts_what_due_work_has_not_hidden_yet()
    {
        _test.RollOutAtOnce();
        CreateWindowJob(_test.CreateFleet("fleet", 2500));
        _test.AdvanceTo(At("02:30"));
        _test.JumpTo(At("03:00"));
        DueWork.Step(_test.World);
        Assert.Equal(("SCHEDULED: 2500 QUEUED", 0), (_test.Standing("update-firmware"), _test.Job("update-firmware").HiddenCount));

        foreach (var thing in new[] { "fleet-1", "fleet-1250", "fleet-2500" })
            Assert.Null(_test.StartNext(thing));
        Assert.Equal(3, _test.Job("update-firmware").HiddenCount);
        _test.DoDueWork();
        Assert.Equal(2500, _test.Job("update-firmware").HiddenCount);
    }

    [Fact]
    public void Timers_run_on_when_the_window_closes()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1), timeoutInMinutes: 60);
        _test.AdvanceTo(At("02:30"));
        _test.StartNext("fleet-1");
        _test.AdvanceTo(At("03:30"));

        Assert.Equal("SCHEDULED: 1 TIMED_OUT", _test.Standing("update-firmware"));
    }

    [Fact]
    public void What_fails_outside_a_window_is_retried_in_the_next()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 2), timeoutInMinutes: 60, retry: Retries((Retryable.FAILED, 2), (Retryable.TIMED_OUT, 2)));
        _test.AdvanceTo(At("02:30"));
        _test.StartNext("fleet-1");
        _test.StartNext("fleet-2");
        _test.AdvanceTo(At("03:15"));
        _test.Report("fleet-1", "update-firmware", FAILED);
        _test.AdvanceTo(At("12:00"));
        Assert.Equal(("1 FAILED v3", "1 TIMED_OUT v3"), (_test.Runs("update-firmware", "fleet-1"), _test.Runs("update-firmware", "fleet-2")));

        _test.AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal(("1 FAILED v3, 2 QUEUED v1 retry 1", "1 TIMED_OUT v3, 2 QUEUED v1 retry 1"), (_test.Runs("update-firmware", "fleet-1"), _test.Runs("update-firmware", "fleet-2")));
        Assert.Equal((0, 1), (_test.Execution("update-firmware", "fleet-1").RetriesOfTimeouts, _test.Execution("update-firmware", "fleet-2").RetriesOfTimeouts));
        _test.Report("fleet-1", "update-firmware", FAILED);
        Assert.Equal("1 FAILED v3, 2 FAILED v2 retry 1, 3 QUEUED v1 retry 2", _test.Runs("update-firmware", "fleet-1"));
    }

    [Fact]
    public void A_retry_that_waits_for_a_window_is_dropped_by_leaving_and_by_cancelling()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 2), retry: Retries(Retryable.FAILED, 2));
        _test.AdvanceTo(At("02:30"));
        _test.StartNext("fleet-1");
        _test.StartNext("fleet-2");
        _test.AdvanceTo(At("03:15"));
        _test.Report("fleet-1", "update-firmware", FAILED);
        _test.Report("fleet-2", "update-firmware", FAILED);
        _test.Leave("fleet-1", "fleet");
        Assert.Equal(1, _test.Realm.WaitingTargets.Count);
        _test.Join("fleet-1", "fleet");
        _test.AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal(("1 FAILED v3, 2 QUEUED v1", "1 FAILED v3, 2 QUEUED v1 retry 1"), (_test.Runs("update-firmware", "fleet-1"), _test.Runs("update-firmware", "fleet-2")));

        _test.Report("fleet-2", "update-firmware", IN_PROGRESS);
        _test.AdvanceTo(At("2026-01-02 03:00"));
        _test.Report("fleet-2", "update-firmware", FAILED);
        _test.CancelJob("update-firmware");
        _test.Advance(Days(3));
        Assert.Equal("CANCELED: 3 FAILED, 1 CANCELED", _test.Standing("update-firmware"));
        Assert.Equal(0, _test.Realm.WaitingTargets.Count);
    }

    [Fact]
    public void A_failure_outside_a_window_can_abort_the_job_and_drops_waiting_retries()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 3), retry: Retries(Retryable.FAILED, 2), abort: AbortWhen(Failure.FAILED, 100, ofAtLeast: 2));
        _test.AdvanceTo(At("02:30"));
        _test.StartNext("fleet-1");
        _test.StartNext("fleet-2");
        _test.AdvanceTo(At("03:15"));
        _test.Report("fleet-1", "update-firmware", FAILED);
        Assert.Equal((JobStatus.SCHEDULED, 1), (_test.Job("update-firmware").Status, _test.Realm.WaitingTargets.Count));
        _test.Report("fleet-2", "update-firmware", FAILED);

        Assert.Equal(("CANCELED: 2 FAILED, 1 CANCELED", 0), (_test.Standing("update-firmware"), _test.Realm.WaitingTargets.Count));
        _test.Advance(Days(2));
        Assert.Equal("CANCELED: 2 FAILED, 1 CANCELED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void What_joins_and_leaves_between_windows_counts_at_the_next()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 2));
        _test.AdvanceTo(At("12:00"));
        _test.CreateThings("late");
        _test.Join("late", "fleet");
        _test.Leave("fleet-1", "fleet");
        Assert.Equal(("1 REMOVED v1", ""), (_test.Runs("update-firmware", "fleet-1"), _test.Runs("update-firmware", "late")));
        _test.AdvanceTo(At("2026-01-02 02:00"));

        Assert.Equal("IN_PROGRESS: 2 QUEUED, 1 REMOVED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void What_is_cancelled_or_deleted_while_hidden_is_gone_for_good()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 3));
        _test.AdvanceTo(At("12:00"));
        _test.CancelExecution("update-firmware", "fleet-1");
        _test.DeleteExecution("update-firmware", "fleet-2");
        _test.DeleteThing("fleet-3");
        _test.AdvanceTo(At("2026-01-02 02:30"));

        Assert.Equal("IN_PROGRESS: 1 REMOVED, 1 CANCELED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void Windows_with_a_start_open_only_after_it()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1), Windows(Daily, 60, start: "2026-01-03 12:00"));
        _test.AdvanceTo(At("2026-01-03 02:30"));
        Assert.Equal("SCHEDULED: ", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("2026-01-03 12:00"));
        Assert.Equal("SCHEDULED: ", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("2026-01-04 02:00"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", _test.Standing("update-firmware"));
    }

    [Theory]
    [InlineData("2026-01-03 02:00")]
    [InlineData("2026-01-03 02:15")]
    public void A_start_within_a_window_begins_with_what_is_left_of_it(string start)
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1), Windows(Daily, 60, start: start));
        _test.AdvanceTo(At(start) - Minutes(1));
        Assert.Equal("SCHEDULED: ", _test.Standing("update-firmware"));
        _test.AdvanceTo(At(start));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("2026-01-03 03:00"));
        Assert.Equal("SCHEDULED: 1 QUEUED", _test.Standing("update-firmware"));
    }

    [Theory]
    [InlineData(JobEndBehavior.STOP_ROLLOUT, "IN_PROGRESS: 1 QUEUED, 1 IN_PROGRESS", "IN_PROGRESS: ; QUEUED: update-firmware")]
    [InlineData(JobEndBehavior.CANCEL, "IN_PROGRESS: 1 IN_PROGRESS, 1 CANCELED", "IN_PROGRESS: ; QUEUED: ")]
    [InlineData(JobEndBehavior.FORCE_CANCEL, "COMPLETED: 2 CANCELED", "IN_PROGRESS: ; QUEUED: ")]
    public void The_end_comes_within_a_window_and_outside_as_it_does_without(JobEndBehavior behavior, string standing, string pending)
    {
        foreach (var (day, end) in new[] { ("2026-01-01", "2026-01-01 02:30"), ("2026-01-02", "2026-01-02 12:00") })
        {
            var fleet = _test.CreateFleet($"fleet-{day}", 3);
            CreateWindowJob(fleet, Windows(Daily, 60, end: end, behavior: behavior), rollout: PerMinute(2));
            var opening = At($"{day} 02:00");
            _test.AdvanceTo(opening);
            _test.Report($"fleet-{day}-1", "update-firmware", IN_PROGRESS);
            _test.Leave($"fleet-{day}-3", $"fleet-{day}");

            _test.AdvanceTo(At(end));
            Assert.Equal((standing, pending), (_test.Standing("update-firmware"), _test.PendingLists($"fleet-{day}-2")));
            Assert.Null(_test.View("update-firmware").ScheduledJobRollouts);
            _test.Advance(Hours(6));
            Assert.Equal((standing, pending), (_test.Standing("update-firmware"), _test.PendingLists($"fleet-{day}-2")));

            if (behavior != JobEndBehavior.FORCE_CANCEL)
                _test.Report($"fleet-{day}-1", "update-firmware", SUCCEEDED);
            if (behavior == JobEndBehavior.STOP_ROLLOUT)
                _test.Report($"fleet-{day}-2", "update-firmware", SUCCEEDED);
            Assert.Equal(JobStatus.COMPLETED, _test.Job("update-firmware").Status);
            _test.DeleteJob("update-firmware", force: true);
            _test.AdvanceTo(At("2026-01-01 23:00"));
        }
    }

    [Fact]
    public void The_next_seven_openings_are_shown()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1));
        string[] FromDay(int day) => [.. Enumerable.Range(day, 7).Select(one => $"2026-01-{one:D2} 02:00")];

        Assert.Equal(FromDay(1), _test.View("update-firmware").ScheduledJobRollouts!.Select(rollout => rollout.StartTime));
        _test.AdvanceTo(At("02:00"));
        Assert.Equal(FromDay(2), _test.View("update-firmware").ScheduledJobRollouts!.Select(rollout => rollout.StartTime));
        _test.CancelJob("update-firmware");
        Assert.Null(_test.View("update-firmware").ScheduledJobRollouts);
    }

    [Theory]
    [InlineData("2026-01-03 12:00", "2026-01-06 02:00", "2026-01-04 02:00, 2026-01-05 02:00")]
    [InlineData("2026-01-03 02:00", "2026-01-05 12:00", "2026-01-03 02:00, 2026-01-04 02:00, 2026-01-05 02:00")]
    public void Openings_before_the_start_and_from_the_end_on_are_not_shown(string start, string end, string openings)
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1), Windows(Daily, 60, start: start, end: end));

        Assert.Equal(openings, string.Join(", ", _test.View("update-firmware").ScheduledJobRollouts!.Select(rollout => rollout.StartTime)));
    }

    [Fact]
    public void A_job_without_windows_has_no_openings()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 1), isContinuous: true, schedule: Scheduled(start: "2026-01-02 00:00"));

        Assert.Null(_test.View("update-firmware").ScheduledJobRollouts);
    }

    [Fact]
    public void When_the_last_window_has_closed_the_job_stays_SCHEDULED()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1), Windows("0 2 1 1 ? 2026", 60));
        _test.AdvanceTo(At("02:00"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("2027-01-01 12:00"));

        Assert.Equal("SCHEDULED: 1 QUEUED", _test.Standing("update-firmware"));
        Assert.Null(DueWork.NextDue(_test.World));
    }

    [Fact]
    public void Where_windows_overlap_the_job_goes_on()
    {
        var windows = Windows(Daily, 60);
        windows = windows with { MaintenanceWindows = new([.. windows.MaintenanceWindows!, new() { StartTime = "cron(30 2 * * ? *)", DurationInMinutes = 60 }]) };
        CreateWindowJob(_test.CreateFleet("fleet", 1000), windows, rollout: PerMinute(10));

        _test.AdvanceTo(At("02:59"));
        Assert.Equal("IN_PROGRESS: 600 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("03:00"));
        Assert.Equal("IN_PROGRESS: 610 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("03:30"));
        Assert.Equal("SCHEDULED: 900 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("2026-01-02 02:09"));
        Assert.Equal("IN_PROGRESS: 1000 QUEUED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_window_longer_than_its_period_never_closes()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1), Windows("0 * * * ? *", 61));
        _test.AdvanceTo(At("01:00"));
        foreach (var _ in Enumerable.Range(1, 60))
        {
            _test.Advance(Minutes(17));
            Assert.Equal("IN_PROGRESS: 1 QUEUED", _test.Standing("update-firmware"));
        }
        Assert.DoesNotContain(_test.Announced.OfType<PendingExecutionsChanged>(), change => change.Pending.Count == 0);
    }

    [Fact]
    public void A_job_whose_window_opens_when_too_many_roll_out_is_cancelled()
    {
        _test.World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = _test.CreateFleet("fleet", 500);
        CreateWindowJob(fleet);
        _test.AdvanceTo(At("01:59"));
        _test.CreateJob("slow", group: fleet, rollout: PerMinute(1));
        _test.AdvanceTo(At("02:00"));

        Assert.Equal("CANCELED: ", _test.Standing("update-firmware"));
        Assert.Equal((JobSchedule.ConcurrencyReasonCode, JobSchedule.ConcurrencyComment), (_test.View("update-firmware").ReasonCode, _test.View("update-firmware").Comment));
        Assert.Equal(0, _test.Realm.WaitingTargets.OfJob.Count("update-firmware"));
        Assert.Equal([JobOperation.cancellation_in_progress, JobOperation.canceled], _test.Announced.OfType<JobEvent>().Where(one => one.Job.JobId == "update-firmware").Select(one => one.Operation));
    }

    [Fact]
    public void A_job_created_within_its_window_when_too_many_roll_out_waits_for_its_turn()
    {
        _test.World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = _test.CreateFleet("fleet", 500);
        _test.AdvanceTo(At("02:10"));
        _test.CreateJob("slow", group: fleet, rollout: PerMinute(1));
        CreateWindowJob(fleet);
        _test.DoDueWork();
        Assert.Equal("IN_PROGRESS: ", _test.Standing("update-firmware"));

        _test.CancelJob("slow");
        _test.DoDueWork();

        Assert.Equal("IN_PROGRESS: 500 QUEUED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_window_that_opens_again_when_too_many_roll_out_cancels_nothing()
    {
        _test.World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = _test.CreateFleet("fleet", 500);
        CreateWindowJob(fleet);
        _test.AdvanceTo(At("02:30"));
        Assert.Equal("IN_PROGRESS: 500 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("2026-01-02 01:59"));
        _test.CreateJob("slow", group: fleet, rollout: PerMinute(1));
        _test.AdvanceTo(At("2026-01-02 02:00"));

        Assert.Equal("IN_PROGRESS: 500 QUEUED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_restart_keeps_the_windows()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1000), rollout: PerMinute(10));
        _test.Restart();
        _test.AdvanceTo(At("02:30"));
        _test.Restart();
        _test.AdvanceTo(At("03:00"));
        _test.Restart();
        Assert.Equal("SCHEDULED: 600 QUEUED", _test.Standing("update-firmware"));
        _test.AdvanceTo(At("2026-01-02 02:00"));

        Assert.Equal("IN_PROGRESS: 610 QUEUED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_year_of_windows_changes_a_job_twice_a_day()
    {
        CreateWindowJob(_test.CreateFleet("fleet", 1));
        _test.AdvanceTo(At("03:00"));
        var turns = _test.Turns.Count;
        _test.Advance(Days(365));

        Assert.InRange(_test.Turns.Count - turns, 2 * 365, 4 * 365);
    }
}
