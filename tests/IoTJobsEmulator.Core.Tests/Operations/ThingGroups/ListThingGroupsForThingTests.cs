using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class ListThingGroupsForThingTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void A_thing_that_does_not_exist_is_refused() => _test.AssertRefused(
        ServiceError.ResourceNotFound, "Thing pump-1 cannot be found.", () => ListThingGroupsForThing.Handle(_test, "pump-1", null, null));

    [Fact]
    public void A_token_that_cannot_be_read_is_refused()
    {
        _test.CreateThing("pump-1");

        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => ListThingGroupsForThing.Handle(_test, "pump-1", "?", null));
    }

    [Fact]
    public void Groups_come_in_the_order_of_joining_without_those_above()
    {
        _test.CreateThing("pump-1");
        _test.CreateGroup("plant");
        _test.CreateGroup("hall", parent: "plant");
        _test.CreateGroup("pumps");
        _test.Join("pump-1", "pumps");
        _test.Join("pump-1", "hall");

        Assert.Equal(
            new ListThingGroupsForThing.Response(
                new([new("pumps", "arn:aws:iot:us-east-1:123456789012:thinggroup/pumps"), new("hall", "arn:aws:iot:us-east-1:123456789012:thinggroup/hall")]), null),
            ListThingGroupsForThing.Handle(_test, "pump-1", null, null));
        Assert.Equal(["pumps", "hall"], Pages(token =>
        {
            var (groups, next) = ListThingGroupsForThing.Handle(_test, "pump-1", token, 1);
            return (groups.Select(group => group.GroupName), next);
        }));
    }
}
