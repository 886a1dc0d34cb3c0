using IoTJobsEmulator.Core.Operations.JobTemplates;
using IoTJobsEmulator.Core.Operations.Tags;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using Api = IoTJobsEmulator.Core.Operations.Jobs;

namespace IoTJobsEmulator.Core.Tests;

/// <summary>ARNs begin with the partition of their region. Source: the AWS General Reference, "Amazon Resource Names".</summary>
public sealed class ArnTests
{
    private readonly Realm _china = new World(() => Guid.Empty) { Now = Start }.Realm("123456789012", "cn-north-1");

    [Theory]
    [InlineData("us-east-1", "aws")]
    [InlineData("eu-central-1", "aws")]
    [InlineData("cn-north-1", "aws-cn")]
    [InlineData("cn-northwest-1", "aws-cn")]
    [InlineData("us-gov-west-1", "aws-us-gov")]
    [InlineData("us-iso-east-1", "aws-iso")]
    [InlineData("us-isob-east-1", "aws-iso-b")]
    [InlineData("eu-isoe-west-1", "aws-iso-e")]
    [InlineData("us-isof-south-1", "aws-iso-f")]
    [InlineData("eusc-de-east-1", "aws-eusc")]
    public void Every_ARN_has_the_partition_of_its_region(string region, string partition)
    {
        var realm = new World(() => Guid.Empty).Realm("123456789012", region);
        var prefix = $"arn:{partition}:iot:{region}:123456789012";

        Assert.Equal(
            [
                $"{prefix}:job/a", $"{prefix}:thing/a", $"{prefix}:thinggroup/a", $"{prefix}:thingtype/a", $"{prefix}:billinggroup/a",
                $"{prefix}:jobtemplate/a", $"arn:{partition}:iot:{region}::jobtemplate/a:1.0",
            ],
            [
                Arn.OfJob(realm, "a"), Arn.OfThing(realm, "a"), Arn.OfThingGroup(realm, "a"), Arn.OfThingType(realm, "a"), Arn.OfBillingGroup(realm, "a"),
                Arn.OfJobTemplate(realm, "a"), Arn.OfManagedJobTemplate(realm, "a", "1.0"),
            ]);
        Assert.True(Arn.TryParse(Arn.OfJob(realm, "a"), out var arn) && arn.IsIn(realm));
    }

    [Theory]
    [InlineData("arn:aws-cn:iot:cn-north-1:123456789012:thing/pump-1", "pump-1")]
    [InlineData("arn:aws-cn:iot:cn-north-1:123456789012:thing/a:b", "a:b")]
    [InlineData("arn:aws-cn:iot:cn-north-1:123456789012:thing/", null)]
    [InlineData("arn:aws-cn:iot:cn-north-1:123456789012:thing", null)]
    [InlineData("arn:aws-cn:iot:cn-north-1:123456789012:thinggroup/pumps", null)]
    [InlineData("arn:aws-cn:iot:cn-north-1:210987654321:thing/pump-1", null)]
    [InlineData("arn:aws:iot:cn-north-1:123456789012:thing/pump-1", null)]
    [InlineData("pump-1", null)]
    public void A_resource_of_a_realm_is_named_by_the_end_of_its_ARN(string text, string? name)
    {
        Assert.Equal(name, Arn.NameIn(_china, Arn.ThingType, text));
        Assert.Equal(name, Arn.TryParse(text, out var arn) && arn.IsIn(_china) && arn.ResourceType == Arn.ThingType ? arn.ResourceId : null);
    }

    [Fact]
    public void What_is_created_is_found_by_its_ARN()
    {
        var thing = CreateThing.Handle(_china, "pump-1", null).ThingArn;
        var group = CreateThingGroup.Handle(_china, "pumps", null).ThingGroupArn;

        var job = Api.CreateJob.Handle(_china, "update-firmware", new() { Targets = [thing, group], Document = "{}" }).JobArn;
        var managed = ManagedTemplateArn();
        Api.CreateJob.Handle(_china, "reboot", new() { Targets = [thing], JobTemplateArn = managed });
        CreateJobTemplate.Handle(_china, "from-job", new() { JobArn = job, Description = "of a job" });

        Assert.Equal("arn:aws-cn:iot:cn-north-1:123456789012:job/update-firmware", job);
        Assert.StartsWith("arn:aws-cn:iot:cn-north-1::jobtemplate/", managed, StringComparison.Ordinal);
        Assert.Empty(ListTagsForResource.Handle(_china, job, null).Tags);
    }

    [Fact]
    public void An_ARN_of_another_partition_is_unknown()
    {
        var thing = CreateThing.Handle(_china, "pump-1", null).ThingArn;
        var job = Api.CreateJob.Handle(_china, "update-firmware", new() { Targets = [thing], Document = "{}" }).JobArn;
        var (otherThing, otherJob, otherTemplate) = (Elsewhere(thing), Elsewhere(job), Elsewhere(ManagedTemplateArn()));

        AssertUnknown($"Target {otherThing} cannot be found.", () => Api.CreateJob.Handle(_china, "reboot", new() { Targets = [otherThing], Document = "{}" }));
        AssertUnknown("Job Template ID cannot be found.", () => Api.CreateJob.Handle(_china, "reboot", new() { Targets = [thing], JobTemplateArn = otherTemplate }));
        AssertUnknown("Job update-firmware cannot be found.", () => CreateJobTemplate.Handle(_china, "from-job", new() { JobArn = otherJob, Description = "of a job" }));
        AssertUnknown($"Resource {otherJob} cannot be found.", () => ListTagsForResource.Handle(_china, otherJob, null));
        AssertUnknown($"{otherThing} cannot be found.", () => AddThingToThingGroup.Handle(_china, new() { ThingArn = otherThing, ThingGroupName = "pumps" }));
    }

    private static string Elsewhere(string arn) => arn.Replace("arn:aws-cn:", "arn:aws:", StringComparison.Ordinal);

    private string ManagedTemplateArn() => ListManagedJobTemplates.Handle(_china, "AWS-Reboot", null, null).ManagedJobTemplates[0].TemplateArn;

    private static void AssertUnknown(string message, Func<object> operation)
    {
        var refusal = Assert.Throws<ServiceException>(operation);
        Assert.Equal((ServiceError.ResourceNotFound, message), (refusal.Error, refusal.Message));
    }
}
