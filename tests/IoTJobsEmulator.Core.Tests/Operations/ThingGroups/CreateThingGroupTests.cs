using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Things;
using static IoTJobsEmulator.Core.Tests.Operations.Things.Fleet;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class CreateThingGroupTests
{
    private readonly TestRealm _realm = new();

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
        _realm.AssertRefused(
            ServiceError.InvalidRequest,
            "Too many attributes specified. The maximum number of attributes allowed for a thing group is 50",
            () => CreateThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new() { AttributePayload = Many(51) } }));
        CreateThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new() { AttributePayload = Many(50) } });
    }

    [Fact]
    public void A_parent_that_does_not_exist_is_refused() => _realm.AssertRefused(
        ServiceError.ResourceNotFound,
        "Thing group plant cannot be found.",
        () => CreateThingGroup.Handle(_realm, "pumps", new() { ParentGroupName = "plant" }));

    [Fact]
    public void A_parent_that_was_deleted_is_refused()
    {
        Group(_realm, "plant");
        DeleteThingGroup.Handle(_realm, "plant", null);

        _realm.AssertRefused(ServiceError.ResourceNotFound, "Thing group plant cannot be found.", () => CreateThingGroup.Handle(_realm, "pumps", new() { ParentGroupName = "plant" }));
    }

    [Fact]
    public void A_hierarchy_is_at_most_seven_groups_deep()
    {
        Group(_realm, "level-1");
        for (var level = 2; level <= 7; level++)
            Group(_realm, $"level-{level}", parent: $"level-{level - 1}");

        _realm.AssertRefused(
            ServiceError.InvalidRequest,
            "Thing group level-7 cannot have child groups: the maximum depth of a group hierarchy is 7",
            () => CreateThingGroup.Handle(_realm, "level-8", new() { ParentGroupName = "level-7" }));
    }

    [Fact]
    public void A_group_has_at_most_a_hundred_direct_child_groups_those_deleted_not_counted()
    {
        Group(_realm, "plant");
        for (var child = 1; child <= 100; child++)
            Group(_realm, $"line-{child}", parent: "plant");

        _realm.AssertRefused(
            ServiceError.InvalidRequest,
            "Thing group plant has the maximum number of direct child groups: 100",
            () => CreateThingGroup.Handle(_realm, "line-101", new() { ParentGroupName = "plant" }));
        Group(_realm, "line-100", parent: "plant");
        DeleteThingGroup.Handle(_realm, "line-100", null);
        Group(_realm, "line-101", parent: "plant");
    }

    [Theory]
    [InlineData(null, "all pumps", "north")]
    [InlineData("plant", null, "north")]
    [InlineData("plant", "all pumps", "south")]
    public void A_group_of_other_properties_is_refused(string? parent, string? description, string site)
    {
        Group(_realm, "plant");
        CreateThingGroup.Handle(_realm, "pumps", Request("plant", "all pumps", "north"));

        var refusal = _realm.AssertRefused(
            ServiceError.ResourceAlreadyExists,
            "Thing Group pumps already exists in current account with different properties",
            () => CreateThingGroup.Handle(_realm, "pumps", Request(parent, description, site)));
        Assert.Equal(Map(("resourceId", TestRealm.Id(2)), ("resourceArn", "arn:aws:iot:us-east-1:123456789012:thinggroup/pumps")), refusal.Members);
    }

    [Fact]
    public void The_same_properties_succeed_again_and_change_nothing()
    {
        Group(_realm, "plant");
        var first = CreateThingGroup.Handle(_realm, "pumps", Request("plant", "all pumps", "north"));
        _realm.TakeChanges();

        Assert.Equal(first, CreateThingGroup.Handle(_realm, "pumps", Request("plant", "all pumps", "north")));
        Assert.Empty(_realm.TakeChanges());
    }

    [Fact]
    public void A_new_group_stands_below_its_parent()
    {
        Group(_realm, "plant");
        _realm.Pass(TimeSpan.FromMinutes(1));
        _realm.TakeChanges();

        var answer = CreateThingGroup.Handle(_realm, "pumps", Request("plant", "all pumps", "north"));

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
                    CreatedAt = TestRealm.Start + TimeSpan.FromMinutes(1),
                    Version = 1,
                })
            ],
            _realm.TakeChanges());
    }

    [Fact]
    public void A_name_is_enough_also_one_that_was_deleted()
    {
        CreateThingGroup.Handle(_realm, "pumps", Request(null, "all pumps", "north"));
        DeleteThingGroup.Handle(_realm, "pumps", null);
        _realm.TakeChanges();

        CreateThingGroup.Handle(_realm, "pumps", null);

        Assert.Equal(
            [(null, new ThingGroup { ThingGroupId = TestRealm.Id(2), ThingGroupName = "pumps", Ordinal = 2, Path = $"{TestRealm.Id(2)}/", CreatedAt = TestRealm.Start })],
            _realm.TakeChanges());
    }

    private static CreateThingGroup.Request Request(string? parent, string? description, string site) => new()
    {
        ParentGroupName = parent,
        ThingGroupProperties = new() { ThingGroupDescription = description, AttributePayload = Payload(("site", site)) },
    };
}
