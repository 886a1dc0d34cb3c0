using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Things;
using static IoTJobsEmulator.Core.Tests.Operations.Things.Fleet;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class DeleteThingGroupTests
{
    private readonly TestRealm _realm = new();

    [Fact]
    public void Another_version_than_expected_is_a_conflict()
    {
        Group(_realm, "pumps");

        _realm.AssertRefused(
            ServiceError.VersionConflict, "Expected version 2 but found version 1", () => DeleteThingGroup.Handle(_realm, "pumps", expectedVersion: 2));
    }

    [Fact]
    public void A_group_with_child_groups_stays_until_they_are_deleted()
    {
        Group(_realm, "plant");
        Group(_realm, "pumps", parent: "plant");
        Join(_realm, Named("pump-1"), "pumps");

        _realm.AssertRefused(
            ServiceError.InvalidRequest,
            "Cannot delete thing group : plant when there are still child groups attached to it.",
            () => DeleteThingGroup.Handle(_realm, "plant", null));
        DeleteThingGroup.Handle(_realm, "pumps", null);
        DeleteThingGroup.Handle(_realm, "plant", null);
    }

    [Fact]
    public void A_group_that_does_not_exist_is_deleted_with_success()
    {
        Assert.Equal(new(), DeleteThingGroup.Handle(_realm, "pumps", expectedVersion: 7));
        Assert.Empty(_realm.TakeChanges());
    }

    [Fact]
    public void A_group_with_things_is_deleted()
    {
        Group(_realm, "pumps");
        Join(_realm, Named("pump-1"), "pumps");
        var created = _realm.Realm.ThingGroups.Find(TestRealm.Id(1))!;
        _realm.TakeChanges();

        Assert.Equal(new(), DeleteThingGroup.Handle(_realm, "pumps", expectedVersion: 1));

        Assert.Equal((created, created with { IsDeleted = true }), _realm.TakeChanges()[0]);
        _realm.AssertRefused(ServiceError.ResourceNotFound, "Thing group pumps cannot be found.", () => DescribeThingGroup.Handle(_realm, "pumps"));
    }

    [Fact]
    public void A_group_whose_many_things_are_yet_to_leave_is_seen_no_more()
    {
        Group(_realm, "plant");
        Group(_realm, "pumps", parent: "plant");
        Join(_realm, Named("pump-1"), "pumps");
        _realm.Realm.ThingGroups.Change(TestRealm.Id(2), group => group with { IsDeleted = true });
        var plant = new GroupNameAndArn("plant", "arn:aws:iot:us-east-1:123456789012:thinggroup/plant");

        Assert.Equal(new(new([plant]), null), ListThingGroups.Handle(_realm, null, null, null, null, null));
        Assert.Equal(new(new([plant]), null), ListThingGroups.Handle(_realm, null, null, null, "p", null));
        Assert.Equal(new(new([plant]), null), ListThingGroups.Handle(_realm, null, null, null, null, recursive: false));
        Assert.Equal(new([], null), ListThingGroups.Handle(_realm, null, null, "plant", null, recursive: false));
        Assert.Equal(new([], null), ListThingGroups.Handle(_realm, null, null, "plant", null, recursive: true));
        Assert.Equal(new([], null), ListThingGroupsForThing.Handle(_realm, "pump-1", null, null));
        Assert.Equal(new([], null), ListThingsInThingGroup.Handle(_realm, "plant", recursive: true, null, null));
        AssertNoLonger("pumps", name => DescribeThingGroup.Handle(_realm, name));
        AssertNoLonger("pumps", name => ListThingsInThingGroup.Handle(_realm, name, null, null, null));
        AssertNoLonger("pumps", name => AddThingToThingGroup.Handle(_realm, new() { ThingGroupName = name, ThingName = "pump-1" }));
        Join(_realm, "pump-1", "plant");
        Assert.Equal(["plant"], GroupTree.GroupsOfThing(_realm, "pump-1").Select(group => group.ThingGroupName));
        Assert.Equal(new(), DeleteThingGroup.Handle(_realm, "pumps", null));
        Assert.Equal(new(), DeleteThingGroup.Handle(_realm, "plant", null));
    }

    [Fact]
    public void A_group_made_again_inherits_nobody()
    {
        Group(_realm, "pumps");
        Join(_realm, Named("pump-1"), "pumps");
        DeleteThingGroup.Handle(_realm, "pumps", null);

        Group(_realm, "pumps");

        Assert.Equal(new([], null), ListThingsInThingGroup.Handle(_realm, "pumps", recursive: true, null, null));
    }

    private string Named(string thingName)
    {
        Thing(_realm, thingName);
        return thingName;
    }

    private void AssertNoLonger(string thingGroupName, Func<string, object> operation) => _realm.AssertRefused(
        ServiceError.ResourceNotFound, $"Thing group {thingGroupName} cannot be found.", () => operation(thingGroupName));
}
