using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.JobTemplates;
using static IoTJobsEmulator.Core.Tests.Operations.Given;

namespace IoTJobsEmulator.Core.Tests.Operations.JobTemplates;

/// <summary>Describing, listing and deleting job templates of one's own.</summary>
public sealed class JobTemplatesTests
{
    private readonly TestRealm _realm = new();

    [Fact]
    public void Unset_configurations_are_there_and_empty()
    {
        Template(_realm, "reboot");

        Assert.Equal(
            new()
            {
                JobTemplateArn = $"{Here}jobtemplate/reboot",
                JobTemplateId = "reboot",
                Description = "template",
                Document = "{}",
                CreatedAt = TestRealm.Start,
                PresignedUrlConfig = new(),
                JobExecutionsRolloutConfig = new(),
                TimeoutConfig = new(),
            },
            DescribeJobTemplate.Handle(_realm, "reboot"));
    }

    [Fact]
    public void A_template_that_is_not_there_is_refused()
    {
        _realm.AssertRefused(ServiceError.ResourceNotFound, "Job Template ID cannot be found.", () => DescribeJobTemplate.Handle(_realm, "reboot"));
        _realm.AssertRefused(ServiceError.ResourceNotFound, "Job Template ID cannot be found.", () => DeleteJobTemplate.Handle(_realm, "reboot"));
    }

    [Fact]
    public void The_newest_is_listed_first_page_by_page()
    {
        Template(_realm, "one");
        _realm.Pass(TimeSpan.FromSeconds(1));
        Template(_realm, "two");
        Template(_realm, "three");

        Assert.Equal(["three two", "one"], Pages(token =>
        {
            var page = ListJobTemplates.Handle(_realm, 2, token);
            return (page.JobTemplates.Select(template => template.JobTemplateId), page.NextToken);
        }));
        Assert.Equal(new($"{Here}jobtemplate/three", "three", "template", TestRealm.Start + TimeSpan.FromSeconds(1)), ListJobTemplates.Handle(_realm, null, null).JobTemplates[0]);
        _realm.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => ListJobTemplates.Handle(_realm, null, "x"));
    }

    [Fact]
    public void A_deleted_template_is_gone_and_its_jobs_are_not()
    {
        Thing(_realm, "pump-1");
        Template(_realm, "reboot");
        CreateJob.Handle(_realm, "job-1", JobOn("thing/pump-1", null) with { JobTemplateArn = $"{Here}jobtemplate/reboot" });

        Assert.Equal(new(), DeleteJobTemplate.Handle(_realm, "reboot"));

        Assert.Empty(ListJobTemplates.Handle(_realm, null, null).JobTemplates);
        Assert.Equal("{}", DocumentOf(_realm, "job-1"));
        Assert.Equal($"{Here}jobtemplate/reboot", DescribeJob.Handle(_realm, "job-1", null).Job.JobTemplateArn);
    }
}
