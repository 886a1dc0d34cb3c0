using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;
using Failure = IoTJobsEmulator.Core.Jobs.JobExecutionFailureType;
using Retryable = IoTJobsEmulator.Core.Jobs.RetryableFailureType;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>
/// What pump-1 is told, case by case, and what listeners are told of jobs and executions.
/// Source: the developer guide, "Jobs notifications" and "Jobs events".
/// </summary>
public sealed class NotificationTests : LifecycleTest
{
    private static readonly string Pump = ThingArn("pump-1");

    public NotificationTests() => CreateGroup("pumps", "pump-1");

    // notify and notify-next

    [Fact]
    public void An_execution_queued_on_an_empty_list_sends_notify_and_notify_next() =>
        Tells(() => CreateJob("a", Pump), "notify: QUEUED a", "notify-next: a 1");

    [Fact]
    public void An_execution_queued_behind_others_sends_notify_only()
    {
        CreateJob("a", Pump);

        Tells(() => CreateJob("b", Pump), "notify: QUEUED a, QUEUED b");
    }

    [Fact]
    public void A_head_that_is_started_with_start_next_sends_nothing()
    {
        CreateJob("a", Pump);

        Tells(() => StartNext("pump-1"));
    }

    [Fact]
    public void A_head_that_is_started_with_update_sends_nothing()
    {
        CreateJob("a", Pump);
        CreateJob("b", Pump);

        Tells(() => Report("pump-1", "a", IN_PROGRESS));
    }

    [Fact]
    public void Non_head_started_becomes_head_notify_next_only()
    {
        CreateJob("a", Pump);
        CreateJob("b", Pump);

        Tells(() => Report("pump-1", "b", IN_PROGRESS), "notify-next: b 1");
    }

    [Fact]
    public void Another_than_the_head_that_is_started_behind_one_in_progress_sends_nothing()
    {
        CreateJob("a", Pump);
        CreateJob("b", Pump);
        Report("pump-1", "a", IN_PROGRESS);

        Tells(() => Report("pump-1", "b", IN_PROGRESS));
    }

    [Fact]
    public void Details_of_what_is_in_progress_nothing()
    {
        CreateJob("a", Pump);
        StartNext("pump-1");

        Tells(() => Report("pump-1", "a", IN_PROGRESS, step: 5));
    }

    [Theory]
    [InlineData(SUCCEEDED)]
    [InlineData(FAILED)]
    [InlineData(REJECTED)]
    public void A_head_that_its_device_finishes_sends_notify_and_notify_next(JobExecutionStatus status)
    {
        CreateJob("a", Pump, isContinuous: true);
        CreateJob("b", Pump);
        StartNext("pump-1");

        Tells(() => Report("pump-1", "a", status), $"a on pump-1 {status}", "notify: QUEUED b", "notify-next: b 1");
    }

    [Fact]
    public void A_head_that_is_finished_as_the_last_sends_an_empty_notify_and_notify_next()
    {
        CreateJob("a", Pump, isContinuous: true);

        Tells(() => Report("pump-1", "a", SUCCEEDED), "a on pump-1 SUCCEEDED", "notify:", "notify-next: none");
    }

    [Fact]
    public void A_head_that_times_out_sends_notify_and_notify_next()
    {
        CreateJob("a", Pump, isContinuous: true, timeout: 10);
        CreateJob("b", Pump);
        StartNext("pump-1");

        Tells(() => Advance(Minutes(10)), "a on pump-1 TIMED_OUT", "notify: QUEUED b", "notify-next: b 1");
    }

    [Fact]
    public void A_head_that_is_cancelled_sends_notify_and_notify_next()
    {
        CreateJob("a", Pump, isContinuous: true);
        CreateJob("b", Pump);

        Tells(() => CancelExecution("a", "pump-1"), "a on pump-1 CANCELED", "notify: QUEUED b", "notify-next: b 1");
    }

    [Fact]
    public void A_head_that_is_deleted_sends_notify_and_notify_next()
    {
        CreateJob("a", Pump, isContinuous: true);
        CreateJob("b", Pump);

        Tells(() => DeleteExecution("a", "pump-1"), "a on pump-1 deleted as QUEUED", "notify: QUEUED b", "notify-next: b 1");
    }

