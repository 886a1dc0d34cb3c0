using IoTJobsEmulator.Core.Operations.ThingGroups;
using static IoTJobsEmulator.Core.Tests.Operations.Things.Fleet;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class ListThingGroupsForThingTests
{
    private readonly TestRealm _realm = new();

    [Fact]
    public void A_thing_that_does_not_exist_is_refused() => _realm.AssertRefused(
        ServiceError.ResourceNotFound, "Thing pump-1 cannot be found.", () => ListThingGroupsForThing.Handle(_realm, "pump-1", null, null));

    [Fact]
    public void A_token_that_cannot_be_read_is_refused()
    {
        Thing(_realm, "pump-1");

        _realm.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => ListThingGroupsForThing.Handle(_realm, "pump-1", "?", null));
    }

    [Fact]
    public void Groups_come_in_the_order_of_joining_without_those_above()
    {
        Thing(_realm, "pump-1");
        Group(_realm, "plant");
        Group(_realm, "hall", parent: "plant");
        Group(_realm, "pumps");
        Join(_realm, "pump-1", "pumps");
        Join(_realm, "pump-1", "hall");

        Assert.Equal(
            new ListThingGroupsForThing.Response(
                new([new("pumps", "arn:aws:iot:us-east-1:123456789012:thinggroup/pumps"), new("hall", "arn:aws:iot:us-east-1:123456789012:thinggroup/hall")]), null),
            ListThingGroupsForThing.Handle(_realm, "pump-1", null, null));
        Assert.Equal(["pumps", "hall"], Pages(token =>
        {
            var (groups, next) = ListThingGroupsForThing.Handle(_realm, "pump-1", token, 1);
            return (groups.Select(group => group.GroupName), next);
        }));
    }
}
