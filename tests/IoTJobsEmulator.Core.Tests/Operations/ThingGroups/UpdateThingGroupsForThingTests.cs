using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class UpdateThingGroupsForThingTests
{
    private readonly TestRealm _test = new();

    public UpdateThingGroupsForThingTests()
    {
        _test.CreateThing("pump-1");
        _test.CreateGroup("plant");
        _test.CreateGroup("hall-1", parent: "plant");
        _test.CreateGroup("hall-2", parent: "plant");
        _test.CreateGroup("pumps");
        _test.Join("pump-1", "hall-1");
        _test.Commit();
    }

    [Fact]
    public void A_thing_must_be_named() => _test.AssertRefused(
        ServiceError.InvalidRequest, "thingName must be specified.", () => UpdateThingGroupsForThing.Handle(_test, null));

    [Fact]
    public void What_does_not_exist_is_refused_before_anything_changes()
    {
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing pump-2 cannot be found.", () => Update("pump-2", [], []));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing group hall-3 cannot be found.", () => Update("pump-1", ["pumps"], ["hall-1", "hall-3"]));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing group hall-3 cannot be found.", () => Update("pump-1", ["pumps", "hall-3"], ["hall-1"]));
    }

    [Fact]
    public void A_refused_join_undoes_the_leaving()
    {
        _test.Join("pump-1", "pumps");

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Thing pump-1 cannot be added to thing group hall-2: it is in thing group hall-1 of the same hierarchy.",
            () => Update("pump-1", ["hall-2"], ["pumps"]));
        Assert.Equal(["hall-1", "pumps"], GroupTree.GroupsOfThing(_test, "pump-1").Select(group => group.ThingGroupName));
    }

    [Fact]
    public void A_thing_moves_within_a_hierarchy_because_it_leaves_first()
    {
        Assert.Equal(new(), Update("pump-1", ["hall-2"], ["hall-1"]));

        Assert.Equal([(Member(3, 6), null), (null, Member(4, 7))], _test.TakeChanges());
    }

    [Fact]
    public void Groups_that_it_has_already_joined_or_left_change_nothing()
    {
        Update("pump-1", ["hall-1", "hall-1"], ["pumps"]);

        Assert.Empty(_test.TakeChanges());
    }

    private UpdateThingGroupsForThing.Response Update(string thingName, string[] toAdd, string[] toRemove) => UpdateThingGroupsForThing.Handle(
        _test, new() { ThingName = thingName, ThingGroupsToAdd = new(toAdd), ThingGroupsToRemove = new(toRemove) });

    private static Membership Member(int groupId, long ordinal) => new() { ThingGroupId = TestRealm.Id(groupId), ThingName = "pump-1", Ordinal = ordinal };
}
