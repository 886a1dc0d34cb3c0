using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class DeleteThingGroupTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void Another_version_than_expected_is_a_conflict()
    {
        _test.CreateGroup("pumps");

        _test.AssertRefused(
            ServiceError.VersionConflict, "Expected version 2 but found version 1", () => DeleteThingGroup.Handle(_test, "pumps", expectedVersion: 2));
    }

    [Fact]
    public void A_group_with_child_groups_stays_until_they_are_deleted()
    {
        _test.CreateGroup("plant");
        _test.CreateGroup("pumps", parent: "plant");
        _test.Join(Named("pump-1"), "pumps");

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Cannot delete thing group : plant when there are still child groups attached to it.",
            () => DeleteThingGroup.Handle(_test, "plant", null));
        DeleteThingGroup.Handle(_test, "pumps", null);
        DeleteThingGroup.Handle(_test, "plant", null);
    }

    [Fact]
    public void A_group_that_does_not_exist_is_deleted_with_success()
    {
        Assert.Equal(new(), DeleteThingGroup.Handle(_test, "pumps", expectedVersion: 7));
        Assert.Empty(_test.TakeChanges());
    }

    [Fact]
    public void A_group_with_things_is_deleted()
    {
        _test.CreateGroup("pumps");
        _test.Join(Named("pump-1"), "pumps");
        var created = _test.Realm.ThingGroups.Find(TestRealm.Id(1))!;
        _test.Commit();

        Assert.Equal(new(), DeleteThingGroup.Handle(_test, "pumps", expectedVersion: 1));

        Assert.Equal((created, created with { IsDeleted = true }), _test.TakeChanges()[0]);
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing group pumps cannot be found.", () => DescribeThingGroup.Handle(_test, "pumps"));
    }

    [Fact]
    public void A_group_whose_many_things_are_yet_to_leave_is_seen_no_more()
    {
        _test.CreateGroup("plant");
        _test.CreateGroup("pumps", parent: "plant");
        _test.Join(Named("pump-1"), "pumps");
        _test.Realm.ThingGroups.Change(TestRealm.Id(2), group => group with { IsDeleted = true });
        var plant = new GroupNameAndArn("plant", "arn:aws:iot:us-east-1:123456789012:thinggroup/plant");

        Assert.Equal(new(new([plant]), null), ListThingGroups.Handle(_test, null, null, null, null, null));
        Assert.Equal(new(new([plant]), null), ListThingGroups.Handle(_test, null, null, null, "p", null));
        Assert.Equal(new(new([plant]), null), ListThingGroups.Handle(_test, null, null, null, null, recursive: false));
        Assert.Equal(new([], null), ListThingGroups.Handle(_test, null, null, "plant", null, recursive: false));
        Assert.Equal(new([], null), ListThingGroups.Handle(_test, null, null, "plant", null, recursive: true));
        Assert.Equal(new([], null), ListThingGroupsForThing.Handle(_test, "pump-1", null, null));
        Assert.Equal(new([], null), ListThingsInThingGroup.Handle(_test, "plant", recursive: true, null, null));
        AssertNoLonger("pumps", name => DescribeThingGroup.Handle(_test, name));
        AssertNoLonger("pumps", name => ListThingsInThingGroup.Handle(_test, name, null, null, null));
        AssertNoLonger("pumps", name => AddThingToThingGroup.Handle(_test, new() { ThingGroupName = name, ThingName = "pump-1" }));
        _test.Join("pump-1", "plant");
        Assert.Equal(["plant"], GroupTree.GroupsOfThing(_test, "pump-1").Select(group => group.ThingGroupName));
        Assert.Equal(new(), DeleteThingGroup.Handle(_test, "pumps", null));
        Assert.Equal(new(), DeleteThingGroup.Handle(_test, "plant", null));
    }

    [Fact]
    public void A_group_made_again_inherits_nobody()
    {
        _test.CreateGroup("pumps");
        _test.Join(Named("pump-1"), "pumps");
        DeleteThingGroup.Handle(_test, "pumps", null);

        _test.CreateGroup("pumps");

        Assert.Equal(new([], null), ListThingsInThingGroup.Handle(_test, "pumps", recursive: true, null, null));
    }

    private string Named(string thingName)
    {
        _test.CreateThing(thingName);
        return thingName;
    }

    private void AssertNoLonger(string thingGroupName, Action<string> operation) => _test.AssertRefused(
        ServiceError.ResourceNotFound, $"Thing group {thingGroupName} cannot be found.", () => operation(thingGroupName));
}
