using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>
/// What pump-1 is told, case by case, and what listeners are told of jobs and executions.
/// Source: the developer guide, "Jobs notifications" and "Jobs events".
/// </summary>
public sealed class NotificationTests
{
    private readonly TestRealm _test = new();

    public NotificationTests() => _test.CreateGroup("pumps", members: "pump-1");

    // notify and notify-next

    [Fact]
    public void An_execution_queued_on_an_empty_list_sends_notify_and_notify_next() =>
        Tells(() => _test.CreateJob("a", thing: "pump-1"), "notify: QUEUED a", "notify-next: a 1");

    [Fact]
    public void An_execution_queued_behind_others_sends_notify_only()
    {
        _test.CreateJob("a", thing: "pump-1");

        Tells(() => _test.CreateJob("b", thing: "pump-1"), "notify: QUEUED a, QUEUED b");
    }

    [Fact]
    public void A_head_that_is_started_with_start_next_sends_nothing()
    {
        _test.CreateJob("a", thing: "pump-1");

        Tells(() => _test.StartNext("pump-1"));
    }

    [Fact]
    public void A_head_that_is_started_with_update_sends_nothing()
    {
        _test.CreateJob("a", thing: "pump-1");
        _test.CreateJob("b", thing: "pump-1");

        Tells(() => _test.Report("pump-1", "a", IN_PROGRESS));
    }

    [Fact]
    public void Another_than_the_head_that_is_started_sends_notify_next_only()
    {
        _test.CreateJob("a", thing: "pump-1");
        _test.CreateJob("b", thing: "pump-1");

        Tells(() => _test.Report("pump-1", "b", IN_PROGRESS), "notify-next: b 1");
    }

    [Fact]
    public void Another_than_the_head_that_is_started_behind_one_in_progress_sends_nothing()
    {
        _test.CreateJob("a", thing: "pump-1");
        _test.CreateJob("b", thing: "pump-1");
        _test.Report("pump-1", "a", IN_PROGRESS);

        Tells(() => _test.Report("pump-1", "b", IN_PROGRESS));
    }

    [Fact]
    public void Details_reported_in_progress_send_nothing()
    {
        _test.CreateJob("a", thing: "pump-1");
        _test.StartNext("pump-1");

        Tells(() => _test.Report("pump-1", "a", IN_PROGRESS, stepTimeoutInMinutes: 5));
    }

    [Theory]
    [InlineData(SUCCEEDED)]
    [InlineData(FAILED)]
    [InlineData(REJECTED)]
    public void A_head_that_its_device_finishes_sends_notify_and_notify_next(JobExecutionStatus status)
    {
        _test.CreateJob("a", thing: "pump-1", isContinuous: true);
        _test.CreateJob("b", thing: "pump-1");
        _test.StartNext("pump-1");

        Tells(() => _test.Report("pump-1", "a", status), $"a on pump-1 {status}", "notify: QUEUED b", "notify-next: b 1");
    }

    [Fact]
    public void A_head_that_is_finished_as_the_last_sends_an_empty_notify_and_notify_next()
    {
        _test.CreateJob("a", thing: "pump-1", isContinuous: true);

        Tells(() => _test.Report("pump-1", "a", SUCCEEDED), "a on pump-1 SUCCEEDED", "notify:", "notify-next: none");
    }

    [Fact]
    public void A_head_that_times_out_sends_notify_and_notify_next()
    {
        _test.CreateJob("a", thing: "pump-1", isContinuous: true, timeoutInMinutes: 10);
        _test.CreateJob("b", thing: "pump-1");
        _test.StartNext("pump-1");

        Tells(() => _test.Advance(Minutes(10)), "a on pump-1 TIMED_OUT", "notify: QUEUED b", "notify-next: b 1");
    }

    [Fact]
    public void A_head_that_is_cancelled_sends_notify_and_notify_next()
    {
        _test.CreateJob("a", thing: "pump-1", isContinuous: true);
        _test.CreateJob("b", thing: "pump-1");

        Tells(() => _test.CancelExecution("a", "pump-1"), "a on pump-1 CANCELED", "notify: QUEUED b", "notify-next: b 1");
    }

    [Fact]
    public void A_head_that_is_deleted_sends_notify_and_notify_next()
    {
        _test.CreateJob("a", thing: "pump-1", isContinuous: true);
        _test.CreateJob("b", thing: "pump-1");

        Tells(() => _test.DeleteExecution("a", "pump-1"), "a on pump-1 deleted as QUEUED", "notify: QUEUED b", "notify-next: b 1");
    }

