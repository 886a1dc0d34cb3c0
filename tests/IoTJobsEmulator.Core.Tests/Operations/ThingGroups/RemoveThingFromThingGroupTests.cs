using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Things;
using static IoTJobsEmulator.Core.Tests.Operations.Things.Fleet;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class RemoveThingFromThingGroupTests
{
    private readonly TestRealm _realm = new();

    public RemoveThingFromThingGroupTests()
    {
        Thing(_realm, "pump-1");
        Group(_realm, "pumps");
        _realm.TakeChanges();
    }

    [Fact]
    public void One_thing_and_one_group_must_be_named()
    {
        _realm.AssertRefused(
            ServiceError.InvalidRequest, "Either thingGroupName or thingGroupArn must be specified.", () => RemoveThingFromThingGroup.Handle(_realm, null));
        _realm.AssertRefused(
            ServiceError.InvalidRequest, "Either thingName or thingArn must be specified.", () => RemoveThingFromThingGroup.Handle(_realm, new() { ThingGroupName = "pumps" }));
    }

    [Fact]
    public void What_does_not_exist_is_refused()
    {
        _realm.AssertRefused(
            ServiceError.ResourceNotFound, "Thing group valves cannot be found.", () => Remove("valves", "pump-1"));
        _realm.AssertRefused(
            ServiceError.ResourceNotFound, "Thing pump-2 cannot be found.", () => Remove("pumps", "pump-2"));
    }

    [Fact]
    public void A_thing_that_is_not_in_the_group_is_removed_with_success()
    {
        Group(_realm, "hall", parent: "pumps");
        Join(_realm, "pump-1", "hall");
        _realm.TakeChanges();

        Assert.Equal(new(), Remove("pumps", "pump-1"));
        Assert.Empty(_realm.TakeChanges());
    }

    [Fact]
    public void A_thing_leaves_by_name_or_ARN()
    {
        Join(_realm, "pump-1", "pumps");
        _realm.TakeChanges();

        Assert.Equal(new(), RemoveThingFromThingGroup.Handle(_realm, new()
        {
            ThingGroupArn = "arn:aws:iot:us-east-1:123456789012:thinggroup/pumps",
            ThingArn = "arn:aws:iot:us-east-1:123456789012:thing/pump-1",
        }));
        Assert.Equal([(new Membership { ThingGroupId = TestRealm.Id(2), ThingName = "pump-1", Ordinal = 3 }, null)], _realm.TakeChanges());
    }

    private RemoveThingFromThingGroup.Response Remove(string groupName, string thingName) =>
        RemoveThingFromThingGroup.Handle(_realm, new() { ThingGroupName = groupName, ThingName = thingName });
}
