using IoTJobsEmulator.Core.Operations.JobExecutions;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Retryable = IoTJobsEmulator.Core.Jobs.RetryableFailureType;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Source: the developer guide, "Job execution retry configuration"; that a retry follows at once is decided in CONTRIBUTING.md, "What AWS leaves open".</summary>
public sealed class RetryTests : LifecycleTest
{
    public RetryTests() => CreateGroup("pumps", "pump-1", "pump-2");

    [Fact]
    public void A_failure_is_followed_at_once_by_the_next_run_until_the_attempts_are_used_up()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), retry: RetryOf(Retryable.FAILED, 2));
        Report("pump-1", "update-firmware", IN_PROGRESS);
        Advance(Minutes(3));
        Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("1 FAILED v3, 2 QUEUED v1 retry 1", Runs("update-firmware", "pump-1"));
        Assert.Equal(At("00:03"), Execution("update-firmware", "pump-1").QueuedAt);

        Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("1 FAILED v3, 2 FAILED v2 retry 1, 3 QUEUED v1 retry 2", Runs("update-firmware", "pump-1"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED, 2 FAILED", Standing("update-firmware"));

        Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("COMPLETED: 3 FAILED", Standing("update-firmware"));
        Assert.Equal(
            [(3L, 2), (2L, 1), (1L, 0)],
            ListJobExecutionsForJob.Handle(Test, "update-firmware", null, null, null).ExecutionSummaries
                .Select(summary => (summary.JobExecutionSummary.ExecutionNumber, summary.JobExecutionSummary.RetryAttempt)));
    }

    [Fact]
    public void A_success_ends_the_attempts()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), retry: RetryOf(Retryable.ALL, 10));
        Report("pump-1", "update-firmware", FAILED);
        Report("pump-1", "update-firmware", SUCCEEDED);

        Assert.Equal("COMPLETED: 1 SUCCEEDED, 1 FAILED", Standing("update-firmware"));
    }

    [Fact]
    public void There_are_at_most_10_retries()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), retry: RetryOf(Retryable.ALL, 10));
        foreach (var _ in Enumerable.Range(1, 11))
            Report("pump-1", "update-firmware", FAILED);

        Assert.Equal(("COMPLETED: 11 FAILED", 10), (Standing("update-firmware"), Execution("update-firmware", "pump-1").RetryAttempt));
    }

    [Fact]
    public void A_timeout_is_retried_with_its_timer_anew()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10, retry: RetryOf(Retryable.TIMED_OUT, 1));
        StartNext("pump-1");
        AdvanceTo(At("00:10"));
        Assert.Equal("1 TIMED_OUT v3, 2 QUEUED v1 retry 1", Runs("update-firmware", "pump-1"));

        AdvanceTo(At("05:00"));
        StartNext("pump-1");
        AdvanceTo(At("05:10"));
        Assert.Equal("1 TIMED_OUT v3, 2 TIMED_OUT v3 retry 1", Runs("update-firmware", "pump-1"));
        Assert.Equal("COMPLETED: 2 TIMED_OUT", Standing("update-firmware"));
    }

    [Fact]
    public void Failures_and_timeouts_have_a_budget_each()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10, retry: RetryOf((Retryable.FAILED, 1), (Retryable.TIMED_OUT, 2)));
        StartNext("pump-1");
        Advance(Minutes(10));
        Report("pump-1", "update-firmware", FAILED);
        StartNext("pump-1");
        Advance(Minutes(10));
        Assert.Equal("1 TIMED_OUT v3, 2 FAILED v2 retry 1, 3 TIMED_OUT v3 retry 2, 4 QUEUED v1 retry 3", Runs("update-firmware", "pump-1"));

        Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("COMPLETED: 2 FAILED, 2 TIMED_OUT", Standing("update-firmware"));
    }

    [Fact]
    public void A_step_that_takes_too_long_is_retried_without_any_timeout_of_the_job()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), retry: RetryOf(Retryable.TIMED_OUT, 1));
        StartNext("pump-1", step: 5);
        Advance(Minutes(5));

        Assert.Equal("1 TIMED_OUT v3, 2 QUEUED v1 retry 1", Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void What_is_rejected_or_cancelled_is_not_retried()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), ThingArn("pump-2"), retry: RetryOf(Retryable.ALL, 10));
        Report("pump-1", "update-firmware", REJECTED);
        CancelExecution("update-firmware", "pump-2");

        Assert.Equal("COMPLETED: 1 REJECTED, 1 CANCELED", Standing("update-firmware"));
    }

    [Fact]
    public void Only_the_failures_that_are_named_are_retried()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), ThingArn("pump-2"), timeout: 10, retry: RetryOf(Retryable.FAILED, 1));
        StartNext("pump-1");
        Report("pump-2", "update-firmware", FAILED);
        Advance(Minutes(10));

        Assert.Equal(("1 TIMED_OUT v3", "1 FAILED v2, 2 QUEUED v1 retry 1"), (Runs("update-firmware", "pump-1"), Runs("update-firmware", "pump-2")));
    }

    [Fact]
    public void Retries_that_are_set_to_0_stop_and_one_that_is_queued_stays()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), retry: RetryOf(Retryable.FAILED, 5));
        Report("pump-1", "update-firmware", FAILED);
        UpdateJob("update-firmware", new() { JobExecutionsRetryConfig = RetryOf(Retryable.FAILED, 0) });
        Assert.Equal("1 FAILED v2, 2 QUEUED v1 retry 1", Runs("update-firmware", "pump-1"));

        Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("COMPLETED: 2 FAILED", Standing("update-firmware"));
    }

    [Fact]
    public void A_cancelled_job_retries_nothing()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), ThingArn("pump-2"), timeout: 10, retry: RetryOf(Retryable.ALL, 5));
        Report("pump-1", "update-firmware", FAILED);
        StartNext("pump-2");
        CancelJob("update-firmware");
        Advance(Minutes(10));

        Assert.Equal(
            ("1 FAILED v2, 2 CANCELED v2 retry 1", "1 TIMED_OUT v3", "CANCELED: 1 FAILED, 1 TIMED_OUT, 1 CANCELED"),
            (Runs("update-firmware", "pump-1"), Runs("update-firmware", "pump-2"), Standing("update-firmware")));
    }

    [Fact]
    public void Leaving_the_group_ends_the_attempts_and_rejoining_counts_them_from_0()
    {
        CreateJob("update-firmware", GroupArn("pumps"), isContinuous: true, retry: RetryOf(Retryable.FAILED, 1));
        Report("pump-1", "update-firmware", FAILED);
        Leave("pump-1", "pumps");
        Assert.Equal("1 FAILED v2, 2 REMOVED v1 retry 1", Runs("update-firmware", "pump-1"));

        Join("pump-1", "pumps");
        Assert.Equal("1 FAILED v2, 2 REMOVED v1 retry 1, 3 QUEUED v1", Runs("update-firmware", "pump-1"));
        Report("pump-1", "update-firmware", FAILED);
        Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("1 FAILED v2, 2 REMOVED v1 retry 1, 3 FAILED v2, 4 FAILED v2 retry 1", Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void What_fails_outside_the_group_is_not_retried()
    {
        CreateJob("update-firmware", GroupArn("pumps"), isContinuous: true, timeout: 10, retry: RetryOf(Retryable.ALL, 5));
        StartNext("pump-1");
        StartNext("pump-2");
        Leave("pump-1", "pumps");
        Leave("pump-2", "pumps");
        Report("pump-1", "update-firmware", FAILED);
        Advance(Minutes(10));

        Assert.Equal(("1 FAILED v3", "1 TIMED_OUT v3"), (Runs("update-firmware", "pump-1"), Runs("update-firmware", "pump-2")));
    }

    [Fact]
    public void What_fails_after_its_thing_was_deleted_is_not_retried()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10, retry: RetryOf(Retryable.ALL, 5));
        StartNext("pump-1");
        DeleteThing("pump-1");
        CreateThings("pump-1");
        Advance(Minutes(10));

        Assert.Equal("COMPLETED: 1 REMOVED", Standing("update-firmware"));
    }

    [Fact]
    public void A_snapshot_retries_what_has_left_the_group()
    {
        CreateJob("update-firmware", GroupArn("pumps"), retry: RetryOf(Retryable.FAILED, 1));
        Leave("pump-1", "pumps");
        Report("pump-1", "update-firmware", FAILED);

        Assert.Equal("1 FAILED v2, 2 QUEUED v1 retry 1", Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void Retries_are_outside_the_rate_and_take_nothing_from_it()
    {
        CreateJob("update-firmware", Fleet("fleet", 6), rollout: PerMinute(2), retry: RetryOf(Retryable.FAILED, 5));
        Report("fleet-1", "update-firmware", FAILED);
        Report("fleet-2", "update-firmware", FAILED);
        Assert.Equal(2, Queued("update-firmware"));

        Assert.Equal([4, 6], EachMinute(2, () => Queued("update-firmware")));
    }

    [Fact]
    public void A_job_is_not_complete_before_the_last_attempt_of_the_last_thing()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), ThingArn("pump-2"), timeout: 10, retry: RetryOf(Retryable.TIMED_OUT, 1));
        Report("pump-2", "update-firmware", SUCCEEDED);
        StartNext("pump-1");
        Advance(Minutes(10));
        Assert.Equal("IN_PROGRESS: 1 QUEUED, 1 SUCCEEDED, 1 TIMED_OUT", Standing("update-firmware"));

        Advance(Days(1));
        StartNext("pump-1");
        Advance(Minutes(10));
        Assert.Equal("COMPLETED: 1 SUCCEEDED, 2 TIMED_OUT", Standing("update-firmware"));
    }
}
