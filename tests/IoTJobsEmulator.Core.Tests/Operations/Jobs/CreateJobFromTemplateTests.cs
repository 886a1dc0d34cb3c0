using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.JobTemplates;

namespace IoTJobsEmulator.Core.Tests.Operations.Jobs;

public sealed class CreateJobFromTemplateTests
{
    private const string Link = "https://s3.amazonaws.com/bucket/key", Managed = "arn:aws:iot:us-east-1::jobtemplate/";

    private static readonly CreateJobTemplate.Request Template = TemplateOf("""{"a":1}""") with
    {
        JobExecutionsRolloutConfig = new() { MaximumPerMinute = 10 },
        PresignedUrlConfig = new() { ExpiresInSec = 60 },
        JobExecutionsRetryConfig = Retries(Retryable.FAILED, 2),
        AbortConfig = AbortWhen(Failure.FAILED, 50, ofAtLeast: 1),
        TimeoutConfig = Timeout(5),
        DestinationPackageVersions = [$"{ArnPrefix}package/firmware/version/2"],
    };

    private readonly TestRealm _test = new();

    public CreateJobFromTemplateTests() => _test.CreateThing("pump-1");

    [Theory]
    [InlineData("reboot", 400, "reboot at jobTemplateArn is not a valid ARN.")]
    [InlineData(ArnPrefix + "job/reboot", 400, "Resource type should be jobtemplate but found invalid resource type job")]
    [InlineData(ArnPrefix + "jobtemplate/reboot", 404, "Job Template ID cannot be found.")]
    [InlineData("arn:aws:iot:eu-west-1:123456789012:jobtemplate/there", 404, "Job Template ID cannot be found.")]
    [InlineData(Managed + "AWS-Reboot:2.0", 404, "Job Template ID cannot be found.")]
    [InlineData(Managed + "AWS-Reboot", 404, "Job Template ID cannot be found.")]
    [InlineData("arn:aws:iot:eu-west-1::jobtemplate/AWS-Reboot:1.0", 404, "Job Template ID cannot be found.")]
    public void A_template_that_is_not_here_is_refused(string arn, int status, string message)
    {
        _test.CreateJobTemplate("there");

        _test.AssertRefused(status == 400 ? ServiceError.InvalidRequest : ServiceError.ResourceNotFound, message, () => Create(arn));
    }

    [Fact]
    public void What_the_request_does_not_say_is_as_the_template_says()
    {
        CreateJobTemplate.Handle(_test, "reboot", Template);

        Assert.Equal(new(JobArn("job-1"), "job-1", null), Create(TemplateArn("reboot")));

        var job = DescribeJob.Handle(_test, "job-1", null).Job;
        Assert.Equal(
            (null, TemplateArn("reboot"), Template.JobExecutionsRolloutConfig, Template.PresignedUrlConfig, Template.JobExecutionsRetryConfig, Template.AbortConfig, Template.TimeoutConfig, Template.DestinationPackageVersions),
            (job.Description, job.JobTemplateArn, job.JobExecutionsRolloutConfig, job.PresignedUrlConfig, job.JobExecutionsRetryConfig, job.AbortConfig, job.TimeoutConfig, job.DestinationPackageVersions));
        Assert.Equal("""{"a":1}""", _test.Document("job-1"));
    }

    [Fact]
    public void What_the_request_says_replaces_the_template_member_by_member()
    {
        CreateJobTemplate.Handle(_test, "reboot", Template);
        var request = JobOn(ThingArn("pump-1"), "[]") with
        {
            JobTemplateArn = TemplateArn("reboot"),
            Description = "of the job",
            JobExecutionsRolloutConfig = new() { MaximumPerMinute = 11 },
            PresignedUrlConfig = new() { RoleArn = "arn:aws:iam::123456789012:role/reader" },
            JobExecutionsRetryConfig = Retries(Retryable.ALL, 1),
            AbortConfig = new() { CriteriaList = [Template.AbortConfig!.CriteriaList![0] with { ThresholdPercentage = 60 }] },
            TimeoutConfig = Timeout(6),
            DestinationPackageVersions = [],
        };

        CreateJob.Handle(_test, "job-1", request);

        var job = DescribeJob.Handle(_test, "job-1", null).Job;
        Assert.Equal(
            ("of the job", request.JobExecutionsRolloutConfig, request.PresignedUrlConfig, request.JobExecutionsRetryConfig, request.AbortConfig, request.TimeoutConfig, request.DestinationPackageVersions),
            (job.Description, job.JobExecutionsRolloutConfig, job.PresignedUrlConfig, job.JobExecutionsRetryConfig, job.AbortConfig, job.TimeoutConfig, job.DestinationPackageVersions));
        Assert.Equal("[]", _test.Document("job-1"));
    }

