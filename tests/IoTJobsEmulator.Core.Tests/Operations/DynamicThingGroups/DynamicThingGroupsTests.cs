using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.DynamicThingGroups;

/// <summary>What callers may ask of dynamic groups; who is in them is in DynamicMembershipTests.</summary>
public sealed class DynamicThingGroupsTests
{
    private const string Query = "attributes.site:north";

    private static readonly CreateDynamicThingGroup.Request Full = new()
    {
        QueryString = Query,
        ThingGroupProperties = new() { ThingGroupDescription = "in the north", AttributePayload = new() { Attributes = Map(("site", "north")) } },
    };

    private readonly TestRealm _test = new();

    [Fact]
    public void Members_have_the_shapes_of_the_model()
    {
        Assert.Equal(
            [
                "Value 'a b' at 'thingGroupName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
                "Value 'a b' at 'indexName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
                "Value null at 'queryString': not be null",
            ],
            TestRealm.Violations(CreateDynamicThingGroup.Handle, null, "a b", new CreateDynamicThingGroup.Request { IndexName = "a b" }));
        Assert.Equal(
            ["Value null at 'thingGroupProperties': not be null", "Value '' at 'queryString': have length greater than or equal to 1"],
            TestRealm.Violations(UpdateDynamicThingGroup.Handle, null, "north", new UpdateDynamicThingGroup.Request { QueryString = "" }));
    }

    [Fact]
    public void There_is_one_index_and_one_version_of_queries()
    {
        Create(Full with { IndexName = "AWS_Things", QueryVersion = "2017-09-30" });
        _test.AssertRefused(ServiceError.ResourceNotFound, "Index AWS_ThingGroups cannot be found.", () => Create(Full with { IndexName = "AWS_ThingGroups" }));
        _test.AssertRefused(
            ServiceError.InvalidQuery, "Query version 2016 is not supported. Supported is 2017-09-30.", () => Update(new() { QueryVersion = "2016" }));
    }

    [Fact]
    public void A_query_that_cannot_be_decided_is_refused()
    {
        const string message = "Query string is invalid: field connectivity.connected cannot be decided from the registry.";
        _test.AssertRefused(ServiceError.InvalidQuery, message, () => Create(new() { QueryString = "connectivity.connected:true" }));
        Create(Full);
        _test.AssertRefused(ServiceError.InvalidQuery, message, () => Update(new() { QueryString = "connectivity.connected:true" }));
    }

    [Fact]
    public void A_new_group_is_described_with_its_query()
    {
        Assert.Equal(new("north", GroupArn("north"), TestRealm.Id(1), "AWS_Things", Query, "2017-09-30"), Create(Full));

        Assert.Equal(
            new(
                "north",
                TestRealm.Id(1),
                GroupArn("north"),
                1,
                new() { ThingGroupDescription = "in the north", AttributePayload = new() { Attributes = Map(("site", "north")) } },
                new(null, [], Start))
            {
                IndexName = "AWS_Things",
                QueryString = Query,
                QueryVersion = "2017-09-30",
                Status = DynamicGroupStatus.ACTIVE,
            },
            DescribeThingGroup.Handle(_test, "north"));
        Assert.Equal(["north"], ListThingGroups.Handle(_test, null, null, null, null, null).ThingGroups.Select(group => group.GroupName));
    }

    [Fact]
    public void A_static_group_has_no_query()
    {
        _test.CreateGroup("pumps");
        var group = DescribeThingGroup.Handle(_test, "pumps");
        Assert.Equal((null, null, null, null), (group.IndexName, group.QueryString, group.QueryVersion, group.Status));
    }

    [Fact]
    public void The_same_configuration_succeeds_again_and_another_is_refused()
    {
        var first = Create(Full);
        _test.Commit();
        Assert.Equal(first, Create(Full));
        Assert.Empty(_test.TakeChanges());

        const string message = "Thing Group north already exists in current account with different properties";
        var properties = Full.ThingGroupProperties!;
        foreach (var other in new[] { Full with { QueryString = "*" }, Full with { ThingGroupProperties = properties with { ThingGroupDescription = "x" } }, Full with { ThingGroupProperties = properties with { AttributePayload = null } } })
        {
            var refusal = _test.AssertRefused(ServiceError.ResourceAlreadyExists, message, () => Create(other));
            Assert.Equal(Map(("resourceId", TestRealm.Id(1)), ("resourceArn", GroupArn("north"))), refusal.Members);
        }
        _test.AssertRefused(ServiceError.ResourceAlreadyExists, message, () => CreateThingGroup.Handle(_test, "north", new() { ThingGroupProperties = properties }));
        _test.CreateGroup("pumps");
        _test.AssertRefused(
            ServiceError.ResourceAlreadyExists,
            "Thing Group pumps already exists in current account with different properties",
            () => CreateDynamicThingGroup.Handle(_test, "pumps", new() { QueryString = Query }));
    }

