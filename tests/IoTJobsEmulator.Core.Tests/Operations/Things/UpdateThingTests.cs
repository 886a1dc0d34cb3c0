using IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests.Operations.Things;

public sealed class UpdateThingTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void A_type_cannot_be_set_and_removed() => _test.AssertRefused(
        ServiceError.InvalidRequest,
        "thingTypeName and removeThingType cannot be specified at the same time.",
        () => UpdateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump", RemoveThingType = true }));

    [Fact]
    public void A_thing_that_does_not_exist_is_refused() => _test.AssertRefused(
        ServiceError.ResourceNotFound, "Thing pump-1 cannot be found.", () => UpdateThing.Handle(_test, "pump-1", null));

    [Fact]
    public void Another_version_than_expected_is_a_conflict()
    {
        _test.CreateThing("pump-1");

        _test.AssertRefused(
            ServiceError.VersionConflict,
            "Expected version 2 but found version 1",
            () => UpdateThing.Handle(_test, "pump-1", new() { ExpectedVersion = 2 }));
        UpdateThing.Handle(_test, "pump-1", new() { ExpectedVersion = 1 });
    }

    [Fact]
    public void A_thing_with_many_attributes_keeps_its_type()
    {
        _test.CreateThingType("pump");
        CreateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump", AttributePayload = ManyAttributes(4) });

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "To use more than 3 attributes, a thing must have a type specified.",
            () => UpdateThing.Handle(_test, "pump-1", new() { RemoveThingType = true }));
    }

    [Fact]
    public void Merged_attributes_count_together()
    {
        CreateThing.Handle(_test, "pump-1", new() { AttributePayload = ManyAttributes(3) });

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "To use more than 3 attributes, a thing must have a type specified.",
            () => UpdateThing.Handle(_test, "pump-1", new() { AttributePayload = Payload(("site", "north")) with { Merge = true } }));
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
        _test.CreateThingType("pump");
        _test.CreateThing("pump-1");
        _test.Commit();
        var created = _test.Realm.Things.Find("pump-1")!;

        UpdateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump" });
        UpdateThing.Handle(_test, "pump-1", new() { RemoveThingType = true });

        var typed = created with { ThingTypeName = "pump", Version = 2 };
        Assert.Equal([(created, typed), (typed, created with { Version = 3 })], _test.TakeChanges());
    }

    private void AssertUpdated(ValueMap expected, AttributePayload payload)
    {
        _test.CreateThing("pump-1", type: "pump", ("model", "a"), ("site", "north"));
        _test.Commit();
        var created = _test.Realm.Things.Find("pump-1")!;

        Assert.Equal(new(), UpdateThing.Handle(_test, "pump-1", new() { AttributePayload = payload }));
        Assert.Equal([(created, created with { Attributes = expected, Version = 2 })], _test.TakeChanges());
    }
}
