using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.Jobs;

public sealed class AssociateTargetsWithJobTests
{
    private readonly TestRealm _test = new();

    public AssociateTargetsWithJobTests()
    {
        _test.CreateGroup("site", members: "pump-1");
        _test.CreateGroup("yard", members: ["pump-2", "pump-3"]);
    }

    [Fact]
    public void Refuses_a_job_that_is_not_there_but_not_another_namespace()
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job reboot cannot be found.", () => Associate("reboot", GroupArn("yard")));
        AssociateTargetsWithJob.Handle(_test, "update-firmware", "fleet", new() { Targets = new([GroupArn("yard")]) });
        Assert.Equal(2, _test.Job("update-firmware").Targets.Count);
    }

    [Fact]
    public void Refuses_a_target_that_is_not_there_and_adds_none()
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.AssertRefused(
            ServiceError.ResourceNotFound, $"Target {GroupArn("hall")} cannot be found.", () => Associate("update-firmware", GroupArn("yard"), GroupArn("hall")));
        Assert.Single(_test.Job("update-firmware").Targets);
    }

    [Fact]
    public void Refuses_a_snapshot_job()
    {
        _test.CreateJob("update-firmware", group: "site");
        _test.AssertRefused(ServiceError.InvalidRequest, "Job update-firmware is not a continuous job.", () => Associate("update-firmware", GroupArn("yard")));
    }

    [Theory]
    [InlineData(JobStatus.SCHEDULED)]
    [InlineData(JobStatus.CANCELED)]
    [InlineData(JobStatus.DELETION_IN_PROGRESS)]
    public void Refuses_a_job_that_is_not_in_progress(JobStatus status)
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.Realm.Jobs.Change("update-firmware", job => job with { Status = status });
        _test.AssertRefused(
            ServiceError.InvalidRequest, $"Job update-firmware in status {status} cannot be associated with targets.",
            () => Associate("update-firmware", GroupArn("yard")));
    }

    [Fact]
    public void A_hundred_targets_are_enough()
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        var valves = Enumerable.Range(1, 100).Select(number => $"valve-{number}").ToArray();
        _test.CreateThings(valves);

        _test.AssertRefused(
            ServiceError.LimitExceeded, "A job cannot have more than 100 targets.", () => Associate("update-firmware", [.. valves.Select(ThingArn)]));
        Associate("update-firmware", [GroupArn("site"), .. valves.Take(99).Select(ThingArn)]);

        Assert.Equal((100, 100), (_test.Job("update-firmware").Targets.Count, _test.Job("update-firmware").Counts.Queued));
    }

    [Fact]
    public void A_group_that_was_deleted_and_made_again_is_another_target()
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        DeleteThingGroup.Handle(_test, "yard", null);
        _test.CreateGroup("yard", members: "pump-1");
        Associate("update-firmware", GroupArn("yard"));
        DeleteThingGroup.Handle(_test, "yard", null);
        _test.CreateGroup("yard", members: "pump-2");

        Associate("update-firmware", GroupArn("yard"));

        Assert.Equal(3, _test.Job("update-firmware").Targets.Count);
        Assert.Equal(JobExecutionStatus.QUEUED, _test.Execution("update-firmware", "pump-2").Status);
    }

    [Fact]
    public void A_comment_stays_when_the_job_is_canceled_without_one()
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        AssociateTargetsWithJob.Handle(_test, "update-firmware", null, new() { Targets = new([GroupArn("yard")]), Comment = "the yard too" });

        _test.CancelJob("update-firmware");

        Assert.Equal("the yard too", _test.Job("update-firmware").Comment);
    }

    [Fact]
    public void Its_things_are_rolled_out_as_if_they_had_joined()
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.Join("pump-1", "yard");
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.SUCCEEDED);
        _test.Join("pump-2", "site");
        _test.Jump(Minutes(1));

        var answer = AssociateTargetsWithJob.Handle(
            _test, "update-firmware", null, new() { Targets = new([GroupArn("site"), GroupArn("yard")]), Comment = "the yard too" });

        Assert.Equal(new(JobArn("update-firmware"), "update-firmware", null), answer);
        var job = _test.Job("update-firmware");
        Assert.Equal([GroupArn("site"), GroupArn("yard")], job.Targets.Select(target => target.Arn));
        Assert.Equal(("the yard too", Start + Minutes(1)), (job.Comment, job.LastUpdatedAt));
        Assert.Equal("1 SUCCEEDED v2, 2 QUEUED v1", _test.Runs("update-firmware", "pump-1"));
        Assert.Equal("1 QUEUED v1", _test.Runs("update-firmware", "pump-2"));
        Assert.Equal("1 QUEUED v1", _test.Runs("update-firmware", "pump-3"));
    }

    [Fact]
    public void What_joins_the_new_group_later_follows()
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        Associate("update-firmware", GroupArn("yard"));

        _test.CreateThings("pump-4");
        _test.Join("pump-4", "yard");
        _test.Leave("pump-3", "yard");

        Assert.Equal("1 QUEUED v1", _test.Runs("update-firmware", "pump-4"));
        Assert.Equal("1 REMOVED v1", _test.Runs("update-firmware", "pump-3"));
    }

    [Fact]
    public void Without_a_comment_the_last_one_stays_and_a_target_that_is_there_is_none_anew()
    {
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        AssociateTargetsWithJob.Handle(_test, "update-firmware", null, new() { Targets = new([GroupArn("yard")]), Comment = "the yard too" });
        _test.Report("pump-2", "update-firmware", JobExecutionStatus.SUCCEEDED);

        Associate("update-firmware", GroupArn("yard"));

        Assert.Equal("the yard too", _test.Job("update-firmware").Comment);
        Assert.Equal("1 SUCCEEDED v2", _test.Runs("update-firmware", "pump-2"));
    }

    private AssociateTargetsWithJob.Response Associate(string jobId, params string[] targets) =>
        AssociateTargetsWithJob.Handle(_test, jobId, null, new() { Targets = new(targets) });
}
