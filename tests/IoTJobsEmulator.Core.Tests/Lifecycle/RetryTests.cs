using IoTJobsEmulator.Core.Operations.JobExecutions;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Source: the developer guide, "Job execution retry configuration"; that a retry follows at once is decided in CONTRIBUTING.md, "What AWS leaves open".</summary>
public sealed class RetryTests
{
    private readonly TestRealm _test = new();

    public RetryTests() => _test.CreateGroup("pumps", members: ["pump-1", "pump-2"]);

    [Fact]
    public void A_failure_is_followed_at_once_by_the_next_run_until_the_attempts_are_used_up()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", retry: Retries(Retryable.FAILED, 2));
        _test.Report("pump-1", "update-firmware", IN_PROGRESS);
        _test.Advance(Minutes(3));
        _test.Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("1 FAILED v3, 2 QUEUED v1 retry 1", _test.Runs("update-firmware", "pump-1"));
        Assert.Equal(At("00:03"), _test.Execution("update-firmware", "pump-1").QueuedAt);

        _test.Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("1 FAILED v3, 2 FAILED v2 retry 1, 3 QUEUED v1 retry 2", _test.Runs("update-firmware", "pump-1"));
        Assert.Equal("IN_PROGRESS: 1 QUEUED, 2 FAILED", _test.Standing("update-firmware"));

