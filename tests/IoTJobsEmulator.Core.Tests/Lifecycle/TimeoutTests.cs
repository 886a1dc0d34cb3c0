using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.JobExecutions;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Source: the developer guide, "Job timeout configuration".</summary>
public sealed class TimeoutTests : LifecycleTest
{
    public TimeoutTests() => CreateThings("pump-1", "pump-2");

    private long? Seconds(string thing) => DescribeJobExecution.Handle(Test, "update-firmware", thing, null).Execution.ApproximateSecondsBeforeTimedOut;

    [Fact]
    public void The_guides_example_as_devices_and_operators_see_it()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 20);
        AdvanceTo(At("12:00"));
        StartNext("pump-1");
        Assert.Equal(1200, Seconds("pump-1"));

        AdvanceTo(At("12:05"));
        Report("pump-1", "update-firmware", IN_PROGRESS, step: 7);
        Assert.Equal(420, Seconds("pump-1"));

        AdvanceTo(At("12:10"));
        Report("pump-1", "update-firmware", IN_PROGRESS, step: 5);
        Assert.Equal(300, Seconds("pump-1"));

        AdvanceTo(At("12:13"));
        Report("pump-1", "update-firmware", IN_PROGRESS, step: 9);
        Assert.Equal(420, Seconds("pump-1"));

        AdvanceTo(At("12:19:59.999"));
        Assert.Equal("1 IN_PROGRESS v5", Runs("update-firmware", "pump-1"));
        AdvanceTo(At("12:20"));
        Assert.Equal("1 TIMED_OUT v6", Runs("update-firmware", "pump-1"));
        Assert.Null(Seconds("pump-1"));
        Assert.Equal(("COMPLETED: 1 TIMED_OUT", At("12:20")), (Standing("update-firmware"), View("update-firmware").CompletedAt!.Value));
    }

    [Theory]
    [InlineData(7, "12:12")]
    [InlineData(5, "12:10")]
    [InlineData(15, "12:20")]
    public void A_step_timer_ends_the_execution_too(int minutes, string end)
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 20);
        AdvanceTo(At("12:00"));
        StartNext("pump-1");
        AdvanceTo(At("12:05"));
        Report("pump-1", "update-firmware", IN_PROGRESS, step: minutes);
        Advance(Days(1));

        Assert.Equal((TIMED_OUT, At(end)), (Execution("update-firmware", "pump-1").Status, Execution("update-firmware", "pump-1").LastUpdatedAt));
    }

    [Fact]
    public void Updates_do_not_stop_the_in_progress_timer()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10);
        Report("pump-1", "update-firmware", IN_PROGRESS);
        foreach (var _ in Enumerable.Range(1, 9))
        {
            Advance(Minutes(1));
            Report("pump-1", "update-firmware", IN_PROGRESS);
        }
        Advance(Minutes(1));

        Assert.Equal("1 TIMED_OUT v12", Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void Seven_days_pass_in_no_time()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10080);
        StartNext("pump-1");

        Advance(Days(7) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("1 IN_PROGRESS v2", Runs("update-firmware", "pump-1"));
        Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("1 TIMED_OUT v3", Runs("update-firmware", "pump-1"));
        Assert.InRange(Turns.Count, 1, 2);
    }

    [Fact]
    public void What_no_device_starts_waits_for_ever()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 1);
        Advance(Days(400));

        Assert.Equal("1 QUEUED v1", Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void A_step_timer_works_without_an_in_progress_timer()
    {
        CreateJob("update-firmware", ThingArn("pump-1"));
        StartNext("pump-1", step: 3);
        Assert.Equal(180, Seconds("pump-1"));
        Advance(Minutes(2));
        Report("pump-1", "update-firmware", IN_PROGRESS, step: -1);
        Assert.Null(Seconds("pump-1"));
        Advance(Days(30));
        Assert.Equal("1 IN_PROGRESS v3", Runs("update-firmware", "pump-1"));

        Report("pump-1", "update-firmware", IN_PROGRESS, step: 3);
        Advance(Minutes(3));
        Assert.Equal("1 TIMED_OUT v5", Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void Starting_again_what_runs_leaves_its_timers()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10);
        StartNext("pump-1", step: 5);
        Advance(Minutes(1));
        Assert.Equal("update-firmware", StartNext("pump-1", step: 9));

        Assert.Equal(("1 IN_PROGRESS v2", 240L), (Runs("update-firmware", "pump-1"), Seconds("pump-1")!.Value));
    }

    [Fact]
    public void A_step_timer_concerns_its_own_execution_only()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), ThingArn("pump-2"));
        StartNext("pump-1", step: 5);
        StartNext("pump-2");
        Advance(Minutes(5));

        Assert.Equal(("1 TIMED_OUT v3", "1 IN_PROGRESS v2"), (Runs("update-firmware", "pump-1"), Runs("update-firmware", "pump-2")));
    }

    [Fact]
    public void An_updated_timeout_concerns_later_starts_only()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), ThingArn("pump-2"), timeout: 60);
        StartNext("pump-1");
        Advance(Minutes(1));
        UpdateJob("update-firmware", new() { TimeoutConfig = new() { InProgressTimeoutInMinutes = 5 } });
        StartNext("pump-2");

        Advance(Minutes(5));
        Assert.Equal(("1 IN_PROGRESS v2", "1 TIMED_OUT v3"), (Runs("update-firmware", "pump-1"), Runs("update-firmware", "pump-2")));
        AdvanceTo(At("01:00"));
        Assert.Equal("1 TIMED_OUT v3", Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void What_runs_without_a_timer_stays_without()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), ThingArn("pump-2"));
        StartNext("pump-1");
        UpdateJob("update-firmware", new() { TimeoutConfig = new() { InProgressTimeoutInMinutes = 5 } });
        Report("pump-1", "update-firmware", IN_PROGRESS);
        StartNext("pump-2");
        Advance(Days(1));

        Assert.Equal(("1 IN_PROGRESS v3", "1 TIMED_OUT v3"), (Runs("update-firmware", "pump-1"), Runs("update-firmware", "pump-2")));
    }

    [Theory]
    [InlineData(SUCCEEDED)]
    [InlineData(FAILED)]
    [InlineData(REJECTED)]
    public void What_a_device_finishes_in_time_does_not_time_out(JobExecutionStatus status)
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10);
        StartNext("pump-1", step: 5);
        Advance(Minutes(4));
        Report("pump-1", "update-firmware", status);
        Assert.Null(DueWork.NextDue(World));
        Advance(Days(1));

        Assert.Equal(status, Execution("update-firmware", "pump-1").Status);
    }

    [Fact]
    public void A_device_that_takes_too_long_is_timed_out_even_before_due_work_comes_round()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10);
        StartNext("pump-1");
        Jump(At("00:10"));

        AssertRefused(
            ServiceError.InvalidStateTransition,
            "Job execution in terminal status TIMED_OUT cannot be changed to be SUCCEEDED",
            () => Report("pump-1", "update-firmware", SUCCEEDED));
        Assert.Null(StartNext("pump-1"));
        CatchUp();
        Assert.Equal("1 TIMED_OUT v3", Runs("update-firmware", "pump-1"));
    }

    [Fact]
    public void What_is_cancelled_with_force_has_no_timer()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), ThingArn("pump-2"), timeout: 10);
        StartNext("pump-1");
        StartNext("pump-2");
        CancelExecution("update-firmware", "pump-1", force: true);
        CancelJob("update-firmware", force: true);
        Advance(Days(1));

        Assert.Equal("CANCELED: 2 CANCELED", Standing("update-firmware"));
    }

    [Fact]
    public void A_job_cancelled_without_force_leaves_the_timers_running()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10);
        StartNext("pump-1");
        CancelJob("update-firmware");
        Advance(Minutes(10));

        Assert.Equal("CANCELED: 1 TIMED_OUT", Standing("update-firmware"));
    }

    [Fact]
    public void A_restart_keeps_the_timers()
    {
        CreateJob("update-firmware", ThingArn("pump-1"), timeout: 10);
        StartNext("pump-1", step: 5);
        Advance(Minutes(4));
        Restart();
        Advance(Minutes(1));

        Assert.Equal("1 TIMED_OUT v3", Runs("update-firmware", "pump-1"));
    }
}
