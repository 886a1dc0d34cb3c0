using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Source: the developer guide, "Job abort configuration".</summary>
public sealed class AbortTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void A_job_is_given_up_with_the_failure_that_meets_the_threshold()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 10), abort: AbortWhen(Failure.FAILED, 40, ofAtLeast: 5));
        foreach (var number in new[] { 1, 2, 3 })
            _test.Report($"fleet-{number}", "update-firmware", SUCCEEDED);
        _test.Report("fleet-4", "update-firmware", FAILED);
        _test.Report("fleet-5", "update-firmware", IN_PROGRESS);
        Assert.Equal("IN_PROGRESS: 5 QUEUED, 1 IN_PROGRESS, 3 SUCCEEDED, 1 FAILED", _test.Standing("update-firmware"));
        _test.Advance(Hours(1));

        _test.Report("fleet-6", "update-firmware", FAILED);

        // QUEUED executions are cancelled, the one in progress goes on.
        Assert.Equal("CANCELED: 1 IN_PROGRESS, 3 SUCCEEDED, 2 FAILED, 4 CANCELED", _test.Standing("update-firmware"));
        Assert.Equal("1 CANCELED v2", _test.Runs("update-firmware", "fleet-7"));
        var job = _test.View("update-firmware");
        Assert.Equal(
            (Consequences.AbortReasonCode, Consequences.AbortComment, null, At("01:00"), null),
            (job.ReasonCode, job.Comment, job.ForceCanceled, job.LastUpdatedAt, job.CompletedAt));

        _test.Report("fleet-5", "update-firmware", SUCCEEDED);
        Assert.Equal("CANCELED: 4 SUCCEEDED, 2 FAILED, 4 CANCELED", _test.Standing("update-firmware"));
        _test.Commit();
        Assert.Equal([JobOperation.cancellation_in_progress, JobOperation.canceled], _test.Announced.OfType<JobEvent>().Select(one => one.Operation));
    }

    [Fact]
    public void What_the_end_of_a_job_cancels_is_no_failure_of_it()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 4), abort: AbortWhen(Failure.FAILED, 25, ofAtLeast: 4),
            schedule: new() { EndTime = "2026-01-01 01:00", EndBehavior = JobEndBehavior.CANCEL });
        _test.Report("fleet-1", "update-firmware", FAILED);
        _test.Advance(Hours(2));

        Assert.Equal("COMPLETED: 1 FAILED, 3 CANCELED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void What_waits_for_its_turn_is_dropped()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 100),
            rollout: PerMinute(5), abort: AbortWhen(Failure.ALL, 100, ofAtLeast: 1));
        _test.Report("fleet-1", "update-firmware", REJECTED);
        Assert.Equal("CANCELED: 1 REJECTED, 4 CANCELED", _test.Standing("update-firmware"));
        _test.Advance(Hours(1));

        Assert.Equal("CANCELED: 1 REJECTED, 4 CANCELED", _test.Standing("update-firmware"));
        Assert.Equal(0, _test.Realm.WaitingTargets.Count);
    }

    [Fact]
    public void A_fleet_is_cancelled_in_turns_and_no_device_starts_what_is_owed_its_cancellation()
    {
        _test.RollOutAtOnce();
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 3500), abort: AbortWhen(Failure.FAILED, 1, ofAtLeast: 1));
        _test.DoDueWork();
        _test.Report("fleet-1", "update-firmware", FAILED);
        Assert.Equal($"CANCELED: {3499 - DueWork.ChangesPerTurn} QUEUED, 1 FAILED, {DueWork.ChangesPerTurn} CANCELED", _test.Standing("update-firmware"));

        Assert.Null(_test.StartNext("fleet-2"));
        _test.DoDueWork();
        Assert.Equal("CANCELED: 1 FAILED, 3499 CANCELED", _test.Standing("update-firmware"));
        Assert.Single(_test.Announced.OfType<JobEvent>(), one => one.Operation == JobOperation.canceled);
    }

    [Fact]
    public void Timeouts_abort_without_any_device()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 4),
            timeoutInMinutes: 10, abort: AbortWhen(Failure.TIMED_OUT, 50, ofAtLeast: 2));
        _test.StartNext("fleet-1");
        _test.Advance(Minutes(5));
        _test.StartNext("fleet-2");
        _test.StartNext("fleet-3");

        _test.Advance(Minutes(9));
        Assert.Equal("IN_PROGRESS: 1 QUEUED, 2 IN_PROGRESS, 1 TIMED_OUT", _test.Standing("update-firmware"));
        _test.Advance(Minutes(1));
        Assert.Equal("CANCELED: 3 TIMED_OUT, 1 CANCELED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void Nothing_is_retried_with_the_abort_and_after_it()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 3), retry: Retries(Retryable.FAILED, 3), abort: AbortWhen(Failure.FAILED, 100, ofAtLeast: 2));
        _test.Report("fleet-3", "update-firmware", IN_PROGRESS);
        _test.Report("fleet-1", "update-firmware", FAILED);
        Assert.Equal("1 FAILED v2, 2 QUEUED v1 retry 1", _test.Runs("update-firmware", "fleet-1"));

        _test.Report("fleet-2", "update-firmware", FAILED);
        _test.Report("fleet-3", "update-firmware", FAILED);

        Assert.Equal("CANCELED: 3 FAILED, 1 CANCELED", _test.Standing("update-firmware"));
        Assert.Equal(
            ("1 FAILED v2, 2 CANCELED v2 retry 1", "1 FAILED v2", "1 FAILED v3"),
            (_test.Runs("update-firmware", "fleet-1"), _test.Runs("update-firmware", "fleet-2"), _test.Runs("update-firmware", "fleet-3")));
    }

    [Fact]
    public void Each_attempt_counts_like_a_thing_of_its_own()
    {
        _test.CreateJob(
            "update-firmware", group: _test.CreateFleet("fleet", 2),
            retry: Retries(Retryable.FAILED, 5), abort: AbortWhen(Failure.FAILED, 100, ofAtLeast: 3));
        _test.Report("fleet-1", "update-firmware", FAILED);
        _test.Report("fleet-1", "update-firmware", FAILED);
        Assert.Equal(JobStatus.IN_PROGRESS, _test.Job("update-firmware").Status);
        _test.Report("fleet-1", "update-firmware", FAILED);

        Assert.Equal("CANCELED: 3 FAILED, 1 CANCELED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_threshold_of_two_decimals_is_met_exactly()
    {
        var fleet = _test.CreateFleet("fleet", 4);
        _test.CreateJob("met", group: fleet, abort: AbortWhen(Failure.FAILED, 33.33, ofAtLeast: 3));
        _test.CreateJob("missed", group: fleet, abort: AbortWhen(Failure.FAILED, 33.34, ofAtLeast: 3));
        foreach (var job in new[] { "met", "missed" })
        {
            _test.Report("fleet-1", job, FAILED);
            _test.Report("fleet-2", job, SUCCEEDED);
            _test.Report("fleet-3", job, SUCCEEDED);
        }

        Assert.Equal((JobStatus.CANCELED, JobStatus.IN_PROGRESS), (_test.Job("met").Status, _test.Job("missed").Status));
    }

    [Fact]
    public void Deleted_executions_fall_out_of_the_base()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 4), abort: AbortWhen(Failure.FAILED, 50, ofAtLeast: 2));
        _test.Report("fleet-1", "update-firmware", FAILED);
        _test.DeleteExecution("update-firmware", "fleet-1");
        _test.Report("fleet-2", "update-firmware", SUCCEEDED);
        _test.Report("fleet-3", "update-firmware", SUCCEEDED);

        Assert.Equal("IN_PROGRESS: 1 QUEUED, 2 SUCCEEDED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void An_updated_criterion_counts_from_the_next_change()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 5), abort: AbortWhen(Failure.FAILED, 100, ofAtLeast: 5));
        _test.Report("fleet-1", "update-firmware", FAILED);
        _test.UpdateJob("update-firmware", new() { AbortConfig = AbortWhen(Failure.FAILED, 50, ofAtLeast: 2) });
        _test.Report("fleet-2", "update-firmware", SUCCEEDED);

        Assert.Equal("CANCELED: 1 SUCCEEDED, 1 FAILED, 3 CANCELED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void The_last_failure_of_all_aborts_rather_than_completes()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 1), abort: AbortWhen(Failure.ALL, 100, ofAtLeast: 1));
        _test.Report("fleet-1", "update-firmware", FAILED);

        Assert.Equal("CANCELED: 1 FAILED", _test.Standing("update-firmware"));
    }
}