        _test.Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("COMPLETED: 3 FAILED", _test.Standing("update-firmware"));
        Assert.Equal(
            [(3L, 2), (2L, 1), (1L, 0)],
            ListJobExecutionsForJob.Handle(_test, "update-firmware", null, null, null).ExecutionSummaries
                .Select(summary => (summary.JobExecutionSummary.ExecutionNumber, summary.JobExecutionSummary.RetryAttempt)));
    }

    [Fact]
    public void A_success_ends_the_attempts()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", retry: Retries(Retryable.ALL, 10));
        _test.Report("pump-1", "update-firmware", FAILED);
        _test.Report("pump-1", "update-firmware", SUCCEEDED);

        Assert.Equal("COMPLETED: 1 SUCCEEDED, 1 FAILED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void There_are_at_most_10_retries()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", retry: Retries(Retryable.ALL, 10));
        foreach (var _ in Enumerable.Range(1, 11))
            _test.Report("pump-1", "update-firmware", FAILED);

        Assert.Equal(("COMPLETED: 11 FAILED", 10), (_test.Standing("update-firmware"), _test.Execution("update-firmware", "pump-1").RetryAttempt));
    }

    [Fact]
    public void A_timeout_is_retried_with_its_timer_anew()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10, retry: Retries(Retryable.TIMED_OUT, 1));
        _test.StartNext("pump-1");
        _test.AdvanceTo(At("00:10"));
        Assert.Equal("1 TIMED_OUT v3, 2 QUEUED v1 retry 1", _test.Runs("update-firmware", "pump-1"));

        _test.AdvanceTo(At("05:00"));
        _test.StartNext("pump-1");
        _test.AdvanceTo(At("05:10"));
        Assert.Equal("1 TIMED_OUT v3, 2 TIMED_OUT v3 retry 1", _test.Runs("update-firmware", "pump-1"));
        Assert.Equal("COMPLETED: 2 TIMED_OUT", _test.Standing("update-firmware"));
    }

    [Fact]
    public void Failures_and_timeouts_have_a_budget_each()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10, retry: Retries((Retryable.FAILED, 1), (Retryable.TIMED_OUT, 2)));
        _test.StartNext("pump-1");
        _test.Advance(Minutes(10));
        _test.Report("pump-1", "update-firmware", FAILED);
        _test.StartNext("pump-1");
        _test.Advance(Minutes(10));
        Assert.Equal("1 TIMED_OUT v3, 2 FAILED v2 retry 1, 3 TIMED_OUT v3 retry 2, 4 QUEUED v1 retry 3", _test.Runs("update-firmware", "pump-1"));

        _test.Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("COMPLETED: 2 FAILED, 2 TIMED_OUT", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_step_that_takes_too_long_is_retried_without_any_timeout_of_the_job()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", retry: Retries(Retryable.TIMED_OUT, 1));
        _test.StartNext("pump-1", stepTimeoutInMinutes: 5);
        _test.Advance(Minutes(5));

        Assert.Equal("1 TIMED_OUT v3, 2 QUEUED v1 retry 1", _test.Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void What_is_rejected_or_cancelled_is_not_retried()
    {
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")], retry: Retries(Retryable.ALL, 10));
        _test.Report("pump-1", "update-firmware", REJECTED);
        _test.CancelExecution("update-firmware", "pump-2");

        Assert.Equal("COMPLETED: 1 REJECTED, 1 CANCELED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void Only_the_failures_that_are_named_are_retried()
    {
        _test.CreateJob(
            "update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")],
            timeoutInMinutes: 10, retry: Retries(Retryable.FAILED, 1));
        _test.StartNext("pump-1");
        _test.Report("pump-2", "update-firmware", FAILED);
        _test.Advance(Minutes(10));

        Assert.Equal(("1 TIMED_OUT v3", "1 FAILED v2, 2 QUEUED v1 retry 1"), (_test.Runs("update-firmware", "pump-1"), _test.Runs("update-firmware", "pump-2")));
    }

    [Fact]
    public void Retries_that_are_set_to_0_stop_and_one_that_is_queued_stays()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", retry: Retries(Retryable.FAILED, 5));
        _test.Report("pump-1", "update-firmware", FAILED);
        _test.UpdateJob("update-firmware", new() { JobExecutionsRetryConfig = Retries(Retryable.FAILED, 0) });
        Assert.Equal("1 FAILED v2, 2 QUEUED v1 retry 1", _test.Runs("update-firmware", "pump-1"));

        _test.Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("COMPLETED: 2 FAILED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_cancelled_job_retries_nothing()
    {
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")], timeoutInMinutes: 10, retry: Retries(Retryable.ALL, 5));
        _test.Report("pump-1", "update-firmware", FAILED);
        _test.StartNext("pump-2");
        _test.CancelJob("update-firmware");
        _test.Advance(Minutes(10));

        Assert.Equal(
            ("1 FAILED v2, 2 CANCELED v2 retry 1", "1 TIMED_OUT v3", "CANCELED: 1 FAILED, 1 TIMED_OUT, 1 CANCELED"),
            (_test.Runs("update-firmware", "pump-1"), _test.Runs("update-firmware", "pump-2"), _test.Standing("update-firmware")));
    }

    [Fact]
    public void Leaving_the_group_ends_the_attempts_and_rejoining_counts_them_from_0()
    {
        _test.CreateJob("update-firmware", group: "pumps", isContinuous: true, retry: Retries(Retryable.FAILED, 1));
        _test.Report("pump-1", "update-firmware", FAILED);
        _test.Leave("pump-1", "pumps");
        Assert.Equal("1 FAILED v2, 2 REMOVED v1 retry 1", _test.Runs("update-firmware", "pump-1"));

        _test.Join("pump-1", "pumps");
        Assert.Equal("1 FAILED v2, 2 REMOVED v1 retry 1, 3 QUEUED v1", _test.Runs("update-firmware", "pump-1"));
        _test.Report("pump-1", "update-firmware", FAILED);
        _test.Report("pump-1", "update-firmware", FAILED);
        Assert.Equal("1 FAILED v2, 2 REMOVED v1 retry 1, 3 FAILED v2, 4 FAILED v2 retry 1", _test.Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void What_fails_outside_the_group_is_not_retried()
    {
        _test.CreateJob("update-firmware", group: "pumps", isContinuous: true, timeoutInMinutes: 10, retry: Retries(Retryable.ALL, 5));
        _test.StartNext("pump-1");
        _test.StartNext("pump-2");
        _test.Leave("pump-1", "pumps");
        _test.Leave("pump-2", "pumps");
        _test.Report("pump-1", "update-firmware", FAILED);
        _test.Advance(Minutes(10));

        Assert.Equal(("1 FAILED v3", "1 TIMED_OUT v3"), (_test.Runs("update-firmware", "pump-1"), _test.Runs("update-firmware", "pump-2")));
    }

    [Fact]
    public void What_fails_after_its_thing_was_deleted_is_not_retried()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10, retry: Retries(Retryable.ALL, 5));
        _test.StartNext("pump-1");
        _test.DeleteThing("pump-1");
        _test.CreateThings("pump-1");
        _test.Advance(Minutes(10));

        Assert.Equal("COMPLETED: 1 REMOVED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_snapshot_retries_what_has_left_the_group()
    {
        _test.CreateJob("update-firmware", group: "pumps", retry: Retries(Retryable.FAILED, 1));
        _test.Leave("pump-1", "pumps");
        _test.Report("pump-1", "update-firmware", FAILED);

        Assert.Equal("1 FAILED v2, 2 QUEUED v1 retry 1", _test.Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void Retries_are_outside_the_rate_and_take_nothing_from_it()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 6), rollout: PerMinute(2), retry: Retries(Retryable.FAILED, 5));
        _test.Report("fleet-1", "update-firmware", FAILED);
        _test.Report("fleet-2", "update-firmware", FAILED);
        Assert.Equal(2, _test.Queued("update-firmware"));

        Assert.Equal([4, 6], _test.EachMinute(2, () => _test.Queued("update-firmware")));
    }

    [Fact]
    public void A_job_is_not_complete_before_the_last_attempt_of_the_last_thing()
    {
        _test.CreateJob(
            "update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")],
            timeoutInMinutes: 10, retry: Retries(Retryable.TIMED_OUT, 1));
        _test.Report("pump-2", "update-firmware", SUCCEEDED);
        _test.StartNext("pump-1");
        _test.Advance(Minutes(10));
        Assert.Equal("IN_PROGRESS: 1 QUEUED, 1 SUCCEEDED, 1 TIMED_OUT", _test.Standing("update-firmware"));

        _test.Advance(Days(1));
        _test.StartNext("pump-1");
        _test.Advance(Minutes(10));
        Assert.Equal("COMPLETED: 1 SUCCEEDED, 2 TIMED_OUT", _test.Standing("update-firmware"));
    }
}