    [Fact]
    public void There_are_a_hundred_dynamic_groups_at_most()
    {
        for (var n = 1; n <= 100; n++)
            _test.CreateDynamicGroup($"group-{n}", "*");

        _test.AssertRefused(ServiceError.LimitExceeded, "The number of dynamic thing groups cannot be more than 100.", () => Create(Full));
        DeleteDynamicThingGroup.Handle(_test, "group-1", null);
        Create(Full);
    }

    [Fact]
    public void A_group_has_fifty_attributes_at_most()
    {
        const string message = "Too many attributes specified. The maximum number of attributes allowed for a thing group is 50";
        var many = new ThingGroupProperties { AttributePayload = new() { Attributes = new(Enumerable.Range(1, 51).Select(n => KeyValuePair.Create($"a-{n}", "x"))) } };
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => Create(Full with { ThingGroupProperties = many }));
        Create(Full);
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => Update(new() { ThingGroupProperties = many }));
    }

    [Fact]
    public void An_update_changes_what_it_gives_and_makes_the_next_version()
    {
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing group north cannot be found.", () => Update(new()));
        Create(Full);
        _test.AssertRefused(ServiceError.VersionConflict, "Expected version 2 but found version 1", () => Update(new() { ExpectedVersion = 2 }));

        Assert.Equal(new(2), Update(new() { ExpectedVersion = 1, QueryString = "*" }));
        Assert.Equal(new(3), Update(new() { ThingGroupProperties = new() { ThingGroupDescription = "all" } }));

        var group = DescribeThingGroup.Handle(_test, "north");
        Assert.Equal((3, "*", "all", Map(("site", "north"))), (group.Version, group.QueryString, group.ThingGroupProperties.ThingGroupDescription, group.ThingGroupProperties.AttributePayload!.Attributes));
    }

    [Fact]
    public void Each_kind_of_group_has_its_own_operations()
    {
        Create(Full);
        _test.CreateGroup("pumps");
        _test.CreateThing("pump-1");
        const string dynamicGroup = "Thing group north is a dynamic group: use the operations for dynamic groups.", staticGroup = "Thing group pumps is not a dynamic group.";

        AssertRefused(dynamicGroup, () => DeleteThingGroup.Handle(_test, "north", null));
        AssertRefused(dynamicGroup, () => UpdateThingGroup.Handle(_test, "north", new() { ThingGroupProperties = new() }));
        AssertRefused(dynamicGroup, () => AddThingToThingGroup.Handle(_test, new() { ThingName = "pump-1", ThingGroupName = "north" }));
        AssertRefused(dynamicGroup, () => RemoveThingFromThingGroup.Handle(_test, new() { ThingName = "pump-1", ThingGroupName = "north" }));
        AssertRefused(dynamicGroup, () => UpdateThingGroupsForThing.Handle(_test, new() { ThingName = "pump-1", ThingGroupsToAdd = ["north"] }));
        AssertRefused("Thing group north cannot have child groups: it is a dynamic group.", () => CreateThingGroup.Handle(_test, "child", new() { ParentGroupName = "north" }));
        AssertRefused(staticGroup, () => DeleteDynamicThingGroup.Handle(_test, "pumps", null));
        AssertRefused(staticGroup, () => UpdateDynamicThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new() }));
    }

    [Fact]
    public void A_deleted_group_is_gone_with_its_members()
    {
        _test.CreateThing("pump-1", null, ("site", "north"));
        Create(Full);
        _test.AssertRefused(ServiceError.VersionConflict, "Expected version 2 but found version 1", () => DeleteDynamicThingGroup.Handle(_test, "north", 2));

        Assert.Equal(new(), DeleteDynamicThingGroup.Handle(_test, "north", 1));
        Assert.Equal(new(), DeleteDynamicThingGroup.Handle(_test, "north", 1));

        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing group north cannot be found.", () => DescribeThingGroup.Handle(_test, "north"));
        Assert.Empty(_test.Realm.Memberships.All);
        _test.SetAttribute("pump-1", "site", "north");
        Assert.Empty(_test.Realm.Memberships.All);
    }

    private CreateDynamicThingGroup.Response Create(CreateDynamicThingGroup.Request request) => CreateDynamicThingGroup.Handle(_test, "north", request);

    private UpdateDynamicThingGroup.Response Update(UpdateDynamicThingGroup.Request request) =>
        UpdateDynamicThingGroup.Handle(_test, "north", request with { ThingGroupProperties = request.ThingGroupProperties ?? new() });

    private void AssertRefused(string message, Action operation) => _test.AssertRefused(ServiceError.InvalidRequest, message, operation);
}