    [Fact]
    public void A_head_that_is_removed_with_its_thing_sends_notify_and_notify_next()
    {
        _test.CreateJob("a", thing: "pump-1", isContinuous: true);

        Tells(() => _test.DeleteThing("pump-1"), "a on pump-1 REMOVED", "notify:", "notify-next: none");
    }

    [Fact]
    public void Another_than_the_head_that_is_finished_sends_notify_only()
    {
        _test.CreateJob("a", thing: "pump-1");
        _test.CreateJob("b", thing: "pump-1", isContinuous: true);

        Tells(() => _test.Report("pump-1", "b", SUCCEEDED), "b on pump-1 SUCCEEDED", "notify: QUEUED a");
    }

    [Fact]
    public void Leaving_the_group_with_the_only_entry_sends_an_empty_notify_and_notify_next()
    {
        _test.CreateJob("a", group: "pumps", isContinuous: true);

        Tells(() => _test.Leave("pump-1", "pumps"), "a on pump-1 REMOVED", "notify:", "notify-next: none");
    }

    [Fact]
    public void Leaving_the_group_in_progress_sends_nothing()
    {
        _test.CreateJob("a", group: "pumps", isContinuous: true);
        _test.StartNext("pump-1");

        Tells(() => _test.Leave("pump-1", "pumps"));
    }

    [Fact]
    public void Rejoining_sends_notify_and_notify_next_of_the_second_run()
    {
        _test.CreateJob("a", group: "pumps", isContinuous: true);
        _test.Leave("pump-1", "pumps");

        Tells(() => _test.Join("pump-1", "pumps"), "notify: QUEUED a", "notify-next: a 2");
    }

    [Fact]
    public void A_retry_at_the_head_sends_notify_and_notify_next_of_the_second_run()
    {
        _test.CreateJob("a", thing: "pump-1", retry: Retries(Retryable.FAILED, 1));

        Tells(() => _test.Report("pump-1", "a", FAILED), "a on pump-1 FAILED", "notify: QUEUED a", "notify-next: a 2");
    }

    [Fact]
    public void A_retry_goes_to_the_end_of_the_list()
    {
        _test.CreateJob("a", thing: "pump-1", retry: Retries(Retryable.FAILED, 1));
        _test.CreateJob("b", thing: "pump-1");

        Tells(() => _test.Report("pump-1", "a", FAILED), "a on pump-1 FAILED", "notify: QUEUED b, QUEUED a", "notify-next: b 1");
        Tells(() => _test.Report("pump-1", "a", FAILED), "a on pump-1 FAILED", "job a completed", "notify: QUEUED b");
    }

    [Fact]
    public void A_timeout_that_is_retried_sends_notify_and_notify_next()
    {
        _test.CreateJob("a", thing: "pump-1", timeoutInMinutes: 10, retry: Retries(Retryable.TIMED_OUT, 1));
        _test.StartNext("pump-1");

        Tells(() => _test.Advance(Minutes(10)), "a on pump-1 TIMED_OUT", "notify: QUEUED a", "notify-next: a 2");
    }

    [Fact]
    public void A_window_that_opens_for_the_first_time_sends_notify_and_notify_next()
    {
        CreateWindowJob("w");

        Tells(() => _test.AdvanceTo(At("02:00")), "notify: QUEUED w", "notify-next: w 1");
    }

    [Fact]
    public void A_window_that_closes_on_the_only_entry_sends_an_empty_notify_and_notify_next()
    {
        CreateWindowJob("w");
        _test.AdvanceTo(At("02:30"));

        Tells(() => _test.AdvanceTo(At("03:00")), "notify:", "notify-next: none");
    }

    [Fact]
    public void A_window_that_opens_again_sends_notify_and_notify_next()
    {
        CreateWindowJob("w");
        _test.AdvanceTo(At("12:00"));

        Tells(() => _test.AdvanceTo(At("2026-01-02 02:00")), "notify: QUEUED w", "notify-next: w 1");
    }

    [Fact]
    public void A_window_that_closes_and_opens_at_the_head_of_others_sends_notify_and_notify_next()
    {
        CreateWindowJob("w");
        _test.AdvanceTo(At("02:30"));
        _test.CreateJob("b", thing: "pump-1");

        Tells(() => _test.AdvanceTo(At("03:00")), "notify: QUEUED b", "notify-next: b 1");
        Tells(() => _test.AdvanceTo(At("2026-01-02 02:00")), "notify: QUEUED w, QUEUED b", "notify-next: w 1");
    }

