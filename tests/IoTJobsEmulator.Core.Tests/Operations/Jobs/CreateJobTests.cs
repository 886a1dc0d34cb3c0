using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.Jobs;

public sealed class CreateJobTests
{
    private static readonly CreateJob.Request Plain = new() { Targets = new([ThingArn("pump-1")]), Document = """{ "version": 2 }""" };

    private readonly TestRealm _test = new();

    public CreateJobTests()
    {
        _test.CreateThings("pump-1");
        _test.Commit();
    }

    [Fact]
    public void Refuses_what_needs_only_the_request_before_it_looks_anything_up()
    {
        var unknown = Plain with { Targets = new([ThingArn("pump-9")]) };
        (string Message, CreateJob.Request Request)[] refusals =
        [
            ("Job document and job document source cannot be specified at the same time.", unknown with { DocumentSource = "https://example.com/firmware.json" }),
            ("Neither job document nor job document source is specified.", unknown with { Document = null }),
            ("Job document is not valid JSON.", unknown with { Document = "install" }),
            ("documentParameters can only be specified with a managed job template.", unknown with { DocumentParameters = new([new("a", "b")]) }),
            ("Provide valid timeout value, inProgressTimeoutInMinutes cannot be 0.", unknown with { TimeoutConfig = Timeout(0) }),
            ("Provide valid timeout value, inProgressTimeoutInMinutes cannot be 10081.", unknown with { TimeoutConfig = Timeout(10081) }),
            ("Provide valid timeout value, inProgressTimeoutInMinutes cannot be null.", unknown with { TimeoutConfig = new() }),
            ("Provide MaximumPerMinute value when ExponentialRate is defined", unknown with { JobExecutionsRolloutConfig = Exponential(null, 10, 2) }),
            ("Exponential rollout baseRatePerMinute should be less than maximumPerMinute.", unknown with { JobExecutionsRolloutConfig = Exponential(10, 10, 2) }),
            ("Provide either NumberOfNotifiedThings or NumberOfSucceededThings when RateIncreaseCriteria is defined", unknown with { JobExecutionsRolloutConfig = Exponential(11, 10, 2) }),
            (
                "Provide only one of NumberOfNotifiedThings or NumberOfSucceededThings when RateIncreaseCriteria is defined",
                unknown with { JobExecutionsRolloutConfig = Exponential(11, 10, 2, notified: 1, succeeded: 1) }),
            (
                "ThresholdPercentage value 0.0 for AbortCriteria must have value greater than 0",
                unknown with { AbortConfig = AbortWhen(Failure.ALL, 0, ofAtLeast: 1) }),
            (
                "A retryCriteria with failure type ALL must be used by itself.",
                unknown with { JobExecutionsRetryConfig = Retries((Retryable.ALL, 1), (Retryable.FAILED, 1)) }),
            (
                "Each failure type can be used in only one retryCriteria.",
                unknown with { JobExecutionsRetryConfig = Retries((Retryable.FAILED, 1), (Retryable.FAILED, 1)) }),
            (
                "The sum of numberOfRetries over all retryCriteria cannot be greater than 10.",
                unknown with { JobExecutionsRetryConfig = Retries((Retryable.FAILED, 5), (Retryable.TIMED_OUT, 6)) }),
            ("Given role operator is invalid.", unknown with { PresignedUrlConfig = new() { RoleArn = "operator" } }),
            (
                "TargetSelection is invalid. MaintenanceWindow cannot be used with SNAPSHOT job.",
                unknown with { SchedulingConfig = Windows("0 0 * * ? *", 60) }),
        ];

        foreach (var (message, request) in refusals)
            _test.AssertRefused(ServiceError.InvalidRequest, message, () => CreateJob.Handle(_test, "update-firmware", request));
    }

    [Fact]
    public void Refuses_an_id_that_is_in_use_and_says_of_what()
    {
        CreateJob.Handle(_test, "update-firmware", Plain);

        var refusal = _test.AssertRefused(
            ServiceError.ResourceAlreadyExists, "Job update-firmware already exists.", () => CreateJob.Handle(_test, "update-firmware", Plain));

        Assert.Equal(new ValueMap([new("resourceId", "update-firmware"), new("resourceArn", JobArn("update-firmware"))]), refusal.Members);
    }

    [Theory]
    [InlineData(JobStatus.COMPLETED)]
    [InlineData(JobStatus.CANCELED)]
    [InlineData(JobStatus.DELETION_IN_PROGRESS)]
    public void Refuses_an_id_as_long_as_the_job_is_there(JobStatus status)
    {
        _test.CreateJobInStatus("update-firmware", status);
        _test.AssertRefused(
            ServiceError.ResourceAlreadyExists, "Job update-firmware already exists.", () => CreateJob.Handle(_test, "update-firmware", Plain));
    }

