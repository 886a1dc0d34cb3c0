using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class RemoveThingFromThingGroupTests
{
    private readonly TestRealm _test = new();

    public RemoveThingFromThingGroupTests()
    {
        _test.CreateThing("pump-1");
        _test.CreateGroup("pumps");
        _test.Commit();
    }

    [Fact]
    public void One_thing_and_one_group_must_be_named()
    {
        _test.AssertRefused(
            ServiceError.InvalidRequest, "Either thingGroupName or thingGroupArn must be specified.", () => RemoveThingFromThingGroup.Handle(_test, null));
        _test.AssertRefused(
            ServiceError.InvalidRequest, "Either thingName or thingArn must be specified.", () => RemoveThingFromThingGroup.Handle(_test, new() { ThingGroupName = "pumps" }));
    }

    [Fact]
    public void What_does_not_exist_is_refused()
    {
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Thing group valves cannot be found.", () => Remove("valves", "pump-1"));
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Thing pump-2 cannot be found.", () => Remove("pumps", "pump-2"));
    }

    [Fact]
    public void A_thing_that_is_not_in_the_group_is_removed_with_success()
    {
        _test.CreateGroup("hall", parent: "pumps");
        _test.Join("pump-1", "hall");
        _test.Commit();

        Assert.Equal(new(), Remove("pumps", "pump-1"));
        Assert.Empty(_test.TakeChanges());
    }

    [Fact]
    public void A_thing_leaves_by_name_or_ARN()
    {
        _test.Join("pump-1", "pumps");
        _test.Commit();

        Assert.Equal(new(), RemoveThingFromThingGroup.Handle(_test, new()
        {
            ThingGroupArn = "arn:aws:iot:us-east-1:123456789012:thinggroup/pumps",
            ThingArn = "arn:aws:iot:us-east-1:123456789012:thing/pump-1",
        }));
        Assert.Equal([(new Membership { ThingGroupId = TestRealm.Id(2), ThingName = "pump-1", Ordinal = 3 }, null)], _test.TakeChanges());
    }

    private RemoveThingFromThingGroup.Response Remove(string groupName, string thingName) =>
        RemoveThingFromThingGroup.Handle(_test, new() { ThingGroupName = groupName, ThingName = thingName });
}
