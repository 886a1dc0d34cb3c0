using IoTJobsEmulator.Core.Operations.BillingGroups;
using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.JobTemplates;
using IoTJobsEmulator.Core.Operations.Tags;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.ThingTypes;

namespace IoTJobsEmulator.Core.Tests.Operations.Tags;

public sealed class TagsTests
{
    private const string Pumps = ArnPrefix + "thinggroup/pumps";

    private readonly TestRealm _test = new();

    public TagsTests() => _test.CreateGroup("pumps");

    /// <summary>Every kind of resource that can be tagged, as it is created with tags.</summary>
    public static TheoryData<string> Resources => [JobArn("one"), TemplateArn("one"), GroupArn("one"), GroupArn("dynamic"), $"{ArnPrefix}thingtype/one", $"{ArnPrefix}billinggroup/one"];

    [Fact]
    public void Members_have_the_shapes_of_the_model()
    {
        Assert.Equal(
            ["Value null at 'resourceArn': not be null", "Value 'a;b' at 'tags.1.member.Key': satisfy regular expression pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$"],
            TestRealm.Violations(TagResource.Handle, null, new TagResource.Request { Tags = TagList(("a;b", null)) }));
        Assert.Equal(
            ["Value null at 'resourceArn': not be null", "Value null at 'tags': not be null"], TestRealm.Violations(TagResource.Handle, null, new TagResource.Request()));
        Assert.Equal(
            ["Value null at 'resourceArn': not be null", "Value null at 'tagKeys': not be null"], TestRealm.Violations(UntagResource.Handle, null, new UntagResource.Request()));
        Assert.Equal(["Value null at 'resourceArn': not be null"], TestRealm.Violations(ListTagsForResource.Handle, null, null, null));
    }

