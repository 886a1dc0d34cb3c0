using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Failure = IoTJobsEmulator.Core.Jobs.JobExecutionFailureType;
using Retryable = IoTJobsEmulator.Core.Jobs.RetryableFailureType;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Source: the developer guide, "Job abort configuration".</summary>
public sealed class AbortTests : LifecycleTest
{
    [Fact]
    public void A_job_is_given_up_with_the_failure_that_meets_the_threshold()
    {
        CreateJob("update-firmware", Fleet("fleet", 10), abort: AbortWhen(Failure.FAILED, 40, ofAtLeast: 5));
        foreach (var number in new[] { 1, 2, 3 })
            Report($"fleet-{number}", "update-firmware", SUCCEEDED);
        Report("fleet-4", "update-firmware", FAILED);
        Report("fleet-5", "update-firmware", IN_PROGRESS);
        Assert.Equal("IN_PROGRESS: 5 QUEUED, 1 IN_PROGRESS, 3 SUCCEEDED, 1 FAILED", Standing("update-firmware"));
        Advance(Hours(1));

        Report("fleet-6", "update-firmware", FAILED);

        // QUEUED executions are cancelled, the one in progress goes on.
        Assert.Equal("CANCELED: 1 IN_PROGRESS, 3 SUCCEEDED, 2 FAILED, 4 CANCELED", Standing("update-firmware"));
        Assert.Equal("1 CANCELED v2", Runs("update-firmware", "fleet-7"));
        var job = View("update-firmware");
        Assert.Equal(
            (Consequences.AbortReasonCode, Consequences.AbortComment, null, At("01:00"), null),
            (job.ReasonCode, job.Comment, job.ForceCanceled, job.LastUpdatedAt, job.CompletedAt));

        Report("fleet-5", "update-firmware", SUCCEEDED);
        Assert.Equal("CANCELED: 4 SUCCEEDED, 2 FAILED, 4 CANCELED", Standing("update-firmware"));
        Commit();
        Assert.Equal([JobOperation.cancellation_in_progress, JobOperation.canceled], Announced.OfType<JobEvent>().Select(one => one.Operation));
    }

    [Fact]
    public void What_the_end_of_a_job_cancels_is_no_failure_of_it()
    {
        CreateJob(
            "update-firmware", Fleet("fleet", 4), abort: AbortWhen(Failure.FAILED, 25, ofAtLeast: 4),
            schedule: new() { EndTime = "2026-01-01 01:00", EndBehavior = JobEndBehavior.CANCEL });
        Report("fleet-1", "update-firmware", FAILED);
        Advance(Hours(2));

        Assert.Equal("COMPLETED: 1 FAILED, 3 CANCELED", Standing("update-firmware"));
    }

    [Fact]
    public void What_waits_for_its_turn_is_dropped()
    {
        CreateJob("update-firmware", Fleet("fleet", 100), rollout: PerMinute(5), abort: AbortWhen(Failure.ALL, 100, ofAtLeast: 1));
        Report("fleet-1", "update-firmware", REJECTED);
        Assert.Equal("CANCELED: 1 REJECTED, 4 CANCELED", Standing("update-firmware"));
        Advance(Hours(1));

        Assert.Equal("CANCELED: 1 REJECTED, 4 CANCELED", Standing("update-firmware"));
        Assert.Equal(0, Realm.WaitingTargets.Count);
    }

    [Fact]
    public void A_fleet_is_cancelled_in_turns_and_no_device_starts_what_is_owed_its_cancellation()
    {
        RollOutAtOnce();
        CreateJob("update-firmware", Fleet("fleet", 3500), abort: AbortWhen(Failure.FAILED, 1, ofAtLeast: 1));
        CatchUp();
        Report("fleet-1", "update-firmware", FAILED);
        Assert.Equal("CANCELED: 2499 QUEUED, 1 FAILED, 1000 CANCELED", Standing("update-firmware"));

        Assert.Null(StartNext("fleet-2"));
        CatchUp();
        Assert.Equal("CANCELED: 1 FAILED, 3499 CANCELED", Standing("update-firmware"));
        Assert.Single(Announced.OfType<JobEvent>(), one => one.Operation == JobOperation.canceled);
    }

    [Fact]
    public void Timeouts_abort_without_any_device()
    {
        CreateJob("update-firmware", Fleet("fleet", 4), timeout: 10, abort: AbortWhen(Failure.TIMED_OUT, 50, ofAtLeast: 2));
        StartNext("fleet-1");
        Advance(Minutes(5));
        StartNext("fleet-2");
        StartNext("fleet-3");

        Advance(Minutes(9));
        Assert.Equal("IN_PROGRESS: 1 QUEUED, 2 IN_PROGRESS, 1 TIMED_OUT", Standing("update-firmware"));
        Advance(Minutes(1));
        Assert.Equal("CANCELED: 3 TIMED_OUT, 1 CANCELED", Standing("update-firmware"));
    }

