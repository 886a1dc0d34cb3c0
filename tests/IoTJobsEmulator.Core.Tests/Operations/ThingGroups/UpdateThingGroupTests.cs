using IoTJobsEmulator.Core.Operations.ThingGroups;
using static IoTJobsEmulator.Core.Tests.Operations.Things.Fleet;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class UpdateThingGroupTests
{
    private readonly TestRealm _realm = new();

    [Fact]
    public void Properties_must_be_given() => Assert.Equal(
        ["Value null at 'thingGroupProperties': not be null"], TestRealm.Violations(UpdateThingGroup.Handle, null, "pumps", new UpdateThingGroup.Request()));

    [Fact]
    public void A_group_that_does_not_exist_is_refused() => _realm.AssertRefused(
        ServiceError.ResourceNotFound, "Thing group pumps cannot be found.", () => UpdateThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new() }));

    [Fact]
    public void Another_version_than_expected_is_a_conflict()
    {
        Group(_realm, "pumps");

        _realm.AssertRefused(
            ServiceError.VersionConflict,
            "Expected version 2 but found version 1",
            () => UpdateThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new(), ExpectedVersion = 2 }));
    }

    [Fact]
    public void Merged_attributes_count_together()
    {
        CreateThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new() { AttributePayload = Many(50) } });

        _realm.AssertRefused(
            ServiceError.InvalidRequest,
            "Too many attributes specified. The maximum number of attributes allowed for a thing group is 50",
            () => UpdateThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new() { AttributePayload = Payload(("site", "north")) with { Merge = true } } }));
    }

    [Fact]
    public void What_is_given_changes_and_the_version_grows_by_one()
    {
        CreateThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new() { ThingGroupDescription = "all pumps", AttributePayload = Payload(("site", "north")) } });
        var created = _realm.Realm.ThingGroups.Find(TestRealm.Id(1))!;
        _realm.TakeChanges();

        Assert.Equal(new(2), UpdateThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new() { ThingGroupDescription = "" }, ExpectedVersion = 1 }));
        Assert.Equal(new(3), UpdateThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new() { AttributePayload = Payload(("model", "a")) with { Merge = true } } }));
        Assert.Equal(new(4), UpdateThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new() { AttributePayload = Payload() } }));

        var described = created with { Description = "", Version = 2 };
        var merged = described with { Attributes = Map(("site", "north"), ("model", "a")), Version = 3 };
        Assert.Equal([(created, described), (described, merged), (merged, merged with { Attributes = ValueMap.Empty, Version = 4 })], _realm.TakeChanges());
    }
}
