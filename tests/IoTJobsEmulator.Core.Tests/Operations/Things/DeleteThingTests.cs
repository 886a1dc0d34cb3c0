using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using static IoTJobsEmulator.Core.Tests.Operations.Things.Fleet;

namespace IoTJobsEmulator.Core.Tests.Operations.Things;

public sealed class DeleteThingTests
{
    private readonly TestRealm _realm = new();

    [Fact]
    public void Another_version_than_expected_is_a_conflict()
    {
        Thing(_realm, "pump-1");

        _realm.AssertRefused(
            ServiceError.VersionConflict, "Expected version 2 but found version 1", () => DeleteThing.Handle(_realm, "pump-1", expectedVersion: 2));
    }

    [Fact]
    public void A_thing_that_does_not_exist_is_deleted_with_success()
    {
        Assert.Equal(new(), DeleteThing.Handle(_realm, "pump-1", expectedVersion: 7));
        Assert.Empty(_realm.TakeChanges());
    }

    [Fact]
    public void A_deleted_thing_is_gone_and_its_name_is_free()
    {
        Thing(_realm, "pump-1");
        _realm.TakeChanges();
        var created = _realm.Realm.Things.Find("pump-1")!;

        Assert.Equal(new(), DeleteThing.Handle(_realm, "pump-1", expectedVersion: 1));
        Assert.Equal((created, null), _realm.TakeChanges()[0]);
        _realm.AssertRefused(ServiceError.ResourceNotFound, "Thing pump-1 cannot be found.", () => DescribeThing.Handle(_realm, "pump-1"));

        Type(_realm, "pump");
        Assert.Equal(TestRealm.Id(2), CreateThing.Handle(_realm, "pump-1", new() { ThingTypeName = "pump" }).ThingId);
    }

    [Fact]
    public void A_deleted_thing_leaves_its_groups_and_one_of_the_same_name_is_not_in_them()
    {
        Thing(_realm, "pump-1");
        Group(_realm, "pumps");
        Join(_realm, "pump-1", "pumps");

        DeleteThing.Handle(_realm, "pump-1", null);
        Thing(_realm, "pump-1");

        Assert.Equal(new([], null), ListThingsInThingGroup.Handle(_realm, "pumps", null, null, null));
        Assert.Equal(new([], null), ListThingGroupsForThing.Handle(_realm, "pump-1", null, null));
    }
}