    [Fact]
    public void Takes_an_id_again_when_the_job_is_gone()
    {
        _test.CreateJobInStatus("update-firmware", JobStatus.DELETION_IN_PROGRESS);
        _test.DoDueWork();
        _test.Jump(Seconds(2));
        _test.DoDueWork();

        CreateJob.Handle(_test, "update-firmware", Plain);

        Assert.Equal("1 QUEUED v1", _test.Runs("update-firmware", "pump-1"));
    }

    [Theory]
    [InlineData("arn:aws:iot:us-east-1:123456789012:thing/pump-9")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:thinggroup/site-9")]
    [InlineData("arn:aws:iot:eu-central-1:123456789012:thing/pump-1")]
    [InlineData("arn:aws:iot:us-east-1:210987654321:thing/pump-1")]
    public void One_target_that_is_not_there_refuses_the_call_and_nothing_is_created(string target)
    {
        _test.AssertRefused(
            ServiceError.ResourceNotFound, $"Target {target} cannot be found.",
            () => CreateJob.Handle(_test, "update-firmware", Plain with { Targets = new([ThingArn("pump-1"), target]) }));
        Assert.Null(_test.Job("update-firmware"));
    }

    [Theory]
    [InlineData("pump-1")]
    [InlineData("arn:aws:iot:us-east-1:123456789012:job/update-firmware")]
    public void A_target_is_the_ARN_of_a_thing_or_a_group(string target) => _test.AssertRefused(
        ServiceError.InvalidRequest, $"Target {target} is not the ARN of a thing or a thing group.",
        () => CreateJob.Handle(_test, "update-firmware", Plain with { Targets = new([target]) }));

    [Fact]
    public void A_hundred_targets_are_enough()
    {
        _test.CreateThings([.. Targets(101)]);

        _test.AssertRefused(
            ServiceError.LimitExceeded, "A job cannot have more than 100 targets.",
            () => CreateJob.Handle(_test, "update-firmware", Plain with { Targets = new(Targets(101).Select(ThingArn)) }));
        CreateJob.Handle(_test, "update-firmware", Plain with { Targets = new(Targets(100).Append("valve-1").Select(ThingArn)) });

        Assert.Equal(100, _test.Job("update-firmware").Counts.Queued);

        static IEnumerable<string> Targets(int number) => Enumerable.Range(1, number).Select(n => $"valve-{n}");
    }

    [Fact]
    public void A_template_that_is_not_there_is_refused()
    {
        var request = Plain with { Document = null };
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Job Template ID cannot be found.",
            () => CreateJob.Handle(_test, "update-firmware", request with { JobTemplateArn = "arn:aws:iot:us-east-1:123456789012:jobtemplate/update" }));
        _test.AssertRefused(
            ServiceError.InvalidRequest, "Resource type should be jobtemplate but found invalid resource type job",
            () => CreateJob.Handle(_test, "update-firmware", request with { JobTemplateArn = "arn:aws:iot:us-east-1:123456789012:job/update" }));
    }

    [Fact]
    public void Puts_a_job_its_document_and_an_execution()
    {
        var answer = CreateJob.Handle(_test, "update-firmware", Plain with { Description = "the second version" });

        Assert.Equal(new(JobArn("update-firmware"), "update-firmware", "the second version"), answer);
        var job = new Job
        {
            JobId = "update-firmware",
            Ordinal = 2,
            Status = JobStatus.IN_PROGRESS,
            TargetSelection = TargetSelection.SNAPSHOT,
            Targets = new([new(ThingArn("pump-1"), "pump-1", null)]),
            Description = "the second version",
            CreatedAt = Start,
            LastUpdatedAt = Start,
            HasRolloutBegun = true,
            RolloutAllowance = 999,
            RolloutDueAt = Start + Minutes(1),
            Counts = new() { Queued = 1 },
        };
        Assert.Equal(
            [
                (null, job),
                (null, new JobDocument { JobId = "update-firmware", Text = """{ "version": 2 }""" }),
                (null, new JobExecution
                {
                    JobId = "update-firmware",
                    ThingName = "pump-1",
                    ExecutionNumber = 1,
                    Ordinal = 4,
                    Status = JobExecutionStatus.QUEUED,
                    VersionNumber = 1,
                    QueuedAt = Start,
                    LastUpdatedAt = Start,
                }),
            ],
            _test.TakeNetChanges());
    }

