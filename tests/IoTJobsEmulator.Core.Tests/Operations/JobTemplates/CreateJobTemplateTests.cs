using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.JobTemplates;
using IoTJobsEmulator.Core.Operations.Tags;

namespace IoTJobsEmulator.Core.Tests.Operations.JobTemplates;

public sealed class CreateJobTemplateTests
{
    private readonly TestRealm _test = new();

    private static readonly CreateJobTemplate.Request Full = new()
    {
        Description = "update",
        Document = """{"a":1}""",
        JobExecutionsRolloutConfig = new() { MaximumPerMinute = 10 },
        PresignedUrlConfig = new() { RoleArn = "arn:aws:iam::123456789012:role/reader", ExpiresInSec = 60 },
        JobExecutionsRetryConfig = Retries(Retryable.FAILED, 2),
        AbortConfig = AbortWhen(Failure.FAILED, 50, ofAtLeast: 1),
        TimeoutConfig = Timeout(5),
        MaintenanceWindows = [new() { StartTime = "cron(0 0 18 * ? *)", DurationInMinutes = 60 }],
        DestinationPackageVersions = [$"{ArnPrefix}package/firmware/version/2"],
    };

    [Fact]
    public void Members_have_the_shapes_of_the_model() => Assert.Equal(
        [
            "Value 'a b' at 'jobTemplateId': satisfy regular expression pattern: [a-zA-Z0-9_-]+",
            "Value '' at 'documentSource': have length greater than or equal to 1",
            "Value null at 'description': not be null",
            "Value null at 'tags.1.member.Key': not be null",
            "Value null at 'maintenanceWindows.1.member.startTime': not be null",
            "Value null at 'maintenanceWindows.1.member.durationInMinutes': not be null",
        ],
        TestRealm.Violations(CreateJobTemplate.Handle, null, "a b", new CreateJobTemplate.Request { DocumentSource = "", Tags = [new()], MaintenanceWindows = [new()] }));

    [Fact]
    public void A_document_is_given_once()
    {
        AssertRefused("Neither job document nor job document source is specified.", new() { Description = "d" });
        AssertRefused(
            "Job document and job document source cannot be specified at the same time.",
            new() { Description = "d", Document = "{}", DocumentSource = "https://s3.amazonaws.com/bucket/key" });
        AssertRefused("Job document is not valid JSON.", TemplateOf("{"));
    }

    [Fact]
    public void Configurations_are_checked_like_those_of_a_job()
    {
        AssertRefused("Provide valid timeout value, inProgressTimeoutInMinutes cannot be 0.", TemplateOf() with { TimeoutConfig = Timeout(0) });
        AssertRefused(
            "ThresholdPercentage value 0.0 for AbortCriteria must have value greater than 0",
            TemplateOf() with { AbortConfig = new() { CriteriaList = [Full.AbortConfig!.CriteriaList![0] with { ThresholdPercentage = 0 }] } });
        AssertRefused(
            "A retryCriteria with failure type ALL must be used by itself.",
            TemplateOf() with { JobExecutionsRetryConfig = new() { CriteriaList = [Full.JobExecutionsRetryConfig!.CriteriaList![0], new() { FailureType = Retryable.ALL, NumberOfRetries = 1 }] } });
        AssertRefused(
            "Provide MaximumPerMinute value when ExponentialRate is defined",
            TemplateOf() with { JobExecutionsRolloutConfig = new() { ExponentialRate = new() } });
        AssertRefused("Given role short is invalid.", TemplateOf() with { PresignedUrlConfig = new() { RoleArn = "short" } });
        AssertRefused(
            "thing-1 at destinationPackageVersions is not the ARN of a package version.", TemplateOf() with { DestinationPackageVersions = ["thing-1"] });
        AssertRefused(
            "presignedUrlConfig role ARN is required to generate an S3 presigned url in job document.",
            TemplateOf("""{"url":"${aws:iot:s3-presigned-url:https://s3.amazonaws.com/firmware/v2}"}"""));
        Assert.Throws<ServiceException>(() => Create(TemplateOf() with { MaintenanceWindows = [new() { StartTime = "never", DurationInMinutes = 60 }] }));
    }

    [Fact]
    public void A_job_that_is_not_there_is_refused()
    {
        AssertRefused("job-1 at jobArn is not a valid ARN.", new() { Description = "d", JobArn = "job-1" });
        AssertRefused("Resource type should be job but found invalid resource type thing", new() { Description = "d", JobArn = ThingArn("pump-1") });
        foreach (var arn in new[] { JobArn("job-1"), "arn:aws:iot:eu-west-1:123456789012:job/job-1" })
        {
            _test.AssertRefused(
                ServiceError.ResourceNotFound, "Job job-1 cannot be found.", () => CreateJobTemplate.Handle(_test, "reboot", new() { Description = "d", JobArn = arn }));
        }
    }