    [Theory]
    [InlineData("pumps", "pumps at resourceArn is not a valid ARN.")]
    [InlineData(ArnPrefix + "thing/pump-1", "Resources of the type thing cannot be tagged.")]
    public void A_resource_that_cannot_have_tags_is_refused(string arn, string message)
    {
        _test.CreateThing("pump-1");
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => Tag(arn, ("site", "north")));
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => Untag(arn, "site"));
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => ListTagsForResource.Handle(_test, arn, null));
    }

    [Theory, MemberData(nameof(Resources))]
    public void A_resource_that_is_not_there_is_refused(string arn)
    {
        _test.AssertRefused(ServiceError.ResourceNotFound, $"Resource {arn} cannot be found.", () => Tag(arn, ("site", "north")));
        Create(null);
        var elsewhere = arn.Replace("us-east-1", "eu-west-1", StringComparison.Ordinal);
        _test.AssertRefused(ServiceError.ResourceNotFound, $"Resource {elsewhere} cannot be found.", () => Tag(elsewhere, ("site", "north")));
    }

    [Theory, MemberData(nameof(Resources))]
    public void A_resource_has_the_tags_that_it_was_created_with_and_those_given_later(string arn)
    {
        Create(TagList(("site", "north"), ("line", null)));
        Tag(arn, ("Site", "south"));

        Assert.Equal(TagList(("site", "north"), ("line", ""), ("Site", "south")), List(arn));
    }

    [Theory, MemberData(nameof(Resources))]
    public void Tags_go_with_their_resource(string arn)
    {
        Create(TagList(("site", "north")));

        Delete();
        Assert.Empty(_test.Realm.ResourceTags.All);

        Create(null);
        Assert.Empty(List(arn));
    }

    [Fact]
    public void A_tag_whose_key_is_there_gets_the_new_value()
    {
        Tag(Pumps, ("site", "north"), ("line", "1"));
        Tag(Pumps, ("site", "south"));

        Assert.Equal(TagList(("line", "1"), ("site", "south")), List(Pumps));
    }

    [Fact]
    public void Tags_are_removed_by_key_and_an_unknown_key_is_no_error()
    {
        Tag(Pumps, ("site", "north"), ("line", "1"));

        Assert.Equal(new(), Untag(Pumps, "site", "Line"));
        Assert.Equal(TagList(("line", "1")), List(Pumps));

        _test.Commit();
        Untag(Pumps, "site");
        Assert.Empty(_test.TakeChanges());

        Untag(Pumps, "line");
        Untag(Pumps, "line");
        Assert.Empty(List(Pumps));
        Assert.Empty(_test.Realm.ResourceTags.All);
    }

    [Fact]
    public void No_tags_change_nothing()
    {
        _test.Commit();
        Tag(Pumps);
        Assert.Empty(_test.TakeChanges());
    }

    [Theory]
    [InlineData("aws:site", "Tag key aws:site is invalid: the prefix aws: is reserved.")]
    [InlineData("AWS:site", "Tag key AWS:site is invalid: the prefix aws: is reserved.")]
    [InlineData("line", "Tag key line is given more than once.")]
    public void Reserved_and_repeated_keys_are_refused(string key, string message)
    {
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => Tag(Pumps, ("line", "1"), (key, "2")));
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => Create(TagList(("line", "1"), (key, "2"))));
    }

    [Fact]
    public void A_resource_has_fifty_tags_at_most()
    {
        TagResource.Handle(_test, new() { ResourceArn = Pumps, Tags = ManyTags(50) });

        Tag(Pumps, ("key-1", "other"));
        _test.AssertRefused(ServiceError.LimitExceeded, "The maximum number of tags allowed for a resource is 50", () => Tag(Pumps, ("site", "north")));
        Assert.Equal(50, List(Pumps).Count);
    }

    /// <summary>Three of the operations have no error of their own for it.</summary>
    [Fact]
    public void Nothing_is_created_with_more_than_fifty_tags()
    {
        _test.CreateThing("pump-1");
        const string message = "The maximum number of tags allowed for a resource is 50";
        _test.AssertRefused(ServiceError.LimitExceeded, message, () => CreateJob.Handle(_test, "one", JobOn(ThingArn("pump-1")) with { Tags = ManyTags(51) }));
        _test.AssertRefused(ServiceError.LimitExceeded, message, () => CreateJobTemplate.Handle(_test, "one", TemplateOf() with { Tags = ManyTags(51) }));
        _test.AssertRefused(ServiceError.LimitExceeded, message, () => CreateDynamicThingGroup.Handle(_test, "one", new() { QueryString = "*", Tags = ManyTags(51) }));
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => CreateThingGroup.Handle(_test, "one", new() { Tags = ManyTags(51) }));
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => CreateThingType.Handle(_test, "one", new() { Tags = ManyTags(51) }));
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => CreateBillingGroup.Handle(_test, "one", new() { Tags = ManyTags(51) }));
        Create(ManyTags(50));
    }

    [Fact]
    public void There_is_one_page_of_tags()
    {
        TagResource.Handle(_test, new() { ResourceArn = Pumps, Tags = ManyTags(50) });

        var page = ListTagsForResource.Handle(_test, Pumps, "");
        Assert.Equal((50, null), (page.Tags.Count, page.NextToken));
        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => ListTagsForResource.Handle(_test, Pumps, "x"));
    }

    [Fact]
    public void Creating_again_with_other_tags_changes_none()
    {
        CreateThingGroup.Handle(_test, "pumps", new() { Tags = TagList(("site", "north")) });
        Assert.Empty(List(Pumps));
    }

    private void Create(ValueList<Core.Jobs.Tag>? tags)
    {
        CreateThingGroup.Handle(_test, "one", new() { Tags = tags });
        CreateDynamicThingGroup.Handle(_test, "dynamic", new() { QueryString = "*", Tags = tags });
        CreateThingType.Handle(_test, "one", new() { Tags = tags });
        CreateBillingGroup.Handle(_test, "one", new() { Tags = tags });
        CreateJobTemplate.Handle(_test, "one", TemplateOf() with { Tags = tags });
        CreateJob.Handle(_test, "one", JobOn(GroupArn("one")) with { Tags = tags });
    }

    private void Delete()
    {
        DeleteJob.Handle(_test, "one", force: true, null);
        DeleteJobTemplate.Handle(_test, "one");
        DeleteThingGroup.Handle(_test, "one", null);
        DeleteDynamicThingGroup.Handle(_test, "dynamic", null);
        DeleteBillingGroup.Handle(_test, "one", null);
        DeprecateThingType.Handle(_test, "one", null);
        _test.Jump(Minutes(5));
        DeleteThingType.Handle(_test, "one");
        _test.DoDueWork();
    }

    private TagResource.Response Tag(string arn, params (string Key, string? Value)[] tags) => TagResource.Handle(_test, new() { ResourceArn = arn, Tags = TagList(tags) });

    private UntagResource.Response Untag(string arn, params string[] keys) => UntagResource.Handle(_test, new() { ResourceArn = arn, TagKeys = new(keys) });

    private ValueList<Core.Jobs.Tag> List(string arn) => ListTagsForResource.Handle(_test, arn, null).Tags;
}
