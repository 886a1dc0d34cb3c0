using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Things;
using static IoTJobsEmulator.Core.Tests.Operations.Given;

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

    private readonly TestRealm _realm = new();

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
        _realm.AssertRefused(ServiceError.ResourceNotFound, "Index AWS_ThingGroups cannot be found.", () => Create(Full with { IndexName = "AWS_ThingGroups" }));
        _realm.AssertRefused(
            ServiceError.InvalidQuery, "Query version 2016 is not supported. Supported is 2017-09-30.", () => Update(new() { QueryVersion = "2016" }));
    }

    [Fact]
    public void A_query_that_cannot_be_decided_is_refused()
    {
        const string message = "Query string is invalid: field connectivity.connected cannot be decided from the registry.";
        _realm.AssertRefused(ServiceError.InvalidQuery, message, () => Create(new() { QueryString = "connectivity.connected:true" }));
        Create(Full);
        _realm.AssertRefused(ServiceError.InvalidQuery, message, () => Update(new() { QueryString = "connectivity.connected:true" }));
    }

    [Fact]
    public void A_new_group_is_described_with_its_query()
    {
        Assert.Equal(new("north", $"{Here}thinggroup/north", TestRealm.Id(1), "AWS_Things", Query, "2017-09-30"), Create(Full));

        Assert.Equal(
            new(
                "north",
                TestRealm.Id(1),
                $"{Here}thinggroup/north",
                1,
                new() { ThingGroupDescription = "in the north", AttributePayload = new() { Attributes = Map(("site", "north")) } },
                new(null, [], TestRealm.Start))
            {
                IndexName = "AWS_Things",
                QueryString = Query,
                QueryVersion = "2017-09-30",
                Status = DynamicGroupStatus.ACTIVE,
            },
            DescribeThingGroup.Handle(_realm, "north"));
        Assert.Equal(["north"], ListThingGroups.Handle(_realm, null, null, null, null, null).ThingGroups.Select(group => group.GroupName));
    }

    [Fact]
    public void A_static_group_has_no_query()
    {
        Group(_realm, "pumps");
        var group = DescribeThingGroup.Handle(_realm, "pumps");
        Assert.Equal((null, null, null, null), (group.IndexName, group.QueryString, group.QueryVersion, group.Status));
    }

    [Fact]
    public void The_same_configuration_succeeds_again_and_another_is_refused()
    {
        var first = Create(Full);
        _realm.TakeChanges();
        Assert.Equal(first, Create(Full));
        Assert.Empty(_realm.TakeChanges());

        const string message = "Thing Group north already exists in current account with different properties";
        var properties = Full.ThingGroupProperties!;
        foreach (var other in new[] { Full with { QueryString = "*" }, Full with { ThingGroupProperties = properties with { ThingGroupDescription = "x" } }, Full with { ThingGroupProperties = properties with { AttributePayload = null } } })
        {
            var refusal = _realm.AssertRefused(ServiceError.ResourceAlreadyExists, message, () => Create(other));
            Assert.Equal(Map(("resourceId", TestRealm.Id(1)), ("resourceArn", $"{Here}thinggroup/north")), refusal.Members);
        }
        _realm.AssertRefused(ServiceError.ResourceAlreadyExists, message, () => CreateThingGroup.Handle(_realm, "north", new() { ThingGroupProperties = properties }));
        Group(_realm, "pumps");
        _realm.AssertRefused(
            ServiceError.ResourceAlreadyExists,
            "Thing Group pumps already exists in current account with different properties",
            () => CreateDynamicThingGroup.Handle(_realm, "pumps", new() { QueryString = Query }));
    }

    [Fact]
    public void There_are_a_hundred_dynamic_groups_at_most()
    {
        for (var n = 1; n <= 100; n++)
            DynamicGroup(_realm, $"group-{n}", "*");

        _realm.AssertRefused(ServiceError.LimitExceeded, "The number of dynamic thing groups cannot be more than 100.", () => Create(Full));
        DeleteDynamicThingGroup.Handle(_realm, "group-1", null);
        Create(Full);
    }

    [Fact]
    public void A_group_has_fifty_attributes_at_most()
    {
        const string message = "Too many attributes specified. The maximum number of attributes allowed for a thing group is 50";
        var many = new ThingGroupProperties { AttributePayload = new() { Attributes = new(Enumerable.Range(1, 51).Select(n => KeyValuePair.Create($"a-{n}", "x"))) } };
        _realm.AssertRefused(ServiceError.InvalidRequest, message, () => Create(Full with { ThingGroupProperties = many }));
        Create(Full);
        _realm.AssertRefused(ServiceError.InvalidRequest, message, () => Update(new() { ThingGroupProperties = many }));
    }

    [Fact]
    public void An_update_changes_what_it_gives_and_makes_the_next_version()
    {
        _realm.AssertRefused(ServiceError.ResourceNotFound, "Thing group north cannot be found.", () => Update(new()));
        Create(Full);
        _realm.AssertRefused(ServiceError.VersionConflict, "Expected version 2 but found version 1", () => Update(new() { ExpectedVersion = 2 }));

        Assert.Equal(new(2), Update(new() { ExpectedVersion = 1, QueryString = "*" }));
        Assert.Equal(new(3), Update(new() { ThingGroupProperties = new() { ThingGroupDescription = "all" } }));

        var group = DescribeThingGroup.Handle(_realm, "north");
        Assert.Equal((3, "*", "all", Map(("site", "north"))), (group.Version, group.QueryString, group.ThingGroupProperties.ThingGroupDescription, group.ThingGroupProperties.AttributePayload!.Attributes));
    }

    [Fact]
    public void Each_kind_of_group_has_its_own_operations()
    {
        Create(Full);
        Group(_realm, "pumps");
        Thing(_realm, "pump-1");
        const string dynamicGroup = "Thing group north is a dynamic group: use the operations for dynamic groups.", staticGroup = "Thing group pumps is not a dynamic group.";

        AssertRefused(dynamicGroup, () => DeleteThingGroup.Handle(_realm, "north", null));
        AssertRefused(dynamicGroup, () => UpdateThingGroup.Handle(_realm, "north", new() { ThingGroupProperties = new() }));
        AssertRefused(dynamicGroup, () => AddThingToThingGroup.Handle(_realm, new() { ThingName = "pump-1", ThingGroupName = "north" }));
        AssertRefused(dynamicGroup, () => RemoveThingFromThingGroup.Handle(_realm, new() { ThingName = "pump-1", ThingGroupName = "north" }));
        AssertRefused(dynamicGroup, () => UpdateThingGroupsForThing.Handle(_realm, new() { ThingName = "pump-1", ThingGroupsToAdd = ["north"] }));
        AssertRefused("Thing group north cannot have child groups: it is a dynamic group.", () => CreateThingGroup.Handle(_realm, "child", new() { ParentGroupName = "north" }));
        AssertRefused(staticGroup, () => DeleteDynamicThingGroup.Handle(_realm, "pumps", null));
        AssertRefused(staticGroup, () => UpdateDynamicThingGroup.Handle(_realm, "pumps", new() { ThingGroupProperties = new() }));
    }

    [Fact]
    public void A_deleted_group_is_gone_with_its_members()
    {
        Thing(_realm, "pump-1", null, ("site", "north"));
        Create(Full);
        _realm.AssertRefused(ServiceError.VersionConflict, "Expected version 2 but found version 1", () => DeleteDynamicThingGroup.Handle(_realm, "north", 2));

        Assert.Equal(new(), DeleteDynamicThingGroup.Handle(_realm, "north", 1));
        Assert.Equal(new(), DeleteDynamicThingGroup.Handle(_realm, "north", 1));

        _realm.AssertRefused(ServiceError.ResourceNotFound, "Thing group north cannot be found.", () => DescribeThingGroup.Handle(_realm, "north"));
        Assert.Empty(_realm.Realm.Memberships.All);
        Attribute(_realm, "pump-1", "site", "north");
        Assert.Empty(_realm.Realm.Memberships.All);
    }

    private CreateDynamicThingGroup.Response Create(CreateDynamicThingGroup.Request request) => CreateDynamicThingGroup.Handle(_realm, "north", request);

    private UpdateDynamicThingGroup.Response Update(UpdateDynamicThingGroup.Request request) =>
        UpdateDynamicThingGroup.Handle(_realm, "north", request with { ThingGroupProperties = request.ThingGroupProperties ?? new() });

    private void AssertRefused(string message, Func<object> operation) => _realm.AssertRefused(ServiceError.InvalidRequest, message, operation);
}
