using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class UpdateThingGroupTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void Properties_must_be_given() => Assert.Equal(
        ["Value null at 'thingGroupProperties': not be null"], TestRealm.Violations(UpdateThingGroup.Handle, null, "pumps", new UpdateThingGroup.Request()));

    [Fact]
    public void A_group_that_does_not_exist_is_refused() => _test.AssertRefused(
        ServiceError.ResourceNotFound, "Thing group pumps cannot be found.", () => UpdateThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new() }));

    [Fact]
    public void Another_version_than_expected_is_a_conflict()
    {
        _test.CreateGroup("pumps");

        _test.AssertRefused(
            ServiceError.VersionConflict,
            "Expected version 2 but found version 1",
            () => UpdateThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new(), ExpectedVersion = 2 }));
    }

    [Fact]
    public void Merged_attributes_count_together()
    {
        CreateThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new() { AttributePayload = ManyAttributes(50) } });

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Too many attributes specified. The maximum number of attributes allowed for a thing group is 50",
            () => UpdateThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new() { AttributePayload = Payload(("site", "north")) with { Merge = true } } }));
    }

    [Fact]
    public void What_is_given_changes_and_the_version_grows_by_one()
    {
        CreateThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new() { ThingGroupDescription = "all pumps", AttributePayload = Payload(("site", "north")) } });
        var created = _test.Realm.ThingGroups.Find(TestRealm.Id(1))!;
        _test.Commit();

        Assert.Equal(new(2), UpdateThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new() { ThingGroupDescription = "" }, ExpectedVersion = 1 }));
        Assert.Equal(new(3), UpdateThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new() { AttributePayload = Payload(("model", "a")) with { Merge = true } } }));
        Assert.Equal(new(4), UpdateThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new() { AttributePayload = Payload() } }));

        var described = created with { Description = "", Version = 2 };
        var merged = described with { Attributes = Map(("site", "north"), ("model", "a")), Version = 3 };
        Assert.Equal([(created, described), (described, merged), (merged, merged with { Attributes = ValueMap.Empty, Version = 4 })], _test.TakeChanges());
    }
}
