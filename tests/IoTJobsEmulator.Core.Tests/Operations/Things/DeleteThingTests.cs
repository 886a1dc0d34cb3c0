using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests.Operations.Things;

public sealed class DeleteThingTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void Another_version_than_expected_is_a_conflict()
    {
        _test.CreateThing("pump-1");

        _test.AssertRefused(
            ServiceError.VersionConflict, "Expected version 2 but found version 1", () => DeleteThing.Handle(_test, "pump-1", expectedVersion: 2));
    }

    [Fact]
    public void A_thing_that_does_not_exist_is_deleted_with_success()
    {
        Assert.Equal(new(), DeleteThing.Handle(_test, "pump-1", expectedVersion: 7));
        Assert.Empty(_test.TakeChanges());
    }

    [Fact]
    public void A_deleted_thing_is_gone_and_its_name_is_free()
    {
        _test.CreateThing("pump-1");
        _test.Commit();
        var created = _test.Realm.Things.Find("pump-1")!;

        Assert.Equal(new(), DeleteThing.Handle(_test, "pump-1", expectedVersion: 1));
        Assert.Equal((created, null), _test.TakeChanges()[0]);
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing pump-1 cannot be found.", () => DescribeThing.Handle(_test, "pump-1"));

        _test.CreateThingType("pump");
        Assert.Equal(TestRealm.Id(2), CreateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump" }).ThingId);
    }

    [Fact]
    public void A_deleted_thing_leaves_its_groups_and_one_of_the_same_name_is_not_in_them()
    {
        _test.CreateThing("pump-1");
        _test.CreateGroup("pumps");
        _test.Join("pump-1", "pumps");

        DeleteThing.Handle(_test, "pump-1", null);
        _test.CreateThing("pump-1");

        Assert.Equal(new([], null), ListThingsInThingGroup.Handle(_test, "pumps", null, null, null));
        Assert.Equal(new([], null), ListThingGroupsForThing.Handle(_test, "pump-1", null, null));
    }
}