    [Fact]
    public void A_window_that_closes_and_opens_behind_others_sends_notify_only()
    {
        _test.CreateJob("b", thing: "pump-1");
        CreateWindowJob("w");
        _test.AdvanceTo(At("02:30"));

        Tells(() => _test.AdvanceTo(At("03:00")), "notify: QUEUED b");
        Tells(() => _test.AdvanceTo(At("2026-01-02 02:00")), "notify: QUEUED b, QUEUED w");
    }

    [Fact]
    public void A_window_that_closes_and_opens_on_an_execution_in_progress_sends_nothing()
    {
        CreateWindowJob("w");
        _test.AdvanceTo(At("02:30"));
        _test.StartNext("pump-1");

        Tells(() => _test.AdvanceTo(At("03:00")));
        Tells(() => _test.AdvanceTo(At("2026-01-02 02:30")));
    }

    [Fact]
    public void A_retry_waits_for_the_window_and_is_announced_with_it()
    {
        CreateWindowJob("w", Retries(Retryable.FAILED, 1));
        _test.AdvanceTo(At("02:30"));
        _test.StartNext("pump-1");
        _test.AdvanceTo(At("03:30"));

        Tells(() => _test.Report("pump-1", "w", FAILED), "w on pump-1 FAILED", "notify:", "notify-next: none");
        Tells(() => _test.AdvanceTo(At("2026-01-02 02:00")), "notify: QUEUED w", "notify-next: w 2");
    }

    [Fact]
    public void A_start_time_that_comes_sends_notify_and_notify_next()
    {
        _test.CreateJob("a", thing: "pump-1", schedule: Scheduled(start: "2026-01-02 00:00"));

        Tells(() => _test.AdvanceTo(At("2026-01-01 23:59")));
        Tells(() => _test.AdvanceTo(At("2026-01-02 00:00")), "notify: QUEUED a", "notify-next: a 1");
    }

    [Theory]
    [InlineData(JobEndBehavior.STOP_ROLLOUT)]
    [InlineData(JobEndBehavior.CANCEL, "a on pump-1 CANCELED", "job a completed", "notify:", "notify-next: none")]
    public void An_end_time_tells_what_it_cancels(JobEndBehavior behavior, params string[] told)
    {
        _test.CreateJob("a", thing: "pump-1", schedule: Scheduled(end: "2026-01-02 00:00", behavior: behavior));

        Tells(() => _test.AdvanceTo(At("2026-01-02 00:00")), told);
    }

    [Fact]
    public void An_end_outside_a_window_shows_again_what_goes_on()
    {
        _test.CreateJob("w", thing: "pump-1", isContinuous: true, schedule: Windows("0 2 * * ? *", 60, end: "2026-01-01 12:00"));
        _test.AdvanceTo(At("03:00"));

        Tells(() => _test.AdvanceTo(At("12:00")), "notify: QUEUED w", "notify-next: w 1");
    }

    [Fact]
    public void A_rollout_tells_each_device_in_its_minute()
    {
        _test.CreateJob("a", group: _test.CreateFleet("fleet", 3), rollout: PerMinute(1));
        _test.Commit();
        _test.Announced.Clear();
        _test.Advance(Minutes(2));

        Assert.Equal(["fleet-2", "fleet-3"], _test.Announced.OfType<PendingExecutionsChanged>().Select(change => change.ThingName));
        Assert.Equal(["fleet-2", "fleet-3"], _test.Announced.OfType<NextExecutionChanged>().Select(change => change.ThingName));
    }

    [Fact]
    public void Several_changes_of_one_turn_are_told_once()
    {
        _test.CreateJob("a", thing: "pump-1", retry: Retries(Retryable.FAILED, 1), abort: AbortWhen(Failure.FAILED, 100, ofAtLeast: 2));
        _test.Report("pump-1", "a", FAILED);

        Tells(
            () => _test.Report("pump-1", "a", FAILED),
            "a on pump-1 FAILED", "job a cancellation_in_progress", "job a canceled", "notify:", "notify-next: none");
    }

    [Fact]
    public void The_next_comes_with_its_document()
    {
        _test.CreateJob("a", thing: "pump-1");

        Assert.Equal("{}", Assert.Single(_test.Commit().OfType<NextExecutionChanged>()).Document!.Text);
    }

    // How much of the list is shown