    [Fact]
    public void A_head_that_is_removed_with_its_thing_sends_notify_and_notify_next()
    {
        CreateJob("a", Pump, isContinuous: true);

        Tells(() => DeleteThing("pump-1"), "a on pump-1 REMOVED", "notify:", "notify-next: none");
    }

    [Fact]
    public void Another_than_the_head_that_is_finished_sends_notify_only()
    {
        CreateJob("a", Pump);
        CreateJob("b", Pump, isContinuous: true);

        Tells(() => Report("pump-1", "b", SUCCEEDED), "b on pump-1 SUCCEEDED", "notify: QUEUED a");
    }

    [Fact]
    public void Leaving_the_group_with_the_only_entry_sends_an_empty_notify_and_notify_next()
    {
        CreateJob("a", GroupArn("pumps"), isContinuous: true);

        Tells(() => Leave("pump-1", "pumps"), "a on pump-1 REMOVED", "notify:", "notify-next: none");
    }

    [Fact]
    public void Leaving_the_group_in_progress_sends_nothing()
    {
        CreateJob("a", GroupArn("pumps"), isContinuous: true);
        StartNext("pump-1");

        Tells(() => Leave("pump-1", "pumps"));
    }

    [Fact]
    public void Rejoining_sends_notify_and_notify_next_of_the_second_run()
    {
        CreateJob("a", GroupArn("pumps"), isContinuous: true);
        Leave("pump-1", "pumps");

        Tells(() => Join("pump-1", "pumps"), "notify: QUEUED a", "notify-next: a 2");
    }

    [Fact]
    public void A_retry_at_the_head_sends_notify_and_notify_next_of_the_second_run()
    {
        CreateJob("a", Pump, retry: RetryOf(Retryable.FAILED, 1));

        Tells(() => Report("pump-1", "a", FAILED), "a on pump-1 FAILED", "notify: QUEUED a", "notify-next: a 2");
    }

    [Fact]
    public void A_retry_goes_to_the_end_of_the_list()
    {
        CreateJob("a", Pump, retry: RetryOf(Retryable.FAILED, 1));
        CreateJob("b", Pump);

        Tells(() => Report("pump-1", "a", FAILED), "a on pump-1 FAILED", "notify: QUEUED b, QUEUED a", "notify-next: b 1");
        Tells(() => Report("pump-1", "a", FAILED), "a on pump-1 FAILED", "job a completed", "notify: QUEUED b");
    }

    [Fact]
    public void A_timeout_that_is_retried_notify_and_notify_next()
    {
        CreateJob("a", Pump, timeout: 10, retry: RetryOf(Retryable.TIMED_OUT, 1));
        StartNext("pump-1");

        Tells(() => Advance(Minutes(10)), "a on pump-1 TIMED_OUT", "notify: QUEUED a", "notify-next: a 2");
    }

    [Fact]
    public void A_window_that_opens_for_the_first_time_sends_notify_and_notify_next()
    {
        CreateWindowJob("w");

        Tells(() => AdvanceTo(At("02:00")), "notify: QUEUED w", "notify-next: w 1");
    }

    [Fact]
    public void A_window_that_closes_on_the_only_entry_sends_an_empty_notify_and_notify_next()
    {
        CreateWindowJob("w");
        AdvanceTo(At("02:30"));

        Tells(() => AdvanceTo(At("03:00")), "notify:", "notify-next: none");
    }

    [Fact]
    public void A_window_that_opens_again_sends_notify_and_notify_next()
    {
        CreateWindowJob("w");
        AdvanceTo(At("12:00"));

        Tells(() => AdvanceTo(At("2026-01-02 02:00")), "notify: QUEUED w", "notify-next: w 1");
    }

    [Fact]
    public void A_window_that_closes_and_opens_at_the_head_of_others_sends_notify_and_notify_next()
    {
        CreateWindowJob("w");
        AdvanceTo(At("02:30"));
        CreateJob("b", Pump);

        Tells(() => AdvanceTo(At("03:00")), "notify: QUEUED b", "notify-next: b 1");
        Tells(() => AdvanceTo(At("2026-01-02 02:00")), "notify: QUEUED w, QUEUED b", "notify-next: w 1");
    }

    [Fact]
    public void A_window_that_closes_and_opens_behind_others_sends_notify_only()
    {
        CreateJob("b", Pump);
        CreateWindowJob("w");
        AdvanceTo(At("02:30"));

        Tells(() => AdvanceTo(At("03:00")), "notify: QUEUED b");
        Tells(() => AdvanceTo(At("2026-01-02 02:00")), "notify: QUEUED b, QUEUED w");
    }