    [Fact]
    public void Windows_of_a_template_stand_beside_what_the_request_schedules()
    {
        var windows = new ValueList<MaintenanceWindow>([new() { StartTime = "cron(0 18 * * ? *)", DurationInMinutes = 60 }]);
        CreateJobTemplate.Handle(_test, "reboot", Template with { MaintenanceWindows = windows });

        _test.AssertRefused(
            ServiceError.InvalidRequest, "TargetSelection is invalid. MaintenanceWindow cannot be used with SNAPSHOT job.", () => Create(TemplateArn("reboot")));
        CreateJob.Handle(_test, "job-1", Request(TemplateArn("reboot")) with { TargetSelection = TargetSelection.CONTINUOUS, SchedulingConfig = new() { EndTime = "2026-02-01 00:00" } });
        var own = new ValueList<MaintenanceWindow>([windows[0] with { DurationInMinutes = 30 }]);
        CreateJob.Handle(_test, "job-2", Request(TemplateArn("reboot")) with { TargetSelection = TargetSelection.CONTINUOUS, SchedulingConfig = new() { MaintenanceWindows = own } });

        Assert.Equal(new() { EndTime = "2026-02-01 00:00", MaintenanceWindows = windows }, DescribeJob.Handle(_test, "job-1", null).Job.SchedulingConfig);
        Assert.Equal(own, DescribeJob.Handle(_test, "job-2", null).Job.SchedulingConfig.MaintenanceWindows);
    }

    [Fact]
    public void The_link_to_be_read_is_the_requests_or_the_templates()
    {
        CreateJobTemplate.Handle(_test, "linked", new() { Description = "d", DocumentSource = Link });
        _test.CreateJobTemplate("whole");
        var own = JobOn(ThingArn("pump-1"), null) with { DocumentSource = "https://s3.amazonaws.com/bucket/own" };

        Assert.Equal(
            [Link, null, "https://s3.amazonaws.com/bucket/own", "https://s3.amazonaws.com/bucket/own", null, null, null],
            new[]
            {
                Request(TemplateArn("linked")),
                Request(TemplateArn("whole")),
                own,
                own with { JobTemplateArn = TemplateArn("linked") },
                JobOn(ThingArn("pump-1")) with { JobTemplateArn = TemplateArn("linked") },
                Request(TemplateArn("unknown")),
                Request("nonsense"),
            }.Select(request => CreateJob.DocumentLink(_test, request)));
    }

    [Fact]
    public void A_document_that_lies_outside_comes_as_it_was_fetched()
    {
        CreateJobTemplate.Handle(_test, "linked", new() { Description = "d", DocumentSource = Link });

        CreateJob.Handle(_test, "job-1", Request(TemplateArn("linked")), new FetchedDocument(Link, "[1]"));
        CreateJob.Handle(_test, "job-2", JobOn(ThingArn("pump-1")) with { JobTemplateArn = TemplateArn("linked") });
        CreateJob.Handle(_test, "job-3", Request(TemplateArn("linked")));

        Assert.Equal([("[1]", Link), ("{}", null), ("{}", Link)], new[] { "job-1", "job-2", "job-3" }.Select(job => (_test.Document(job), DescribeJob.Handle(_test, job, null).DocumentSource)));
        _test.AssertRefused(
            ServiceError.ServiceUnavailable,
            "The job template has just changed. Please try again.",
            () => CreateJob.Handle(_test, "job-4", Request(TemplateArn("linked")), new FetchedDocument("https://s3.amazonaws.com/bucket/other", "[1]")));
    }

