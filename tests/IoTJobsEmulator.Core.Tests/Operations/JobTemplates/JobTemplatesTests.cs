using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.JobTemplates;

namespace IoTJobsEmulator.Core.Tests.Operations.JobTemplates;

/// <summary>Describing, listing and deleting job templates of one's own.</summary>
public sealed class JobTemplatesTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void Unset_configurations_are_there_and_empty()
    {
        _test.CreateJobTemplate("reboot");

        Assert.Equal(
            new()
            {
                JobTemplateArn = TemplateArn("reboot"),
                JobTemplateId = "reboot",
                Description = "template",
                Document = "{}",
                CreatedAt = Start,
                PresignedUrlConfig = new(),
                JobExecutionsRolloutConfig = new(),
                TimeoutConfig = new(),
            },
            DescribeJobTemplate.Handle(_test, "reboot"));
    }

    [Fact]
    public void A_template_that_is_not_there_is_refused()
    {
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job Template ID cannot be found.", () => DescribeJobTemplate.Handle(_test, "reboot"));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job Template ID cannot be found.", () => DeleteJobTemplate.Handle(_test, "reboot"));
    }

    [Fact]
    public void The_newest_is_listed_first_page_by_page()
    {
        _test.CreateJobTemplate("one");
        _test.Jump(Seconds(1));
        _test.CreateJobTemplate("two");
        _test.CreateJobTemplate("three");

        Assert.Equal(["three two", "one"], Pages(token =>
        {
            var page = ListJobTemplates.Handle(_test, 2, token);
            return (page.JobTemplates.Select(template => template.JobTemplateId), page.NextToken);
        }));
        Assert.Equal(new(TemplateArn("three"), "three", "template", Start + Seconds(1)), ListJobTemplates.Handle(_test, null, null).JobTemplates[0]);
        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => ListJobTemplates.Handle(_test, null, "x"));
    }

    [Fact]
    public void A_deleted_template_is_gone_and_its_jobs_are_not()
    {
        _test.CreateThing("pump-1");
        _test.CreateJobTemplate("reboot");
        CreateJob.Handle(_test, "job-1", JobOn(ThingArn("pump-1"), null) with { JobTemplateArn = TemplateArn("reboot") });

        Assert.Equal(new(), DeleteJobTemplate.Handle(_test, "reboot"));

        Assert.Empty(ListJobTemplates.Handle(_test, null, null).JobTemplates);
        Assert.Equal("{}", _test.Document("job-1"));
        Assert.Equal(TemplateArn("reboot"), DescribeJob.Handle(_test, "job-1", null).Job.JobTemplateArn);
    }
}