    [Fact]
    public void A_window_closes_and_opens_on_what_is_in_progress_nothing()
    {
        CreateWindowJob("w");
        AdvanceTo(At("02:30"));
        StartNext("pump-1");

        Tells(() => AdvanceTo(At("03:00")));
        Tells(() => AdvanceTo(At("2026-01-02 02:30")));
    }

    [Fact]
    public void A_retry_waits_for_the_window_and_is_announced_with_it()
    {
        CreateWindowJob("w", RetryOf(Retryable.FAILED, 1));
        AdvanceTo(At("02:30"));
        StartNext("pump-1");
        AdvanceTo(At("03:30"));

        Tells(() => Report("pump-1", "w", FAILED), "w on pump-1 FAILED", "notify:", "notify-next: none");
        Tells(() => AdvanceTo(At("2026-01-02 02:00")), "notify: QUEUED w", "notify-next: w 2");
    }

    [Fact]
    public void A_start_time_that_comes_sends_notify_and_notify_next()
    {
        CreateJob("a", Pump, schedule: Scheduled(start: "2026-01-02 00:00"));

        Tells(() => AdvanceTo(At("2026-01-01 23:59")));
        Tells(() => AdvanceTo(At("2026-01-02 00:00")), "notify: QUEUED a", "notify-next: a 1");
    }

    [Theory]
    [InlineData(JobEndBehavior.STOP_ROLLOUT)]
    [InlineData(JobEndBehavior.CANCEL, "a on pump-1 CANCELED", "job a completed", "notify:", "notify-next: none")]
    public void An_end_time_tells_what_it_cancels(JobEndBehavior behavior, params string[] told)
    {
        CreateJob("a", Pump, schedule: Scheduled(end: "2026-01-02 00:00", behavior: behavior));

        Tells(() => AdvanceTo(At("2026-01-02 00:00")), told);
    }

    [Fact]
    public void An_end_outside_a_window_shows_again_what_goes_on()
    {
        CreateJob("w", Pump, isContinuous: true, schedule: Windows("0 2 * * ? *", 60, end: "2026-01-01 12:00"));
        AdvanceTo(At("03:00"));

        Tells(() => AdvanceTo(At("12:00")), "notify: QUEUED w", "notify-next: w 1");
    }

    [Fact]
    public void A_rollout_tells_each_device_in_its_minute()
    {
        CreateJob("a", Fleet("fleet", 3), rollout: PerMinute(1));
        Commit();
        Announced.Clear();
        Advance(Minutes(2));

        Assert.Equal(["fleet-2", "fleet-3"], Announced.OfType<PendingExecutionsChanged>().Select(change => change.ThingName));
        Assert.Equal(["fleet-2", "fleet-3"], Announced.OfType<NextExecutionChanged>().Select(change => change.ThingName));
    }

    [Fact]
    public void Several_changes_of_one_turn_are_told_once()
    {
        CreateJob("a", Pump, retry: RetryOf(Retryable.FAILED, 1), abort: AbortWhen(Failure.FAILED, 100, ofAtLeast: 2));
        Report("pump-1", "a", FAILED);

        Tells(
            () => Report("pump-1", "a", FAILED),
            "a on pump-1 FAILED", "job a cancellation_in_progress", "job a canceled", "notify:", "notify-next: none");
    }

    [Fact]
    public void The_next_comes_with_its_document()
    {
        CreateJob("a", Pump);

        Assert.Equal("{}", Assert.Single(Commit().OfType<NextExecutionChanged>()).Document!.Text);
    }

    // How much of the list is shown

    [Fact]
    public void Ten_entries_are_shown()
    {
        foreach (var number in Enumerable.Range(1, 12))
            CreateJob($"job-{number}", Pump);

        Assert.Equal(Enumerable.Range(1, 10).Select(number => $"job-{number}"), Shown());
        StartNext("pump-1");
        Report("pump-1", "job-1", SUCCEEDED);
        Assert.Equal(Enumerable.Range(2, 10).Select(number => $"job-{number}"), Shown());
    }

