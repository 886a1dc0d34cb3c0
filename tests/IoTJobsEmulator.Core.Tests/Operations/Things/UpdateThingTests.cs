using IoTJobsEmulator.Core.Operations.Things;
using static IoTJobsEmulator.Core.Tests.Operations.Things.Fleet;

namespace IoTJobsEmulator.Core.Tests.Operations.Things;

public sealed class UpdateThingTests
{
    private readonly TestRealm _realm = new();

    [Fact]
    public void A_type_cannot_be_set_and_removed() => _realm.AssertRefused(
        ServiceError.InvalidRequest,
        "thingTypeName and removeThingType cannot be specified at the same time.",
        () => UpdateThing.Handle(_realm, "pump-1", new() { ThingTypeName = "pump", RemoveThingType = true }));

    [Fact]
    public void A_thing_that_does_not_exist_is_refused() => _realm.AssertRefused(
        ServiceError.ResourceNotFound, "Thing pump-1 cannot be found.", () => UpdateThing.Handle(_realm, "pump-1", null));

    [Fact]
    public void Another_version_than_expected_is_a_conflict()
    {
        Thing(_realm, "pump-1");

        _realm.AssertRefused(
            ServiceError.VersionConflict,
            "Expected version 2 but found version 1",
            () => UpdateThing.Handle(_realm, "pump-1", new() { ExpectedVersion = 2 }));
        UpdateThing.Handle(_realm, "pump-1", new() { ExpectedVersion = 1 });
    }

    [Fact]
    public void A_thing_with_many_attributes_keeps_its_type()
    {
        Type(_realm, "pump");
        CreateThing.Handle(_realm, "pump-1", new() { ThingTypeName = "pump", AttributePayload = Many(4) });

        _realm.AssertRefused(
            ServiceError.InvalidRequest,
            "To use more than 3 attributes, a thing must have a type specified.",
            () => UpdateThing.Handle(_realm, "pump-1", new() { RemoveThingType = true }));
    }

    [Fact]
    public void Merged_attributes_count_together()
    {
        CreateThing.Handle(_realm, "pump-1", new() { AttributePayload = Many(3) });

        _realm.AssertRefused(
            ServiceError.InvalidRequest,
            "To use more than 3 attributes, a thing must have a type specified.",
            () => UpdateThing.Handle(_realm, "pump-1", new() { AttributePayload = Payload(("site", "north")) with { Merge = true } }));
    }

    [Fact]
    public void Attributes_are_replaced() => AssertUpdated(
        Map(("model", "b")), Payload(("model", "b"), ("site", "")));

    [Fact]
    public void Attributes_are_merged_and_an_empty_value_removes_one() => AssertUpdated(
        Map(("model", "b"), ("heat", "7")), Payload(("model", "b"), ("heat", "7"), ("site", "")) with { Merge = true });

    [Fact]
    public void An_empty_map_removes_all_attributes() => AssertUpdated(ValueMap.Empty, Payload());

    [Fact]
    public void A_payload_without_attributes_changes_none() => AssertUpdated(
        Map(("model", "a"), ("site", "north")), new() { Merge = true });

    [Fact]
    public void A_type_is_set_then_removed_and_the_version_grows_by_one()
    {
        Type(_realm, "pump");
        Thing(_realm, "pump-1");
        _realm.TakeChanges();
        var created = _realm.Realm.Things.Find("pump-1")!;

        UpdateThing.Handle(_realm, "pump-1", new() { ThingTypeName = "pump" });
        UpdateThing.Handle(_realm, "pump-1", new() { RemoveThingType = true });

        var typed = created with { ThingTypeName = "pump", Version = 2 };
        Assert.Equal([(created, typed), (typed, created with { Version = 3 })], _realm.TakeChanges());
    }

    private void AssertUpdated(ValueMap expected, AttributePayload payload)
    {
        Thing(_realm, "pump-1", type: "pump", ("model", "a"), ("site", "north"));
        _realm.TakeChanges();
        var created = _realm.Realm.Things.Find("pump-1")!;

        Assert.Equal(new(), UpdateThing.Handle(_realm, "pump-1", new() { AttributePayload = payload }));
        Assert.Equal([(created, created with { Attributes = expected, Version = 2 })], _realm.TakeChanges());
    }
}