    [Fact]
    public void A_managed_template_gives_its_description_and_its_document_with_the_parameters()
    {
        var answer = CreateJob.Handle(_test, "job-1", Request($"{Managed}AWS-Download-File:1.0") with
        {
            DocumentParameters = Map(("downloadUrl", "https://example.com/?a=\"b\"&c=\\"), ("filePath", "dir/ü+1")),
        });

        Assert.Equal(new(JobArn("job-1"), "job-1", "A managed job template for downloading a file."), answer);
        Assert.Equal(
            """{"version":"1.0","steps":[{"action":{"name":"Download-File","type":"runHandler","input":{"handler":"download-file.sh","args":["https://example.com/?a=\"b\"&c=\\","dir/ü+1"],"path":""},"runAsUser":""}}]}""",
            _test.Document("job-1"));
        var job = DescribeJob.Handle(_test, "job-1", null).Job;
        Assert.Equal((Map(("downloadUrl", "https://example.com/?a=\"b\"&c=\\"), ("filePath", "dir/ü+1")), $"{Managed}AWS-Download-File:1.0"), (job.DocumentParameters, job.JobTemplateArn));
    }

    [Fact]
    public void A_value_that_looks_like_a_parameter_stays_as_it_is()
    {
        CreateJob.Handle(_test, "job-1", Request($"{Managed}AWS-Run-Command:1.0") with
        {
            Description = "own",
            DocumentParameters = Map(("command", "echo,a\\,b,${aws:iot:parameter:runAsUser}"), ("runAsUser", "pumps")),
        });

        Assert.Equal(
            """{"version":"1.0","steps":[{"action":{"name":"Run-Command","type":"runCommand","input":{"command":"echo,a\\,b,${aws:iot:parameter:runAsUser}"},"runAsUser":"pumps"}}]}""", _test.Document("job-1"));
        Assert.Equal("own", DescribeJob.Handle(_test, "job-1", null).Job.Description);
    }

    [Theory]
    [InlineData("downloadUrl=a", "Document parameter filePath is required by job template AWS-Download-File.")]
    [InlineData("downloadUrl=a filePath=b speed=c", "Document parameter speed is not defined in job template AWS-Download-File.")]
    public void Required_parameters_are_given_and_unknown_ones_are_not(string parameters, string message) => _test.AssertRefused(
        ServiceError.InvalidRequest,
        message,
        () => CreateJob.Handle(_test, "job-1", Request($"{Managed}AWS-Download-File:1.0") with
        {
            DocumentParameters = new(parameters.Split(' ').Select(pair => KeyValuePair.Create(pair.Split('=')[0], pair.Split('=')[1]))),
        }));

    [Fact]
    public void A_value_satisfies_the_pattern_of_its_parameter() => _test.AssertRefused(
        ServiceError.InvalidRequest,
        "The value of document parameter runAsUser must satisfy regular expression pattern: (.){0,256}",
        () => CreateJob.Handle(_test, "job-1", Request($"{Managed}AWS-Reboot:1.0") with { DocumentParameters = Map(("runAsUser", new string('a', 257))) }));

    [Fact]
    public void A_document_does_not_grow_too_long_by_its_parameters() => _test.AssertRefused(
        ServiceError.InvalidRequest,
        "Job document with its parameters is longer than 32768 characters.",
        () => CreateJob.Handle(_test, "job-1", Request($"{Managed}AWS-Download-File:1.0") with
        {
            DocumentParameters = Map(("downloadUrl", new string('a', 30720)), ("filePath", new string('a', 2048))),
        }));

    [Fact]
    public void Parameters_are_for_managed_templates_only()
    {
        _test.CreateJobTemplate("reboot");
        foreach (var request in new[] { JobOn(ThingArn("pump-1")), Request(TemplateArn("reboot")) })
        {
            _test.AssertRefused(
                ServiceError.InvalidRequest,
                "documentParameters can only be specified with a managed job template.",
                () => CreateJob.Handle(_test, "job-1", request with { DocumentParameters = [] }));
        }
    }

    private CreateJob.Response Create(string templateArn) => CreateJob.Handle(_test, "job-1", Request(templateArn));

    private static CreateJob.Request Request(string templateArn) => JobOn(ThingArn("pump-1"), null) with { JobTemplateArn = templateArn };
}
