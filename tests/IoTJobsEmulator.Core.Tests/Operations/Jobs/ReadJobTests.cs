using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.Jobs;

/// <summary>DescribeJob and GetJobDocument.</summary>
public sealed class ReadJobTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void An_unknown_id_is_refused()
    {
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job reboot cannot be found.", () => DescribeJob.Handle(_test, "reboot", null));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job reboot cannot be found.", () => GetJobDocument.Handle(_test, "reboot", null));
    }

    [Fact]
    public void A_plain_job_shows_its_state_and_four_empty_configs()
    {
        _test.CreateThings("pump-1");
        _test.CreateJob("update-firmware", thing: "pump-1");

        Assert.Equal(
            new(null, new()
            {
                JobArn = JobArn("update-firmware"),
                JobId = "update-firmware",
                TargetSelection = TargetSelection.SNAPSHOT,
                Status = JobStatus.IN_PROGRESS,
                Targets = new([ThingArn("pump-1")]),
                PresignedUrlConfig = new(),
                JobExecutionsRolloutConfig = new(),
                TimeoutConfig = new(),
                SchedulingConfig = new(),
                CreatedAt = Start,
                LastUpdatedAt = Start,
                IsConcurrent = false,
                JobProcessDetails = Details(queued: 1),
            }),
            DescribeJob.Handle(_test, "update-firmware", null));
        Assert.Equal(new("{}"), GetJobDocument.Handle(_test, "update-firmware", null));
    }

    [Fact]
    public void A_job_shows_everything_that_was_given()
    {
        _test.CreateThings("pump-1");
        var request = new CreateJob.Request
        {
            Targets = new([ThingArn("pump-1")]),
            DocumentSource = "https://example.com/firmware.json",
            Description = "the second version",
            NamespaceId = "fleet",
            PresignedUrlConfig = new() { ExpiresInSec = 60 },
            JobExecutionsRolloutConfig = new() { MaximumPerMinute = 5 },
            AbortConfig = AbortWhen(Failure.ALL, 50, ofAtLeast: 1),
            TimeoutConfig = Timeout(1),
            JobExecutionsRetryConfig = Retries(Retryable.ALL, 1),
            SchedulingConfig = new() { EndTime = "2026-01-02 00:00", EndBehavior = JobEndBehavior.CANCEL },
            DestinationPackageVersions = new(["arn:aws:iot:us-east-1:123456789012:package/a/version/1"]),
        };
        CreateJob.Handle(_test, "update-firmware", request);
        _test.Jump(Minutes(1));
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.IN_PROGRESS);
        CancelJob.Handle(_test, "update-firmware", true, new() { ReasonCode = "WRONG", Comment = "wrong version" });

        Assert.Equal(
            new(request.DocumentSource, new()
            {
                JobArn = JobArn("update-firmware"),
                JobId = "update-firmware",
                TargetSelection = TargetSelection.SNAPSHOT,
                Status = JobStatus.CANCELED,
                ForceCanceled = true,
                ReasonCode = "WRONG",
                Comment = "wrong version",
                Targets = new([ThingArn("pump-1")]),
                Description = "the second version",
                NamespaceId = "fleet",
                PresignedUrlConfig = request.PresignedUrlConfig,
                JobExecutionsRolloutConfig = request.JobExecutionsRolloutConfig,
                AbortConfig = request.AbortConfig,
                TimeoutConfig = request.TimeoutConfig,
                JobExecutionsRetryConfig = request.JobExecutionsRetryConfig,
                SchedulingConfig = request.SchedulingConfig,
                DestinationPackageVersions = request.DestinationPackageVersions,
                CreatedAt = Start,
                LastUpdatedAt = Start + Minutes(1),
                IsConcurrent = false,
                JobProcessDetails = Details(canceled: 1),
            }),
            DescribeJob.Handle(_test, "update-firmware", null));
    }

    [Fact]
    public void Each_state_of_executions_has_its_number()
    {
        var statuses = Enum.GetValues<JobExecutionStatus>();
        _test.CreateThings([.. statuses.Select(status => $"pump-{status}")]);
        _test.CreateJob("update-firmware", targets: [.. statuses.Select(status => ThingArn($"pump-{status}"))]);
        foreach (var status in statuses)
            _test.BringExecutionTo("update-firmware", $"pump-{status}", status);

        Assert.Equal(Details(1, 1, 1, 1, 1, 1, 1, 1), DescribeJob.Handle(_test, "update-firmware", null).Job.JobProcessDetails);
    }

    [Fact]
    public void Targets_are_processing_until_the_rollout_has_come_to_all_their_things()
    {
        _test.World.Settings = new() { Rollout = RolloutMode.immediate };
        _test.CreateFleet("site", 1500);
        _test.CreateFleet("hall", 10);
        _test.CreateThings("pump-1");
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), GroupArn("site"), GroupArn("hall")]);

        var early = DescribeJob.Handle(_test, "update-firmware", null).Job;
        _test.DoDueWork();
        var late = DescribeJob.Handle(_test, "update-firmware", null).Job;

        Assert.True(early.IsConcurrent);
        Assert.Equal(Details(queued: 1001) with { ProcessingTargets = new([GroupArn("site"), GroupArn("hall")]) }, early.JobProcessDetails);
        Assert.False(late.IsConcurrent);
        Assert.Equal(Details(queued: 1511), late.JobProcessDetails);
    }

    [Theory]
    [InlineData(JobStatus.COMPLETED)]
    [InlineData(JobStatus.CANCELED)]
    [InlineData(JobStatus.DELETION_IN_PROGRESS)]
    public void A_job_is_described_in_every_state(JobStatus status)
    {
        _test.CreateJobInStatus("update-firmware", status);

        var job = DescribeJob.Handle(_test, "update-firmware", null).Job;

        Assert.Equal((status, status == JobStatus.COMPLETED ? Start : (Moment?)null), (job.Status.Value, job.CompletedAt));
        Assert.Null(job.ForceCanceled);
        Assert.Equal("{}", GetJobDocument.Handle(_test, "update-firmware", null).Document);
    }

    [Fact]
    public void A_group_that_is_gone_still_stands_in_the_targets()
    {
        _test.CreateGroup("site", members: "pump-1");
        _test.CreateJob("update-firmware", group: "site");
        DeleteThingGroup.Handle(_test, "site", null);

        Assert.Equal([GroupArn("site")], DescribeJob.Handle(_test, "update-firmware", null).Job.Targets);
    }

    private static JobProcessDetails Details(
        int queued = 0, int inProgress = 0, int succeeded = 0, int failed = 0, int timedOut = 0, int rejected = 0, int removed = 0, int canceled = 0) => new()
        {
            NumberOfQueuedThings = queued,
            NumberOfInProgressThings = inProgress,
            NumberOfSucceededThings = succeeded,
            NumberOfFailedThings = failed,
            NumberOfTimedOutThings = timedOut,
            NumberOfRejectedThings = rejected,
            NumberOfRemovedThings = removed,
            NumberOfCanceledThings = canceled,
        };
}
