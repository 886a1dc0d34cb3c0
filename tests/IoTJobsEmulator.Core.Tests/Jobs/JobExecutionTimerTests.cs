using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Jobs;

/// <summary>The two timers of an execution, as functions. Source: the developer guide, "Job timeout configuration".</summary>
public sealed class JobExecutionTimerTests
{
    private static readonly JobExecution Waiting = new()
    {
        JobId = "update-firmware",
        ThingName = "pump-1",
        ExecutionNumber = 1,
        Ordinal = 1,
        QueuedAt = At("11:00"),
        LastUpdatedAt = At("11:00"),
    };

    private static readonly TimeoutConfig TwentyMinutes = Timeout(20);

    [Fact]
    public void Step_timers_end_within_an_in_progress_timer_of_20_minutes_as_in_the_guide()
    {
        var execution = Waiting.Report(At("12:00"), IN_PROGRESS, null, null, TwentyMinutes);
        Assert.Equal(At("12:20"), execution.TimesOutAt);

        execution = execution.Report(At("12:05"), IN_PROGRESS, null, 7, TwentyMinutes);
        Assert.Equal(At("12:12"), execution.TimesOutAt);

        execution = execution.Report(At("12:10"), IN_PROGRESS, null, 5, TwentyMinutes);
        Assert.Equal(At("12:15"), execution.TimesOutAt);

        execution = execution.Report(At("12:13"), IN_PROGRESS, null, 9, TwentyMinutes);
        Assert.Equal(At("12:20"), execution.TimesOutAt);
    }

    [Fact]
    public void A_report_without_a_step_timer_leaves_both_timers_running()
    {
        var execution = Waiting.Report(At("12:00"), IN_PROGRESS, null, 7, TwentyMinutes);

        Assert.Equal(execution with { VersionNumber = 3, LastUpdatedAt = At("12:03") }, execution.Report(At("12:03"), IN_PROGRESS, null, null, TwentyMinutes));
    }

    [Fact]
    public void A_step_timer_of_minus_1_ends_the_step_timer_only()
    {
        var execution = Waiting.Report(At("12:00"), IN_PROGRESS, null, 7, TwentyMinutes).Report(At("12:05"), IN_PROGRESS, null, -1, TwentyMinutes);

        Assert.Equal((At("12:20"), null, At("12:20")), (execution.InProgressTimesOutAt, execution.StepTimesOutAt, execution.TimesOutAt));
    }

    [Fact]
    public void Without_an_in_progress_timer_a_step_timer_of_minus_1_leaves_none()
    {
        var execution = Waiting.Report(At("12:00"), IN_PROGRESS, null, 7, null);
        Assert.Equal(At("12:07"), execution.TimesOutAt);

        Assert.Null(execution.Report(At("12:05"), IN_PROGRESS, null, -1, null).TimesOutAt);
    }

    [Fact]
    public void The_in_progress_timer_is_the_one_of_the_start()
    {
        var withTimer = Waiting.Report(At("12:00"), IN_PROGRESS, null, null, TwentyMinutes).Report(At("12:05"), IN_PROGRESS, null, null, Timeout(1));
        var without = Waiting.Report(At("12:00"), IN_PROGRESS, null, null, null).Report(At("12:05"), IN_PROGRESS, null, null, TwentyMinutes);

        Assert.Equal((At("12:20"), null), (withTimer.TimesOutAt, without.TimesOutAt));
    }

    [Theory]
    [InlineData("12:00:00", 1200)]
    [InlineData("12:00:00.500", 1199)]
    [InlineData("12:05:00", 900)]
    [InlineData("12:19:59", 1)]
    [InlineData("12:19:59.999", 0)]
    [InlineData("12:20:00", 0)]
    [InlineData("12:30:00", 0)]
    public void The_seconds_before_the_timeout_count_down_to_the_earlier_timer(string now, long seconds) =>
        Assert.Equal(seconds, Waiting.Report(At("12:00"), IN_PROGRESS, null, 30, TwentyMinutes).SecondsBeforeTimedOut(At(now)));

    [Theory]
    [InlineData(SUCCEEDED)]
    [InlineData(FAILED)]
    [InlineData(REJECTED)]
    public void No_timer_runs_on_what_is_finished(JobExecutionStatus status)
    {
        var finished = Waiting.Report(At("12:00"), IN_PROGRESS, null, 7, TwentyMinutes).Report(At("12:01"), status, null, 5, TwentyMinutes);

        Assert.Equal((null, null, null, null), (finished.TimesOutAt, finished.InProgressTimesOutAt, finished.StepTimesOutAt, finished.SecondsBeforeTimedOut(At("12:01"))));
    }

    [Fact]
    public void What_is_queued_has_no_timer_and_never_times_out()
    {
        Assert.Equal((null, null), (Waiting.TimesOutAt, Waiting.SecondsBeforeTimedOut(At("12:00"))));
        Assert.Same(Waiting, Waiting.TimeOut(At("2030-01-01 00:00")));
    }

    [Fact]
    public void A_timeout_comes_with_the_moment_not_before_and_raises_the_version()
    {
        var execution = Waiting.Report(At("12:00"), IN_PROGRESS, null, null, TwentyMinutes);
        Assert.Same(execution, execution.TimeOut(At("12:19:59.999")));

        var timedOut = execution.TimeOut(At("12:20"));
        Assert.Equal(execution with { Status = TIMED_OUT, VersionNumber = 3, LastUpdatedAt = At("12:20"), InProgressTimesOutAt = null }, timedOut);
        Assert.Same(timedOut, timedOut.TimeOut(At("12:40")));
    }
}
