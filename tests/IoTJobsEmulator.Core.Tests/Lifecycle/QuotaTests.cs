using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>How many jobs there may be at once. Source: the developer guide, "Job limits"; the quotas of AWS IoT Device Management.</summary>
public sealed class QuotaTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void The_default_settings_are_those_of_AWS() =>
        Assert.Equal((100_000, 500, 100, RolloutMode.paced), (_test.World.Settings.ActiveJobs, _test.World.Settings.ConcurrentJobs, _test.World.Settings.TargetsPerJob, _test.World.Settings.Rollout));

    [Fact]
    public void A_job_beyond_those_that_may_roll_out_at_once_waits_until_one_has_finished()
    {
        _test.World.Settings = new() { ConcurrentJobs = 2 };
        var fleet = _test.CreateFleet("fleet", 3);
        _test.CreateJob("first", group: fleet, rollout: PerMinute(1));
        _test.CreateJob("second", group: fleet, rollout: PerMinute(2));
        _test.CreateJob("third", group: fleet, rollout: PerMinute(2));
        _test.CreateJob("fourth", group: fleet);

        Assert.Equal(("IN_PROGRESS: ", false), (_test.Standing("third"), _test.View("third").IsConcurrent));
        Assert.Equal([GroupArn("fleet")], _test.View("third").JobProcessDetails.ProcessingTargets!);
        _test.Advance(Minutes(1) - Milliseconds(1));
        Assert.Equal((1, 2, 0, 0), (_test.Queued("first"), _test.Queued("second"), _test.Queued("third"), _test.Queued("fourth")));

        // The second finishes and the third begins its own first minute, the fourth goes on waiting.
        _test.AdvanceTo(At("00:01"));
        Assert.Equal((2, 3, 2, 0), (_test.Queued("first"), _test.Queued("second"), _test.Queued("third"), _test.Queued("fourth")));
        Assert.Equal((true, false, true, false), (_test.View("first").IsConcurrent, _test.View("second").IsConcurrent, _test.View("third").IsConcurrent, _test.View("fourth").IsConcurrent));

        _test.AdvanceTo(At("00:02"));
        Assert.Equal((3, 3, 3, 3), (_test.Queued("first"), _test.Queued("second"), _test.Queued("third"), _test.Queued("fourth")));
    }

    [Fact]
    public void A_job_that_is_cancelled_leaves_its_place()
    {
        _test.World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = _test.CreateFleet("fleet", 3);
        _test.CreateJob("first", group: fleet, rollout: PerMinute(1));
        _test.CreateJob("second", group: fleet);
        _test.CreateJob("third", group: fleet);
        _test.CancelJob("second");
        _test.CancelJob("first");
        _test.DoDueWork();

        Assert.Equal(("CANCELED: 1 CANCELED", "CANCELED: ", "IN_PROGRESS: 3 QUEUED"), (_test.Standing("first"), _test.Standing("second"), _test.Standing("third")));
    }

    [Fact]
    public void A_job_that_still_cancels_is_concurrent()
    {
        _test.World.Settings = new() { ConcurrentJobs = 1, Rollout = RolloutMode.immediate };
        _test.CreateThings("pump-1");
        _test.CreateJob("big", group: _test.CreateFleet("fleet", 2500));
        _test.DoDueWork();
        _test.CancelJob("big");
        _test.CreateJob("next", thing: "pump-1");

        Assert.Equal(("CANCELED: 1500 QUEUED, 1000 CANCELED", true), (_test.Standing("big"), _test.View("big").IsConcurrent));
        Assert.Equal("IN_PROGRESS: ", _test.Standing("next"));
        _test.DoDueWork();
        Assert.Equal(("CANCELED: 2500 CANCELED", false), (_test.Standing("big"), _test.View("big").IsConcurrent));
        Assert.Equal("IN_PROGRESS: 1 QUEUED", _test.Standing("next"));
    }

    [Fact]
    public void A_job_that_waits_for_its_start_is_not_concurrent_and_waits_for_a_place_from_then_on()
    {
        _test.World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = _test.CreateFleet("fleet", 100);
        _test.CreateJob("scheduled", group: fleet, schedule: Scheduled(start: "2026-01-01 01:00"));
        Assert.False(_test.View("scheduled").IsConcurrent);
        _test.AdvanceTo(At("00:30"));
        _test.CreateJob("slow", group: fleet, rollout: PerMinute(1));

        _test.AdvanceTo(At("01:00"));
        Assert.Equal("IN_PROGRESS: ", _test.Standing("scheduled"));
        _test.AdvanceTo(At("02:08"));
        Assert.Equal("IN_PROGRESS: ", _test.Standing("scheduled"));
        _test.AdvanceTo(At("02:09"));
        Assert.Equal("IN_PROGRESS: 100 QUEUED", _test.Standing("scheduled"));
    }

    [Fact]
    public void A_restart_keeps_who_waits()
    {
        _test.World.Settings = new() { ConcurrentJobs = 1 };
        var fleet = _test.CreateFleet("fleet", 2);
        _test.CreateJob("first", group: fleet, rollout: PerMinute(1));
        _test.CreateJob("second", group: fleet);
        _test.Restart();
        _test.DoDueWork();
        Assert.Equal((1, 0), (_test.Queued("first"), _test.Queued("second")));

        _test.Advance(Minutes(1));
        Assert.Equal((2, 2), (_test.Queued("first"), _test.Queued("second")));
    }

    [Fact]
    public void Active_jobs_are_limited_and_those_that_wait_for_their_start_count()
    {
        _test.World.Settings = new() { ActiveJobs = 2 };
        _test.CreateThings("pump-1");
        _test.CreateJob("running", thing: "pump-1");
        _test.CreateJob("scheduled", thing: "pump-1", schedule: Scheduled(start: "2026-01-02 00:00"));

        _test.AssertRefused(ServiceError.LimitExceeded, "The number of active jobs cannot be more than 2.", () => _test.CreateJob("third", thing: "pump-1"));
        _test.Report("pump-1", "running", SUCCEEDED);
        _test.CreateJob("third", thing: "pump-1");
        _test.AssertRefused(ServiceError.LimitExceeded, "The number of active jobs cannot be more than 2.", () => _test.CreateJob("fourth", thing: "pump-1"));
        _test.CancelJob("scheduled");
        _test.CreateJob("fourth", thing: "pump-1");
    }

    [Fact]
    public void Targets_of_a_job_are_limited()
    {
        _test.World.Settings = new() { TargetsPerJob = 1 };
        _test.CreateThings("pump-1", "pump-2");
        _test.CreateJob("one", targets: [ThingArn("pump-1"), ThingArn("pump-1")], isContinuous: true);

        _test.AssertRefused(ServiceError.LimitExceeded, "A job cannot have more than 1 targets.", () => _test.CreateJob("two", targets: [ThingArn("pump-1"), ThingArn("pump-2")]));
        _test.AssertRefused(
            ServiceError.LimitExceeded,
            "A job cannot have more than 1 targets.",
            () => _test.Associate("one", ThingArn("pump-2")));
    }
}