    [Fact]
    public void Five_more_entries_are_shown_for_jobs_with_windows()
    {
        foreach (var number in Enumerable.Range(1, 8))
            CreateWindowJob($"window-{number}");
        AdvanceTo(At("02:00"));
        Assert.Equal(Enumerable.Range(1, 5).Select(number => $"window-{number}"), Shown());
        foreach (var number in Enumerable.Range(1, 12))
            CreateJob($"job-{number}", Pump);

        Assert.Equal(
            [.. Enumerable.Range(1, 5).Select(number => $"window-{number}"), .. Enumerable.Range(1, 10).Select(number => $"job-{number}")],
            Shown());
        Assert.Equal(15, Device.GetPendingJobExecutions.Handle(Test, "pump-1").QueuedJobs.Count);

        AdvanceTo(At("03:00"));
        Assert.Equal(Enumerable.Range(1, 10).Select(number => $"job-{number}"), Shown());
    }

    // Events

    [Fact]
    public void A_snapshot_completes_by_a_timeout() =>
        TellsOf(timeout: 10, act: () =>
        {
            StartNext("pump-1");
            Advance(Minutes(10));
        }, "a on pump-1 TIMED_OUT", "job a completed");

    [Fact]
    public void A_job_that_is_cancelled_at_once() => TellsOf(() => CancelJob("a"), "job a cancellation_in_progress", "a on pump-1 CANCELED", "job a canceled");

    [Fact]
    public void A_job_that_is_deleted() => TellsOf(
        () =>
        {
            DeleteJob("a", force: true);
            Advance(Minutes(1));
        },
        "job a deletion_in_progress", "a on pump-1 deleted as QUEUED", "job a deleted");

    [Fact]
    public void A_big_job_that_is_cancelled_is_canceled_once_and_last()
    {
        RollOutAtOnce();
        CreateJob("a", Fleet("fleet", 2500));
        CatchUp();
        Announced.Clear();
        CancelJob("a");
        CatchUp();

        Assert.Equal([JobOperation.cancellation_in_progress, JobOperation.canceled], Announced.OfType<JobEvent>().Select(one => one.Operation));
        Assert.Equal(JobOperation.canceled, Announced.OfType<JobEvent>().Last().Operation);
        Assert.Equal(2500, Announced.OfType<JobExecutionEvent>().Count(one => one.Execution.Status == CANCELED));
        Assert.Equal((2500, 2500), (Announced.OfType<PendingExecutionsChanged>().Count(), Announced.OfType<NextExecutionChanged>().Count()));
    }

    private void CreateWindowJob(string jobId, RetryConfig? retry = null) =>
        CreateJob(jobId, Pump, isContinuous: true, retry: retry, schedule: Windows("0 2 * * ? *", 60));

    private List<string> Shown() =>
        [.. Announcements.Shown(Realm, Realm.Executions.Pending.In(("pump-1", null))).Select(execution => execution.JobId)];

    private void Tells(Action act, params string[] told) => Assert.Equal(told, During(act));

    // Events alone, whatever devices are told.
    private void TellsOf(Action act, params string[] told) => TellsOf(null, act, told);

    private void TellsOf(long? timeout, Action act, params string[] told)
    {
        CreateJob("a", Pump, timeout: timeout);
        Assert.Equal(told, During(act).Where(line => !line.StartsWith("notify", StringComparison.Ordinal)).Order(Comparer<string>.Create((a, b) => told.IndexOf(a) - told.IndexOf(b))));
    }

    private List<string> During(Action act)
    {
        Commit();
        Announced.Clear();
        act();
        Commit();
        return Announced.ConvertAll(Text);
    }

    private static string Text(Announcement announcement) => announcement switch
    {
        PendingExecutionsChanged change => $"notify: {string.Join(", ", change.Pending.Select(execution => $"{execution.Status} {execution.JobId}"))}".TrimEnd(),
        NextExecutionChanged change => change.Next is { } next ? $"notify-next: {next.JobId} {next.ExecutionNumber}" : "notify-next: none",
        JobEvent job => $"job {job.Job.JobId} {job.Operation}",
        JobExecutionEvent { IsDeleted: true } execution => $"{execution.Execution.JobId} on {execution.Execution.ThingName} deleted as {execution.Execution.Status}",
        JobExecutionEvent execution => $"{execution.Execution.JobId} on {execution.Execution.ThingName} {execution.Execution.Status}",
        _ => announcement.ToString(),
    };
}