    [Fact]
    public void Keeps_every_member()
    {
        var request = Plain with
        {
            Document = null,
            DocumentSource = "https://example.com/firmware.json",
            TargetSelection = TargetSelection.CONTINUOUS,
            NamespaceId = "fleet",
            PresignedUrlConfig = new() { RoleArn = "arn:aws:iam::123456789012:role/download", ExpiresInSec = 60 },
            JobExecutionsRolloutConfig = Exponential(11, 10, 2, notified: 1),
            AbortConfig = AbortWhen(Failure.ALL, 0.5, ofAtLeast: 1),
            TimeoutConfig = Timeout(1),
            JobExecutionsRetryConfig = Retries((Retryable.FAILED, 4), (Retryable.TIMED_OUT, 6)),
            SchedulingConfig = Windows("0 0 * * ? *", 60),
            DestinationPackageVersions = new(["arn:aws:iot:us-east-1:123456789012:package/a/version/1"]),
            Tags = new([new() { Key = "owner", Value = "me" }]),
        };

        CreateJob.Handle(_test, "update-firmware", request);

        Assert.Equal(
            new Job
            {
                JobId = "update-firmware",
                Ordinal = 2,
                Status = JobStatus.IN_PROGRESS,
                TargetSelection = TargetSelection.CONTINUOUS,
                Targets = new([new(ThingArn("pump-1"), "pump-1", null)]),
                DocumentSource = request.DocumentSource,
                NamespaceId = request.NamespaceId,
                PresignedUrlConfig = request.PresignedUrlConfig,
                RolloutConfig = request.JobExecutionsRolloutConfig,
                AbortConfig = request.AbortConfig,
                TimeoutConfig = request.TimeoutConfig,
                RetryConfig = request.JobExecutionsRetryConfig,
                SchedulingConfig = request.SchedulingConfig,
                DestinationPackageVersions = request.DestinationPackageVersions,
                CreatedAt = Start,
                LastUpdatedAt = Start,
                HasRolloutBegun = true,
                RolloutAllowance = 9,
                RolloutDueAt = Start + Minutes(1),
                WindowDueAt = Start + Minutes(60),
                Counts = new() { Queued = 1 },
            },
            _test.Job("update-firmware"));
        Assert.Equal("{}", _test.Realm.JobDocuments.Find("update-firmware")!.Text);
        Assert.Equal(new([new("owner", "me")]), _test.Realm.ResourceTags.Find("arn:aws:iot:us-east-1:123456789012:job/update-firmware")!.Tags);
        Assert.Equal("fleet", _test.Execution("update-firmware", "pump-1").NamespaceId);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    public void Any_JSON_is_a_document(string document)
    {
        CreateJob.Handle(_test, "update-firmware", Plain with { Document = document });
        Assert.Equal(document, GetJobDocument.Handle(_test, "update-firmware", null).Document);
    }

    [Fact]
    public void A_group_means_its_members_and_those_of_its_child_groups_each_once()
    {
        _test.CreateGroup("site", members: "pump-2");
        _test.CreateGroup("hall", parent: "site", members: "pump-3");
        _test.CreateGroup("room", parent: "hall", members: "pump-4");
        _test.CreateGroup("yard", members: ["pump-3", "pump-5"]);

        _test.CreateJob("update-firmware", targets: [ThingArn("pump-3"), GroupArn("site"), GroupArn("room"), ThingArn("pump-3")]);

        Assert.Equal(["pump-2", "pump-3", "pump-4"], _test.Realm.Executions.All.Select(execution => execution.ThingName).Order());
        Assert.Equal(
            [ThingArn("pump-3"), GroupArn("site"), GroupArn("room")],
            DescribeJob.Handle(_test, "update-firmware", null).Job.Targets);
    }

    [Fact]
    public void A_deleted_child_group_counts_no_more()
    {
        _test.CreateGroup("site", members: "pump-2");
        _test.CreateGroup("hall", parent: "site", members: "pump-3");
        DeleteThingGroup.Handle(_test, "hall", null);

        _test.CreateJob("update-firmware", group: "site");

        Assert.Equal(["pump-2"], _test.Realm.Executions.All.Select(execution => execution.ThingName));
    }

    [Fact]
    public void A_snapshot_job_without_any_thing_is_completed_at_once()
    {
        _test.CreateGroup("site");
        _test.CreateJob("update-firmware", group: "site");

        Assert.Equal((JobStatus.COMPLETED, Start), (_test.Job("update-firmware").Status, _test.Job("update-firmware").CompletedAt));
    }

    [Fact]
    public void A_continuous_job_without_any_thing_waits_for_some()
    {
        _test.CreateGroup("site");
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);

        Assert.Equal((JobStatus.IN_PROGRESS, false), (_test.Job("update-firmware").Status, _test.Job("update-firmware").IsConcurrent));
    }
}
