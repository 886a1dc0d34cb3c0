using IoTJobsEmulator.Core.State;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>How many jobs there may be at once. Source: the developer guide, "Job limits"; the quotas of AWS IoT Device Management.</summary>
public sealed class QuotaTests : LifecycleTest
{
    [Fact]
    public void AWSs_values_are_the_default() =>
        Assert.Equal((100_000, 500, 100, RolloutMode.paced), (World.Settings.ActiveJobs, World.Settings.ConcurrentJobs, World.Settings.TargetsPerJob, World.Settings.Rollout));

    [Fact]
    public void A_job_beyond_those_that_may_roll_out_at_once_waits_until_one_has_finished()
    {
        World.Settings = new() { ConcurrentJobs = 2 };
        var fleet = Fleet("fleet", 3);
        CreateJob("first", fleet, rollout: PerMinute(1));
        CreateJob("second", fleet, rollout: PerMinute(2));
        CreateJob("third", fleet, rollout: PerMinute(2));
        CreateJob("fourth", fleet);

        Assert.Equal(("IN_PROGRESS: ", false), (Standing("third"), View("third").IsConcurrent));
        Assert.Equal([GroupArn("fleet")], View("third").JobProcessDetails.ProcessingTargets!);
        Advance(Minutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, 2, 0, 0), (Queued("first"), Queued("second"), Queued("third"), Queued("fourth")));

        // The second finishes and the third begins its own first minute, the fourth goes on waiting.
        AdvanceTo(At("00:01"));
        Assert.Equal((2, 3, 2, 0), (Queued("first"), Queued("second"), Queued("third"), Queued("fourth")));
        Assert.Equal((true, false, true, false), (View("first").IsConcurrent, View("second").IsConcurrent, View("third").IsConcurrent, View("fourth").IsConcurrent));

        AdvanceTo(At("00:02"));
        Assert.Equal((3, 3, 3, 3), (Queued("first"), Queued("second"), Queued("third"), Queued("fourth")));
    }

    [Fact]
    public void A_job_that_is_cancelled_leaves_its_place()
    {
        World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = Fleet("fleet", 3);
        CreateJob("first", fleet, rollout: PerMinute(1));
        CreateJob("second", fleet);
        CreateJob("third", fleet);
        CancelJob("second");
        CancelJob("first");
        CatchUp();

        Assert.Equal(("CANCELED: 1 CANCELED", "CANCELED: ", "IN_PROGRESS: 3 QUEUED"), (Standing("first"), Standing("second"), Standing("third")));
    }

    [Fact]
    public void A_job_that_still_cancels_is_concurrent()
    {
        World.Settings = new() { ConcurrentJobs = 1, Rollout = RolloutMode.immediate };
        CreateThings("pump-1");
        CreateJob("big", Fleet("fleet", 2500));
        CatchUp();
        CancelJob("big");
        CreateJob("next", ThingArn("pump-1"));

        Assert.Equal(("CANCELED: 1500 QUEUED, 1000 CANCELED", true), (Standing("big"), View("big").IsConcurrent));
        Assert.Equal("IN_PROGRESS: ", Standing("next"));
        CatchUp();
        Assert.Equal(("CANCELED: 2500 CANCELED", false), (Standing("big"), View("big").IsConcurrent));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", Standing("next"));
    }

    [Fact]
    public void A_job_that_waits_for_its_start_is_not_concurrent_and_waits_for_a_place_from_then_on()
    {
        World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = Fleet("fleet", 100);
        CreateJob("scheduled", fleet, schedule: Scheduled(start: "2026-01-01 01:00"));
        Assert.False(View("scheduled").IsConcurrent);
        AdvanceTo(At("00:30"));
        CreateJob("slow", fleet, rollout: PerMinute(1));

        AdvanceTo(At("01:00"));
        Assert.Equal("IN_PROGRESS: ", Standing("scheduled"));
        AdvanceTo(At("02:08"));
        Assert.Equal("IN_PROGRESS: ", Standing("scheduled"));
        AdvanceTo(At("02:09"));
        Assert.Equal("IN_PROGRESS: 100 QUEUED", Standing("scheduled"));
    }

    [Fact]
    public void A_restart_keeps_who_waits()
    {
        World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = Fleet("fleet", 2);
        CreateJob("first", fleet, rollout: PerMinute(1));
        CreateJob("second", fleet);
        Restart();
        CatchUp();
        Assert.Equal((1, 0), (Queued("first"), Queued("second")));

        Advance(Minutes(1));
        Assert.Equal((2, 2), (Queued("first"), Queued("second")));
    }

    [Fact]
    public void Active_jobs_are_limited_and_those_that_wait_for_their_start_count()
    {
        World.Settings = new() { ActiveJobs = 2 };
        CreateThings("pump-1");
        CreateJob("running", ThingArn("pump-1"));
        CreateJob("scheduled", ThingArn("pump-1"), schedule: Scheduled(start: "2026-01-02 00:00"));

        AssertRefused(ServiceError.LimitExceeded, "The number of active jobs cannot be more than 2.", () => CreateJob("third", ThingArn("pump-1")));
        Report("pump-1", "running", SUCCEEDED);
        CreateJob("third", ThingArn("pump-1"));
        AssertRefused(ServiceError.LimitExceeded, "The number of active jobs cannot be more than 2.", () => CreateJob("fourth", ThingArn("pump-1")));
        CancelJob("scheduled");
        CreateJob("fourth", ThingArn("pump-1"));
    }

    [Fact]
    public void Targets_of_a_job_are_limited()
    {
        World.Settings = new() { TargetsPerJob = 1 };
        CreateThings("pump-1", "pump-2");
        CreateJob("one", ThingArn("pump-1"), ThingArn("pump-1"), isContinuous: true);

        AssertRefused(ServiceError.LimitExceeded, "A job cannot have more than 1 targets.", () => CreateJob("two", ThingArn("pump-1"), ThingArn("pump-2")));
        AssertRefused(
            ServiceError.LimitExceeded,
            "A job cannot have more than 1 targets.",
            () => Associate("one", ThingArn("pump-2")));
    }
}
