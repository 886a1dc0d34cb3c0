using IoTJobsEmulator.Core.Operations.JobExecutions;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Source: the developer guide, "Job timeout configuration".</summary>
public sealed class TimeoutTests
{
    private readonly TestRealm _test = new();

    public TimeoutTests() => _test.CreateThings("pump-1", "pump-2");

    private long? Seconds(string thing) => DescribeJobExecution.Handle(_test, "update-firmware", thing, null).Execution.ApproximateSecondsBeforeTimedOut;

    [Fact]
    public void Devices_and_operators_see_the_timers_of_the_guides_example()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 20);
        _test.AdvanceTo(At("12:00"));
        _test.StartNext("pump-1");
        Assert.Equal(1200, Seconds("pump-1"));

        _test.AdvanceTo(At("12:05"));
        _test.Report("pump-1", "update-firmware", IN_PROGRESS, stepTimeoutInMinutes: 7);
        Assert.Equal(420, Seconds("pump-1"));

        _test.AdvanceTo(At("12:10"));
        _test.Report("pump-1", "update-firmware", IN_PROGRESS, stepTimeoutInMinutes: 5);
        Assert.Equal(300, Seconds("pump-1"));

        _test.AdvanceTo(At("12:13"));
        _test.Report("pump-1", "update-firmware", IN_PROGRESS, stepTimeoutInMinutes: 9);
        Assert.Equal(420, Seconds("pump-1"));

        _test.AdvanceTo(At("12:19:59.999"));
        Assert.Equal("1 IN_PROGRESS v5", _test.Runs("update-firmware", "pump-1"));
        _test.AdvanceTo(At("12:20"));
        Assert.Equal("1 TIMED_OUT v6", _test.Runs("update-firmware", "pump-1"));
        Assert.Null(Seconds("pump-1"));
        Assert.Equal(("COMPLETED: 1 TIMED_OUT", At("12:20")), (_test.Standing("update-firmware"), _test.View("update-firmware").CompletedAt!.Value));
    }

    [Theory]
    [InlineData(7, "12:12")]
    [InlineData(5, "12:10")]
    [InlineData(15, "12:20")]
    public void A_step_timer_ends_the_execution_too(int minutes, string end)
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 20);
        _test.AdvanceTo(At("12:00"));
        _test.StartNext("pump-1");
        _test.AdvanceTo(At("12:05"));
        _test.Report("pump-1", "update-firmware", IN_PROGRESS, stepTimeoutInMinutes: minutes);
        _test.Advance(Days(1));

        Assert.Equal((TIMED_OUT, At(end)), (_test.Execution("update-firmware", "pump-1").Status, _test.Execution("update-firmware", "pump-1").LastUpdatedAt));
    }

    [Fact]
    public void Updates_do_not_stop_the_in_progress_timer()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10);
        _test.Report("pump-1", "update-firmware", IN_PROGRESS);
        foreach (var _ in Enumerable.Range(1, 9))
        {
            _test.Advance(Minutes(1));
            _test.Report("pump-1", "update-firmware", IN_PROGRESS);
        }
        _test.Advance(Minutes(1));

        Assert.Equal("1 TIMED_OUT v12", _test.Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void Seven_days_pass_in_no_time()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10080);
        _test.StartNext("pump-1");

        _test.Advance(Days(7) - Milliseconds(1));
        Assert.Equal("1 IN_PROGRESS v2", _test.Runs("update-firmware", "pump-1"));
        _test.Advance(Milliseconds(1));
        Assert.Equal("1 TIMED_OUT v3", _test.Runs("update-firmware", "pump-1"));
        Assert.InRange(_test.Turns.Count, 1, 2);
    }

    [Fact]
    public void What_no_device_starts_waits_for_ever()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 1);
        _test.Advance(Days(400));

        Assert.Equal("1 QUEUED v1", _test.Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void A_step_timer_works_without_an_in_progress_timer()
    {
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.StartNext("pump-1", stepTimeoutInMinutes: 3);
        Assert.Equal(180, Seconds("pump-1"));
        _test.Advance(Minutes(2));
        _test.Report("pump-1", "update-firmware", IN_PROGRESS, stepTimeoutInMinutes: -1);
        Assert.Null(Seconds("pump-1"));
        _test.Advance(Days(30));
        Assert.Equal("1 IN_PROGRESS v3", _test.Runs("update-firmware", "pump-1"));

        _test.Report("pump-1", "update-firmware", IN_PROGRESS, stepTimeoutInMinutes: 3);
        _test.Advance(Minutes(3));
        Assert.Equal("1 TIMED_OUT v5", _test.Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void Starting_again_what_runs_leaves_its_timers()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10);
        _test.StartNext("pump-1", stepTimeoutInMinutes: 5);
        _test.Advance(Minutes(1));
        Assert.Equal("update-firmware", _test.StartNext("pump-1", stepTimeoutInMinutes: 9));

        Assert.Equal(("1 IN_PROGRESS v2", 240L), (_test.Runs("update-firmware", "pump-1"), Seconds("pump-1")!.Value));
    }

    [Fact]
    public void A_step_timer_concerns_its_own_execution_only()
    {
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")]);
        _test.StartNext("pump-1", stepTimeoutInMinutes: 5);
        _test.StartNext("pump-2");
        _test.Advance(Minutes(5));

        Assert.Equal(("1 TIMED_OUT v3", "1 IN_PROGRESS v2"), (_test.Runs("update-firmware", "pump-1"), _test.Runs("update-firmware", "pump-2")));
    }

    [Fact]
    public void An_updated_timeout_concerns_later_starts_only()
    {
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")], timeoutInMinutes: 60);
        _test.StartNext("pump-1");
        _test.Advance(Minutes(1));
        _test.UpdateJob("update-firmware", new() { TimeoutConfig = Timeout(5) });
        _test.StartNext("pump-2");

        _test.Advance(Minutes(5));
        Assert.Equal(("1 IN_PROGRESS v2", "1 TIMED_OUT v3"), (_test.Runs("update-firmware", "pump-1"), _test.Runs("update-firmware", "pump-2")));
        _test.AdvanceTo(At("01:00"));
        Assert.Equal("1 TIMED_OUT v3", _test.Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void What_runs_without_a_timer_stays_without()
    {
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")]);
        _test.StartNext("pump-1");
        _test.UpdateJob("update-firmware", new() { TimeoutConfig = Timeout(5) });
        _test.Report("pump-1", "update-firmware", IN_PROGRESS);
        _test.StartNext("pump-2");
        _test.Advance(Days(1));

        Assert.Equal(("1 IN_PROGRESS v3", "1 TIMED_OUT v3"), (_test.Runs("update-firmware", "pump-1"), _test.Runs("update-firmware", "pump-2")));
    }

    [Theory]
    [InlineData(SUCCEEDED)]
    [InlineData(FAILED)]
    [InlineData(REJECTED)]
    public void What_a_device_finishes_in_time_does_not_time_out(JobExecutionStatus status)
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10);
        _test.StartNext("pump-1", stepTimeoutInMinutes: 5);
        _test.Advance(Minutes(4));
        _test.Report("pump-1", "update-firmware", status);
        Assert.Null(DueWork.NextDue(_test.World));
        _test.Advance(Days(1));

        Assert.Equal(status, _test.Execution("update-firmware", "pump-1").Status);
    }

    [Fact]
    public void A_device_that_takes_too_long_is_timed_out_even_before_due_work_comes_round()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10);
        _test.StartNext("pump-1");
        _test.JumpTo(At("00:10"));

        _test.AssertRefused(
            ServiceError.InvalidStateTransition,
            "Job execution in terminal status TIMED_OUT cannot be changed to be SUCCEEDED",
            () => _test.Report("pump-1", "update-firmware", SUCCEEDED));
        Assert.Null(_test.StartNext("pump-1"));
        _test.DoDueWork();
        Assert.Equal("1 TIMED_OUT v3", _test.Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void What_is_cancelled_with_force_has_no_timer()
    {
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")], timeoutInMinutes: 10);
        _test.StartNext("pump-1");
        _test.StartNext("pump-2");
        _test.CancelExecution("update-firmware", "pump-1", force: true);
        _test.CancelJob("update-firmware", force: true);
        _test.Advance(Days(1));

        Assert.Equal("CANCELED: 2 CANCELED", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_job_cancelled_without_force_leaves_the_timers_running()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10);
        _test.StartNext("pump-1");
        _test.CancelJob("update-firmware");
        _test.Advance(Minutes(10));

        Assert.Equal("CANCELED: 1 TIMED_OUT", _test.Standing("update-firmware"));
    }

    [Fact]
    public void A_restart_keeps_the_timers()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10);
        _test.StartNext("pump-1", stepTimeoutInMinutes: 5);
        _test.Advance(Minutes(4));
        _test.Restart();
        _test.Advance(Minutes(1));

        Assert.Equal("1 TIMED_OUT v3", _test.Runs("update-firmware", "pump-1"));
    }
}
