using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class AddThingToThingGroupTests
{
    private readonly TestRealm _test = new();

    public AddThingToThingGroupTests()
    {
        _test.CreateThing("pump-1");
        _test.CreateGroup("pumps");
        _test.Commit();
    }

    [Fact]
    public void Names_have_the_shapes_of_the_model() => Assert.Equal(
        [
            "Value 'the pumps' at 'thingGroupName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
            "Value 'pump 1' at 'thingName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
        ],
        TestRealm.Violations(AddThingToThingGroup.Handle, null, new AddThingToThingGroup.Request { ThingGroupName = "the pumps", ThingName = "pump 1" }));

    [Theory]
    [InlineData(null, null, "pump-1", null, "Either thingGroupName or thingGroupArn must be specified.")]
    [InlineData("pumps", null, null, null, "Either thingName or thingArn must be specified.")]
    [InlineData("pumps", null, null, "pump-1", "pump-1 at thingArn is not a valid ARN.")]
    [InlineData(null, ArnPrefix + "thing/pump-1", "pump-1", null, "Resource type should be thinggroup but found invalid resource type thing")]
    [InlineData("pumps", null, "pump-2", ArnPrefix + "thing/pump-1", "thingName pump-2 and thingArn arn:aws:iot:us-east-1:123456789012:thing/pump-1 do not name the same resource.")]
    public void One_thing_and_one_group_must_be_named(string? groupName, string? groupArn, string? thingName, string? thingArn, string message) => _test.AssertRefused(
        ServiceError.InvalidRequest, message, () => Add(groupName, groupArn, thingName, thingArn));

    [Theory]
    [InlineData("valves", null, "pump-1", null, "Thing group valves cannot be found.")]
    [InlineData("pumps", null, "pump-2", null, "Thing pump-2 cannot be found.")]
    [InlineData(null, ArnPrefix + "thinggroup/valves", "pump-1", null, "Thing group valves cannot be found.")]
    [InlineData("pumps", null, null, "arn:aws:iot:eu-west-1:123456789012:thing/pump-1", "arn:aws:iot:eu-west-1:123456789012:thing/pump-1 cannot be found.")]
    [InlineData(null, "arn:aws:iot:us-east-1:210987654321:thinggroup/pumps", "pump-1", null, "arn:aws:iot:us-east-1:210987654321:thinggroup/pumps cannot be found.")]
    public void What_does_not_exist_here_is_refused(string? groupName, string? groupArn, string? thingName, string? thingArn, string message) => _test.AssertRefused(
        ServiceError.ResourceNotFound, message, () => Add(groupName, groupArn, thingName, thingArn));

    [Fact]
    public void A_thing_is_in_at_most_ten_groups_those_deleted_not_counted()
    {
        for (var n = 1; n <= 10; n++)
        {
            _test.CreateGroup($"group-{n}");
            _test.Join("pump-1", $"group-{n}");
        }

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Thing pump-1 cannot be added to thing group pumps: the maximum number of thing groups for a thing is 10",
            () => Add("pumps", null, "pump-1", null));
        _test.Join("pump-1", "group-10");
        DeleteThingGroup.Handle(_test, "group-10", null);
        _test.Join("pump-1", "pumps");
    }

    [Theory]
    [InlineData("plant")]
    [InlineData("hall-1")]
    [InlineData("line-2")]
    public void A_thing_is_in_one_group_of_a_hierarchy(string groupName)
    {
        _test.CreateGroup("plant");
        _test.CreateGroup("hall-1", parent: "plant");
        _test.CreateGroup("line-1", parent: "hall-1");
        _test.CreateGroup("line-2", parent: "hall-1");
        _test.Join("pump-1", "line-1");

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            $"Thing pump-1 cannot be added to thing group {groupName}: it is in thing group line-1 of the same hierarchy.",
            () => Add(groupName, null, "pump-1", null));
    }

    [Theory]
    [InlineData("pumps", null, "pump-1", null)]
    [InlineData(null, ArnPrefix + "thinggroup/pumps", null, ArnPrefix + "thing/pump-1")]
    [InlineData("pumps", ArnPrefix + "thinggroup/pumps", "pump-1", ArnPrefix + "thing/pump-1")]
    public void A_thing_joins_by_name_or_ARN(string? groupName, string? groupArn, string? thingName, string? thingArn)
    {
        Assert.Equal(new(), Add(groupName, groupArn, thingName, thingArn));

        Assert.Equal([(null, new Membership { ThingGroupId = TestRealm.Id(2), ThingName = "pump-1", Ordinal = 3 })], _test.TakeChanges());
    }

    [Fact]
    public void Adding_again_is_no_join()
    {
        _test.Join("pump-1", "pumps");
        _test.Commit();

        Assert.Equal(new(), Add("pumps", null, "pump-1", null));
        Assert.Empty(_test.TakeChanges());
    }

    private AddThingToThingGroup.Response Add(string? groupName, string? groupArn, string? thingName, string? thingArn) => AddThingToThingGroup.Handle(
        _test, new() { ThingGroupName = groupName, ThingGroupArn = groupArn, ThingName = thingName, ThingArn = thingArn });
}
