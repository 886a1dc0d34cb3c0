using IoTJobsEmulator.Core.Operations.ThingGroups;
using static IoTJobsEmulator.Core.Tests.Operations.Things.Fleet;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class DescribeThingGroupTests
{
    private const string Arn = "arn:aws:iot:us-east-1:123456789012:thinggroup/";

    private readonly TestRealm _realm = new();

    [Fact]
    public void A_group_that_does_not_exist_is_refused() => _realm.AssertRefused(
        ServiceError.ResourceNotFound, "Thing group pumps cannot be found.", () => DescribeThingGroup.Handle(_realm, "pumps"));

    [Fact]
    public void A_group_that_was_deleted_is_refused()
    {
        Group(_realm, "pumps");
        DeleteThingGroup.Handle(_realm, "pumps", null);

        _realm.AssertRefused(ServiceError.ResourceNotFound, "Thing group pumps cannot be found.", () => DescribeThingGroup.Handle(_realm, "pumps"));
    }

    [Fact]
    public void A_group_at_the_top_has_no_parents()
    {
        Group(_realm, "plant");

        Assert.Equal(
            new DescribeThingGroup.Response("plant", TestRealm.Id(1), Arn + "plant", 1, Properties(null, ValueMap.Empty), new(null, [], TestRealm.Start)),
            DescribeThingGroup.Handle(_realm, "plant"));
    }

    [Fact]
    public void A_group_names_its_parents_from_the_root_down()
    {
        Group(_realm, "plant");
        Group(_realm, "hall", parent: "plant");
        CreateThingGroup.Handle(_realm, "pumps", new() { ParentGroupName = "hall", ThingGroupProperties = Properties("all pumps", Map(("site", "north"))) });

        Assert.Equal(
            new DescribeThingGroup.Response("pumps", TestRealm.Id(3), Arn + "pumps", 1, Properties("all pumps", Map(("site", "north"))),
                new("hall", new([new("plant", Arn + "plant"), new("hall", Arn + "hall")]), TestRealm.Start)),
            DescribeThingGroup.Handle(_realm, "pumps"));
    }

    private static ThingGroupProperties Properties(string? description, ValueMap attributes) =>
        new() { ThingGroupDescription = description, AttributePayload = attributes.Count > 0 ? new() { Attributes = attributes } : null };
}
