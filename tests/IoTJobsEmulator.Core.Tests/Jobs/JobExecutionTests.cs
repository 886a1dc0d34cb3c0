using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Jobs;

public sealed class JobExecutionTests
{
    private static readonly Moment Now = Start;

    private static readonly JobExecution Queued = new()
    {
        JobId = "update-firmware",
        ThingName = "pump-1",
        ExecutionNumber = 1,
        Ordinal = 1,
        QueuedAt = Now,
        LastUpdatedAt = Now,
    };

    /// <summary>As the developer guide draws it; columns are what a device may report.</summary>
    [Fact]
    public void A_device_may_make_these_moves_and_no_other()
    {
        const string Guide = """
                         QUEUED IN_PROGRESS SUCCEEDED FAILED TIMED_OUT REJECTED REMOVED CANCELED
            QUEUED       -      yes         yes       yes    -         yes      -       -
            IN_PROGRESS  -      yes         yes       yes    -         yes      -       -
            SUCCEEDED    -      -           -         -      -         -        -       -
            FAILED       -      -           -         -      -         -        -       -
            TIMED_OUT    -      -           -         -      -         -        -       -
            REJECTED     -      -           -         -      -         -        -       -
            REMOVED      -      -           -         -      -         -        -       -
            CANCELED     -      -           -         -      -         -        -       -
            """;

        var statuses = Enum.GetValues<JobExecutionStatus>();
        var drawn = statuses.Select(from => $"{from,-12} " + string.Join(' ', statuses.Select(to => (JobExecution.DeviceMayMove(from, to) ? "yes" : "-").PadRight($"{to}".Length))));
        Assert.Equal(Guide, string.Join('\n', [$"{"",-12} " + string.Join(' ', statuses), .. drawn.Select(line => line.TrimEnd())]));
    }

    [Theory]
    [InlineData(QUEUED, false)]
    [InlineData(IN_PROGRESS, false)]
    [InlineData(SUCCEEDED, true)]
    [InlineData(FAILED, true)]
    [InlineData(TIMED_OUT, true)]
    [InlineData(REJECTED, true)]
    [InlineData(REMOVED, true)]
    [InlineData(CANCELED, true)]
    public void Two_states_are_open_and_the_others_terminal(JobExecutionStatus status, bool isTerminal) =>
        Assert.Equal(isTerminal, (Queued with { Status = status }).IsTerminal);

    [Theory]
    [InlineData(SUCCEEDED)]
    [InlineData(FAILED)]
    [InlineData(REJECTED)]
    public void One_report_may_start_and_finish_it(JobExecutionStatus status)
    {
        var later = Now + Minutes(1);

        Assert.Equal(
            Queued with { Status = status, StartedAt = later, LastUpdatedAt = later, VersionNumber = 2 },
            Queued.Report(later, status, null, null, Timeout(10)));
    }

    [Fact]
    public void A_start_sets_the_time_and_the_timers()
    {
        var started = Queued.Report(Now + Minutes(1), IN_PROGRESS, new([new("step", "1")]), 5, Timeout(10));

        Assert.Equal(
            Queued with
            {
                Status = IN_PROGRESS,
                StatusDetails = new([new("step", "1")]),
                VersionNumber = 2,
                StartedAt = Now + Minutes(1),
                LastUpdatedAt = Now + Minutes(1),
                InProgressTimesOutAt = Now + Minutes(11),
                StepTimesOutAt = Now + Minutes(6),
            },
            started);
        Assert.Equal(Now + Minutes(6), started.TimesOutAt);
        Assert.Equal(299, started.SecondsBeforeTimedOut(Now + Seconds(60.5)));
        Assert.Equal(0, started.SecondsBeforeTimedOut(Now + Hours(1)));
    }

    [Fact]
    public void A_report_of_progress_keeps_what_it_does_not_name()
    {
        var started = Queued.Report(Now, IN_PROGRESS, new([new("step", "1")]), 5, Timeout(10));

        var next = started.Report(Now + Minutes(2), IN_PROGRESS, null, null, Timeout(99));

        Assert.Equal(started with { VersionNumber = 3, LastUpdatedAt = Now + Minutes(2) }, next);
    }

    [Fact]
    public void A_step_timer_is_replaced_and_ended_but_does_not_outlive_the_job_s()
    {
        var started = Queued.Report(Now, IN_PROGRESS, null, 5, Timeout(10));

        Assert.Equal(Now + Minutes(9), started.Report(Now + Minutes(2), IN_PROGRESS, null, 7, null).TimesOutAt);
        Assert.Equal(Now + Minutes(10), started.Report(Now + Minutes(2), IN_PROGRESS, null, 60, null).TimesOutAt);
        Assert.Equal(Now + Minutes(10), started.Report(Now + Minutes(2), IN_PROGRESS, null, -1, null).TimesOutAt);
        Assert.Null(Queued.Report(Now, IN_PROGRESS, null, 5, null).Report(Now, IN_PROGRESS, null, -1, null).TimesOutAt);
    }

    [Theory]
    [InlineData(SUCCEEDED)]
    [InlineData(FAILED)]
    [InlineData(REJECTED)]
    public void No_timer_runs_on_a_finished_execution(JobExecutionStatus status)
    {
        var started = Queued.Report(Now, IN_PROGRESS, new([new("step", "1")]), 5, Timeout(10));

        Assert.Equal(
            started with { Status = status, VersionNumber = 3, InProgressTimesOutAt = null, StepTimesOutAt = null },
            started.Report(Now, status, null, 7, null));
    }

    [Fact]
    public void An_execution_that_was_never_started_has_no_start()
    {
        Assert.Null(Queued.Cancel(Now, force: false).StartedAt);
        Assert.Null(Queued.Remove(Now).StartedAt);
    }

    [Fact]
    public void It_times_out_at_the_moment_itself_and_not_before()
    {
        var started = Queued.Report(Now, IN_PROGRESS, null, null, Timeout(10));
        var end = Now + Minutes(10);

        Assert.Same(started, started.TimeOut(end - Milliseconds(1)));
        Assert.Equal(started with { Status = TIMED_OUT, VersionNumber = 3, LastUpdatedAt = end, InProgressTimesOutAt = null }, started.TimeOut(end));
        Assert.Same(Queued, Queued.TimeOut(end));
    }

    [Fact]
    public void Cancelling_counts_as_a_version_and_removing_does_not()
    {
        var started = Queued.Report(Now, IN_PROGRESS, new([new("step", "1")]), 5, null);

        Assert.Equal(
            started with { Status = CANCELED, VersionNumber = 3, ForceCanceled = true, StepTimesOutAt = null },
            started.Cancel(Now, force: true));
        Assert.Equal(
            Queued with { Status = CANCELED, VersionNumber = 2, StatusDetails = new([new("by", "me")]) },
            Queued.Cancel(Now, force: false, new([new("by", "me")])));
        Assert.Equal(started with { Status = REMOVED, VersionNumber = 2, StepTimesOutAt = null }, started.Remove(Now));
    }
}