    [Fact]
    public void Nothing_is_retried_with_the_abort_and_after_it()
    {
        CreateJob(
            "update-firmware", Fleet("fleet", 3), retry: RetryOf(Retryable.FAILED, 3), abort: AbortWhen(Failure.FAILED, 100, ofAtLeast: 2));
        Report("fleet-3", "update-firmware", IN_PROGRESS);
        Report("fleet-1", "update-firmware", FAILED);
        Assert.Equal("1 FAILED v2, 2 QUEUED v1 retry 1", Runs("update-firmware", "fleet-1"));

        Report("fleet-2", "update-firmware", FAILED);
        Report("fleet-3", "update-firmware", FAILED);

        Assert.Equal("CANCELED: 3 FAILED, 1 CANCELED", Standing("update-firmware"));
        Assert.Equal(
            ("1 FAILED v2, 2 CANCELED v2 retry 1", "1 FAILED v2", "1 FAILED v3"),
            (Runs("update-firmware", "fleet-1"), Runs("update-firmware", "fleet-2"), Runs("update-firmware", "fleet-3")));
    }

    [Fact]
    public void Each_attempt_counts_like_a_thing_of_its_own()
    {
        CreateJob("update-firmware", Fleet("fleet", 2), retry: RetryOf(Retryable.FAILED, 5), abort: AbortWhen(Failure.FAILED, 100, ofAtLeast: 3));
        Report("fleet-1", "update-firmware", FAILED);
        Report("fleet-1", "update-firmware", FAILED);
        Assert.Equal(JobStatus.IN_PROGRESS, Job("update-firmware").Status);
        Report("fleet-1", "update-firmware", FAILED);

        Assert.Equal("CANCELED: 3 FAILED, 1 CANCELED", Standing("update-firmware"));
    }

    [Fact]
    public void A_threshold_of_two_decimals_is_met_exactly()
    {
        var fleet = Fleet("fleet", 4);
        CreateJob("met", fleet, abort: AbortWhen(Failure.FAILED, 33.33, ofAtLeast: 3));
        CreateJob("missed", fleet, abort: AbortWhen(Failure.FAILED, 33.34, ofAtLeast: 3));
        foreach (var job in new[] { "met", "missed" })
        {
            Report("fleet-1", job, FAILED);
            Report("fleet-2", job, SUCCEEDED);
            Report("fleet-3", job, SUCCEEDED);
        }

        Assert.Equal((JobStatus.CANCELED, JobStatus.IN_PROGRESS), (Job("met").Status, Job("missed").Status));
    }

    [Fact]
    public void Deleted_executions_fall_out_of_the_base()
    {
        CreateJob("update-firmware", Fleet("fleet", 4), abort: AbortWhen(Failure.FAILED, 50, ofAtLeast: 2));
        Report("fleet-1", "update-firmware", FAILED);
        DeleteExecution("update-firmware", "fleet-1");
        Report("fleet-2", "update-firmware", SUCCEEDED);
        Report("fleet-3", "update-firmware", SUCCEEDED);

        Assert.Equal("IN_PROGRESS: 1 QUEUED, 2 SUCCEEDED", Standing("update-firmware"));
    }

    [Fact]
    public void An_updated_criterion_counts_from_the_next_change()
    {
        CreateJob("update-firmware", Fleet("fleet", 5), abort: AbortWhen(Failure.FAILED, 100, ofAtLeast: 5));
        Report("fleet-1", "update-firmware", FAILED);
        UpdateJob("update-firmware", new() { AbortConfig = AbortWhen(Failure.FAILED, 50, ofAtLeast: 2) });
        Report("fleet-2", "update-firmware", SUCCEEDED);

        Assert.Equal("CANCELED: 1 SUCCEEDED, 1 FAILED, 3 CANCELED", Standing("update-firmware"));
    }

    [Fact]
    public void The_last_failure_of_all_aborts_rather_than_completes()
    {
        CreateJob("update-firmware", Fleet("fleet", 1), abort: AbortWhen(Failure.ALL, 100, ofAtLeast: 1));
        Report("fleet-1", "update-firmware", FAILED);

        Assert.Equal("CANCELED: 1 FAILED", Standing("update-firmware"));
    }
}