    [Fact]
    public void An_id_is_used_once()
    {
        _test.CreateJobTemplate("reboot");

        var refusal = _test.AssertRefused(ServiceError.Conflict, "Job Template ID already exists.", () => Create(TemplateOf()));
        Assert.Equal(Map(("resourceId", "reboot")), refusal.Members);
    }

    [Fact]
    public void There_are_a_hundred_templates_at_most()
    {
        for (var n = 1; n <= 100; n++)
            _test.CreateJobTemplate($"template-{n}");

        _test.AssertRefused(ServiceError.LimitExceeded, "The number of job templates cannot be more than 100.", () => Create(TemplateOf()));
        DeleteJobTemplate.Handle(_test, "template-1");
        Create(TemplateOf());
    }

    [Fact]
    public void A_template_is_kept_as_it_was_given()
    {
        Assert.Equal(new(TemplateArn("reboot"), "reboot"), Create(Full with { Tags = TagList(("site", "north")) }));

        Assert.Equal(
            new()
            {
                JobTemplateArn = TemplateArn("reboot"),
                JobTemplateId = "reboot",
                Description = "update",
                Document = """{"a":1}""",
                CreatedAt = Start,
                JobExecutionsRolloutConfig = Full.JobExecutionsRolloutConfig!,
                PresignedUrlConfig = Full.PresignedUrlConfig!,
                JobExecutionsRetryConfig = Full.JobExecutionsRetryConfig,
                AbortConfig = Full.AbortConfig,
                TimeoutConfig = Full.TimeoutConfig!,
                MaintenanceWindows = Full.MaintenanceWindows,
                DestinationPackageVersions = Full.DestinationPackageVersions,
            },
            DescribeJobTemplate.Handle(_test, "reboot"));
        Assert.Equal(TagList(("site", "north")), ListTagsForResource.Handle(_test, TemplateArn("reboot"), null).Tags);
    }

    [Fact]
    public void A_link_is_kept_and_not_read()
    {
        Create(new() { Description = "d", DocumentSource = "https://s3.amazonaws.com/bucket/key" });

        var template = DescribeJobTemplate.Handle(_test, "reboot");
        Assert.Equal(("https://s3.amazonaws.com/bucket/key", null), (template.DocumentSource, template.Document));
    }

    [Fact]
    public void A_job_gives_what_the_request_does_not()
    {
        _test.CreateThing("pump-1");
        CreateJob.Handle(_test, "job-1", JobOn(ThingArn("pump-1"), """{"a":1}""") with
        {
            Description = "of the job",
            TargetSelection = TargetSelection.CONTINUOUS,
            JobExecutionsRolloutConfig = Full.JobExecutionsRolloutConfig,
            PresignedUrlConfig = Full.PresignedUrlConfig,
            JobExecutionsRetryConfig = Full.JobExecutionsRetryConfig,
            AbortConfig = Full.AbortConfig,
            TimeoutConfig = Full.TimeoutConfig,
            SchedulingConfig = new() { MaintenanceWindows = Full.MaintenanceWindows },
            DestinationPackageVersions = Full.DestinationPackageVersions,
        });
        Create(Full);
        var full = _test.Realm.JobTemplates.Find("reboot")!;

        CreateJobTemplate.Handle(_test, "copy", new() { Description = "update", JobArn = JobArn("job-1") });
        CreateJobTemplate.Handle(_test, "other", Full with { JobArn = JobArn("job-1"), Document = "[]", TimeoutConfig = Timeout(6) });
        CreateJobTemplate.Handle(_test, "linked", new() { Description = "update", JobArn = JobArn("job-1"), DocumentSource = "https://s3.amazonaws.com/bucket/key" });

        var copy = _test.Realm.JobTemplates.Find("copy")!;
        Assert.Equal(full with { JobTemplateId = "copy", Ordinal = copy.Ordinal }, copy);
        var other = _test.Realm.JobTemplates.Find("other")!;
        Assert.Equal(copy with { JobTemplateId = "other", Ordinal = other.Ordinal, Document = "[]", TimeoutConfig = Timeout(6) }, other);
        var linked = _test.Realm.JobTemplates.Find("linked")!;
        Assert.Equal(("https://s3.amazonaws.com/bucket/key", null), (linked.DocumentSource, linked.Document));
    }

    private CreateJobTemplate.Response Create(CreateJobTemplate.Request request) => CreateJobTemplate.Handle(_test, "reboot", request);

    private void AssertRefused(string message, CreateJobTemplate.Request request) => _test.AssertRefused(ServiceError.InvalidRequest, message, () => Create(request));
}
