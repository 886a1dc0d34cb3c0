using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class CreateThingGroupTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void Names_and_descriptions_have_the_shapes_of_the_model() => Assert.Equal(
        [
            "Value 'the pumps' at 'thingGroupName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
            "Value 'the plant' at 'parentGroupName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
            @"Value 'all	pumps' at 'thingGroupProperties.thingGroupDescription': satisfy regular expression pattern: [\p{Graph}\x20]*",
            "Value null at 'tags.1.member.Key': not be null",
        ],
        TestRealm.Violations(CreateThingGroup.Handle, null, "the pumps", new CreateThingGroup.Request
        {
            ParentGroupName = "the plant",
            ThingGroupProperties = new() { ThingGroupDescription = "all\tpumps" },
            Tags = new([new()]),
        }));

    [Fact]
    public void A_group_has_at_most_fifty_attributes()
    {
        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Too many attributes specified. The maximum number of attributes allowed for a thing group is 50",
            () => CreateThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new() { AttributePayload = ManyAttributes(51) } }));
        CreateThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new() { AttributePayload = ManyAttributes(50) } });
    }

    [Fact]
    public void A_parent_that_does_not_exist_is_refused() => _test.AssertRefused(
        ServiceError.ResourceNotFound,
        "Thing group plant cannot be found.",
        () => CreateThingGroup.Handle(_test, "pumps", new() { ParentGroupName = "plant" }));

    [Fact]
    public void A_parent_that_was_deleted_is_refused()
    {
        _test.CreateGroup("plant");
        DeleteThingGroup.Handle(_test, "plant", null);

        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing group plant cannot be found.", () => CreateThingGroup.Handle(_test, "pumps", new() { ParentGroupName = "plant" }));
    }

    [Fact]
    public void A_hierarchy_is_at_most_seven_groups_deep()
    {
        _test.CreateGroup("level-1");
        for (var level = 2; level <= 7; level++)
            _test.CreateGroup($"level-{level}", parent: $"level-{level - 1}");

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Thing group level-7 cannot have child groups: the maximum depth of a group hierarchy is 7",
            () => CreateThingGroup.Handle(_test, "level-8", new() { ParentGroupName = "level-7" }));
    }

    [Fact]
    public void A_group_has_at_most_a_hundred_direct_child_groups_those_deleted_not_counted()
    {
        _test.CreateGroup("plant");
        for (var child = 1; child <= 100; child++)
            _test.CreateGroup($"line-{child}", parent: "plant");

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Thing group plant has the maximum number of direct child groups: 100",
            () => CreateThingGroup.Handle(_test, "line-101", new() { ParentGroupName = "plant" }));
        _test.CreateGroup("line-100", parent: "plant");
        DeleteThingGroup.Handle(_test, "line-100", null);
        _test.CreateGroup("line-101", parent: "plant");
    }

    [Theory]
    [InlineData(null, "all pumps", "north")]
    [InlineData("plant", null, "north")]
    [InlineData("plant", "all pumps", "south")]
    public void A_group_of_other_properties_is_refused(string? parent, string? description, string site)
    {
        _test.CreateGroup("plant");
        CreateThingGroup.Handle(_test, "pumps", Request("plant", "all pumps", "north"));

        var refusal = _test.AssertRefused(
            ServiceError.ResourceAlreadyExists,
            "Thing Group pumps already exists in current account with different properties",
            () => CreateThingGroup.Handle(_test, "pumps", Request(parent, description, site)));
        Assert.Equal(Map(("resourceId", TestRealm.Id(2)), ("resourceArn", "arn:aws:iot:us-east-1:123456789012:thinggroup/pumps")), refusal.Members);
    }

    [Fact]
    public void The_same_properties_succeed_again_and_change_nothing()
    {
        _test.CreateGroup("plant");
        var first = CreateThingGroup.Handle(_test, "pumps", Request("plant", "all pumps", "north"));
        _test.Commit();

        Assert.Equal(first, CreateThingGroup.Handle(_test, "pumps", Request("plant", "all pumps", "north")));
        Assert.Empty(_test.TakeChanges());
    }

    [Fact]
    public void A_new_group_stands_below_its_parent()
    {
        _test.CreateGroup("plant");
        _test.Jump(Minutes(1));
        _test.Commit();

        var answer = CreateThingGroup.Handle(_test, "pumps", Request("plant", "all pumps", "north"));

        Assert.Equal(new("pumps", "arn:aws:iot:us-east-1:123456789012:thinggroup/pumps", TestRealm.Id(2)), answer);
        Assert.Equal(
            [
                (null, new ThingGroup
                {
                    ThingGroupId = TestRealm.Id(2),
                    ThingGroupName = "pumps",
                    Ordinal = 2,
                    ParentGroupId = TestRealm.Id(1),
                    Path = $"{TestRealm.Id(1)}/{TestRealm.Id(2)}/",
                    Description = "all pumps",
                    Attributes = Map(("site", "north")),
                    CreatedAt = Start + Minutes(1),
                    Version = 1,
                })
            ],
            _test.TakeChanges());
    }

    [Fact]
    public void A_name_is_enough_also_one_that_was_deleted()
    {
        CreateThingGroup.Handle(_test, "pumps", Request(null, "all pumps", "north"));
        DeleteThingGroup.Handle(_test, "pumps", null);
        _test.Commit();

        CreateThingGroup.Handle(_test, "pumps", null);

        Assert.Equal(
            [(null, new ThingGroup { ThingGroupId = TestRealm.Id(2), ThingGroupName = "pumps", Ordinal = 2, Path = $"{TestRealm.Id(2)}/", CreatedAt = Start })],
            _test.TakeChanges());
    }

    private static CreateThingGroup.Request Request(string? parent, string? description, string site) => new()
    {
        ParentGroupName = parent,
        ThingGroupProperties = new() { ThingGroupDescription = description, AttributePayload = Payload(("site", site)) },
    };
}
