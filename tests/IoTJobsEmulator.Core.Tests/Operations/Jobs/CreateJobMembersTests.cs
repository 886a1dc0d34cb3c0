using System.Reflection;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.Tags;

namespace IoTJobsEmulator.Core.Tests.Operations.Jobs;

/// <summary>Whatever CreateJob accepts can be read back under the same name: a member that no view shows would be lost unnoticed.</summary>
public sealed class CreateJobMembersTests
{
    private const string ManagedTemplate = "arn:aws:iot:us-east-1::jobtemplate/AWS-Download-File:1.0";

    private static readonly Dictionary<string, Func<CreateJob.Request, CreateJob.Request>> Samples = new()
    {
        [nameof(CreateJob.Request.Targets)] = request => request with { Targets = [ThingArn("pump-1"), ThingArn("pump-2")] },
        [nameof(CreateJob.Request.DocumentSource)] = request => request with { Document = null, DocumentSource = "https://s3.amazonaws.com/firmware/job.json" },
        [nameof(CreateJob.Request.Document)] = request => request with { Document = """{"operation":"update"}""" },
        [nameof(CreateJob.Request.Description)] = request => request with { Description = "the new firmware" },
        [nameof(CreateJob.Request.TargetSelection)] = request => request with { TargetSelection = TargetSelection.CONTINUOUS },
        [nameof(CreateJob.Request.JobExecutionsRolloutConfig)] = request => request with { JobExecutionsRolloutConfig = new() { MaximumPerMinute = 7 } },
        [nameof(CreateJob.Request.PresignedUrlConfig)] = request =>
            request with { PresignedUrlConfig = new() { RoleArn = "arn:aws:iam::123456789012:role/S3DownloadRole", ExpiresInSec = 70 } },
        [nameof(CreateJob.Request.JobExecutionsRetryConfig)] = request =>
            request with { JobExecutionsRetryConfig = Retries(Retryable.FAILED, 2) },
        [nameof(CreateJob.Request.AbortConfig)] = request => request with
        {
            AbortConfig = AbortWhen(Failure.FAILED, 50, ofAtLeast: 3),
        },
        [nameof(CreateJob.Request.TimeoutConfig)] = request => request with { TimeoutConfig = Timeout(5) },
        [nameof(CreateJob.Request.Tags)] = request => request with { Tags = TagList(("team", "pumps")) },
        [nameof(CreateJob.Request.NamespaceId)] = request => request with { NamespaceId = "hall-2" },
        [nameof(CreateJob.Request.JobTemplateArn)] = FromTemplate,
        [nameof(CreateJob.Request.DocumentParameters)] = FromTemplate,
        [nameof(CreateJob.Request.SchedulingConfig)] = request => request with { SchedulingConfig = new() { StartTime = "2026-01-02 12:00" } },
        [nameof(CreateJob.Request.DestinationPackageVersions)] = request =>
            request with { DestinationPackageVersions = ["arn:aws:iot:us-east-1:123456789012:package/firmware/version/1"] },
    };

    private readonly TestRealm _test = new();

    public static TheoryData<string> Members => [.. typeof(CreateJob.Request).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(member => member.Name)];

    [Theory]
    [MemberData(nameof(Members))]
    public void What_CreateJob_is_given_can_be_read_back(string member)
    {
        _test.CreateThing("pump-1");
        _test.CreateThing("pump-2");
        Assert.True(Samples.TryGetValue(member, out var sample), $"a value of {member} is to be added to the samples");
        var request = sample(new() { Targets = [ThingArn("pump-1")], Document = "{}" });
        CreateJob.Handle(_test, "update-firmware", request);

        var given = typeof(CreateJob.Request).GetProperty(member)!.GetValue(request);
        Assert.NotNull(given);
        Assert.Contains(given, Views(_test).Select(view => view.GetType().GetProperty(member)?.GetValue(view)));
    }

    /// <summary>What callers can read of a job.</summary>
    private static IEnumerable<object> Views(Realm realm)
    {
        var described = DescribeJob.Handle(realm, "update-firmware", null);
        return [described, described.Job, GetJobDocument.Handle(realm, "update-firmware", null), ListTagsForResource.Handle(realm, described.Job.JobArn, null)];
    }

    private static CreateJob.Request FromTemplate(CreateJob.Request request) => request with
    {
        Document = null,
        JobTemplateArn = ManagedTemplate,
        DocumentParameters = Map(("downloadUrl", "https://example.com/firmware"), ("filePath", "firmware")),
    };
}