    [Fact]
    public void Ten_entries_are_shown()
    {
        foreach (var number in Enumerable.Range(1, 12))
            _test.CreateJob($"job-{number}", thing: "pump-1");

        Assert.Equal(Enumerable.Range(1, 10).Select(number => $"job-{number}"), Shown());
        _test.StartNext("pump-1");
        _test.Report("pump-1", "job-1", SUCCEEDED);
        Assert.Equal(Enumerable.Range(2, 10).Select(number => $"job-{number}"), Shown());
    }

    [Fact]
    public void Five_more_entries_are_shown_for_jobs_with_windows()
    {
        foreach (var number in Enumerable.Range(1, 8))
            CreateWindowJob($"window-{number}");
        _test.AdvanceTo(At("02:00"));
        Assert.Equal(Enumerable.Range(1, 5).Select(number => $"window-{number}"), Shown());
        foreach (var number in Enumerable.Range(1, 12))
            _test.CreateJob($"job-{number}", thing: "pump-1");

        Assert.Equal(
            [.. Enumerable.Range(1, 5).Select(number => $"window-{number}"), .. Enumerable.Range(1, 10).Select(number => $"job-{number}")],
            Shown());
        Assert.Equal(15, Device.GetPendingJobExecutions.Handle(_test, "pump-1").QueuedJobs.Count);

        _test.AdvanceTo(At("03:00"));
        Assert.Equal(Enumerable.Range(1, 10).Select(number => $"job-{number}"), Shown());
    }

    // Events

    [Fact]
    public void A_snapshot_completes_by_a_timeout() =>
        TellsOf(timeout: 10, act: () =>
        {
            _test.StartNext("pump-1");
            _test.Advance(Minutes(10));
        }, "a on pump-1 TIMED_OUT", "job a completed");

    [Fact]
    public void A_job_that_is_cancelled_announces_the_beginning_and_the_end() => TellsOf(() => _test.CancelJob("a"), "job a cancellation_in_progress", "a on pump-1 CANCELED", "job a canceled");

    [Fact]
    public void A_job_that_is_deleted_announces_the_beginning_its_execution_and_the_end() => TellsOf(
        () =>
        {
            _test.DeleteJob("a", force: true);
            _test.Advance(Minutes(1));
        },
        "job a deletion_in_progress", "a on pump-1 deleted as QUEUED", "job a deleted");

    [Fact]
    public void A_big_job_that_is_cancelled_is_canceled_once_and_last()
    {
        _test.RollOutAtOnce();
        _test.CreateJob("a", group: _test.CreateFleet("fleet", 2500));
        _test.DoDueWork();
        _test.Announced.Clear();
        _test.CancelJob("a");
        _test.DoDueWork();

        Assert.Equal([JobOperation.cancellation_in_progress, JobOperation.canceled], _test.Announced.OfType<JobEvent>().Select(one => one.Operation));
        Assert.Equal(JobOperation.canceled, _test.Announced.OfType<JobEvent>().Last().Operation);
        Assert.Equal(2500, _test.Announced.OfType<JobExecutionEvent>().Count(one => one.Execution.Status == CANCELED));
        Assert.Equal((2500, 2500), (_test.Announced.OfType<PendingExecutionsChanged>().Count(), _test.Announced.OfType<NextExecutionChanged>().Count()));
    }

    private void CreateWindowJob(string jobId, RetryConfig? retry = null) =>
        _test.CreateJob(jobId, thing: "pump-1", isContinuous: true, retry: retry, schedule: Windows("0 2 * * ? *", 60));

    private List<string> Shown() =>
        [.. Announcements.ShownToDevice(_test.Realm, _test.Realm.Executions.Pending.RowsIn(new("pump-1", null))).Select(execution => execution.JobId)];

    private void Tells(Action act, params string[] told) => Assert.Equal(told, During(act));

    // Events alone, whatever devices are told.
    private void TellsOf(Action act, params string[] told) => TellsOf(null, act, told);

    private void TellsOf(long? timeout, Action act, params string[] told)
    {
        _test.CreateJob("a", thing: "pump-1", timeoutInMinutes: timeout);
        Assert.Equal(told, During(act).Where(line => !line.StartsWith("notify", StringComparison.Ordinal)).Order(Comparer<string>.Create((a, b) => told.IndexOf(a) - told.IndexOf(b))));
    }

    private List<string> During(Action act)
    {
        _test.Commit();
        _test.Announced.Clear();
        act();
        _test.Commit();
        return _test.Announced.ConvertAll(Text);
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
