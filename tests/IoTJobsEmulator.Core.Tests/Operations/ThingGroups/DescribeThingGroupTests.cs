using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class DescribeThingGroupTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void A_group_that_does_not_exist_is_refused() => _test.AssertRefused(
        ServiceError.ResourceNotFound, "Thing group pumps cannot be found.", () => DescribeThingGroup.Handle(_test, "pumps"));

    [Fact]
    public void A_group_that_was_deleted_is_refused()
    {
        _test.CreateGroup("pumps");
        DeleteThingGroup.Handle(_test, "pumps", null);

        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing group pumps cannot be found.", () => DescribeThingGroup.Handle(_test, "pumps"));
    }

    [Fact]
    public void A_group_at_the_top_has_no_parents()
    {
        _test.CreateGroup("plant");

        Assert.Equal(
            new DescribeThingGroup.Response("plant", TestRealm.Id(1), GroupArn("plant"), 1, Properties(null, ValueMap.Empty), new(null, [], Start)),
            DescribeThingGroup.Handle(_test, "plant"));
    }

    [Fact]
    public void A_group_names_its_parents_from_the_root_down()
    {
        _test.CreateGroup("plant");
        _test.CreateGroup("hall", parent: "plant");
        CreateThingGroup.Handle(_test, "pumps", new() { ParentGroupName = "hall", ThingGroupProperties = Properties("all pumps", Map(("site", "north"))) });

        Assert.Equal(
            new DescribeThingGroup.Response("pumps", TestRealm.Id(3), GroupArn("pumps"), 1, Properties("all pumps", Map(("site", "north"))),
                new("hall", new([new("plant", GroupArn("plant")), new("hall", GroupArn("hall"))]), Start)),
            DescribeThingGroup.Handle(_test, "pumps"));
    }

    private static ThingGroupProperties Properties(string? description, ValueMap attributes) =>
        new() { ThingGroupDescription = description, AttributePayload = attributes.Count > 0 ? new() { Attributes = attributes } : null };
}
