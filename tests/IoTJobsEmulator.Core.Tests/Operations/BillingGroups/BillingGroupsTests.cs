using IoTJobsEmulator.Core.Operations.BillingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using static IoTJobsEmulator.Core.Tests.Operations.Given;

namespace IoTJobsEmulator.Core.Tests.Operations.BillingGroups;

public sealed class BillingGroupsTests
{
    private readonly TestRealm _realm = new();

    [Fact]
    public void Members_have_the_shapes_of_the_model() => Assert.Equal(
        [
            "Value 'a b' at 'billingGroupName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
            @"Value 'ü' at 'billingGroupProperties.billingGroupDescription': satisfy regular expression pattern: [\p{Graph}\x20]*",
        ],
        TestRealm.Violations(CreateBillingGroup.Handle, null, "a b", new CreateBillingGroup.Request { BillingGroupProperties = new() { BillingGroupDescription = "ü" } }));

    [Fact]
    public void A_new_group_has_an_id_an_ARN_and_version_1()
    {
        Assert.Equal(new("main", $"{Here}billinggroup/main", TestRealm.Id(1)), Create("all"));
        Assert.Equal(
            new("main", TestRealm.Id(1), $"{Here}billinggroup/main", 1, new() { BillingGroupDescription = "all" }, new(TestRealm.Start)), DescribeBillingGroup.Handle(_realm, "main"));
    }

    [Fact]
    public void The_same_properties_succeed_again_and_others_are_refused()
    {
        var first = Create("all");
        _realm.TakeChanges();
        Assert.Equal(first, Create("all"));
        Assert.Empty(_realm.TakeChanges());

        var refusal = _realm.AssertRefused(ServiceError.ResourceAlreadyExists, "Billing group main already exists in account with different properties", () => Create(null));
        Assert.Equal(Map(("resourceId", TestRealm.Id(1)), ("resourceArn", $"{Here}billinggroup/main")), refusal.Members);
    }

    [Fact]
    public void A_group_that_is_not_there_is_refused()
    {
        Thing(_realm, "pump-1");
        Func<object>[] operations =
        [
            () => DescribeBillingGroup.Handle(_realm, "main"),
            () => Update("other"),
            () => ListThingsInBillingGroup.Handle(_realm, "main", null, null),
            () => Add("pump-1", "main"),
            () => Remove("pump-1", "main"),
            () => CreateThing.Handle(_realm, "pump-2", new() { BillingGroupName = "main" }),
        ];
        foreach (var operation in operations)
            _realm.AssertRefused(ServiceError.ResourceNotFound, "Billing group main cannot be found.", operation);
        Assert.Equal(new(), DeleteBillingGroup.Handle(_realm, "main", 7));
    }

    [Fact]
    public void An_update_makes_the_next_version()
    {
        Create("all");
        Assert.Equal(["Value null at 'billingGroupProperties': not be null"], TestRealm.Violations(UpdateBillingGroup.Handle, null, "main", new UpdateBillingGroup.Request()));
        _realm.AssertRefused(ServiceError.VersionConflict, "Expected version 2 but found version 1", () => Update("other", 2));

        Assert.Equal(new(2), Update("other", 1));
        Assert.Equal(new(3), Update(null));
        var group = DescribeBillingGroup.Handle(_realm, "main");
        Assert.Equal((3, "other"), (group.Version, group.BillingGroupProperties.BillingGroupDescription));
    }

    [Fact]
    public void Groups_are_listed_by_name_page_by_page()
    {
        foreach (var name in new[] { "plant-2", "office", "plant", "plant-1" })
            BillingGroup(_realm, name);

        Assert.Equal(["office plant", "plant-1 plant-2"], Pages(token => List(2, token, null)));
        Assert.Equal(["plant plant-1", "plant-2"], Pages(token => List(2, token, "plant")));
        Assert.Equal([""], Pages(token => List(2, token, "x")));
        Assert.Equal(new("office", $"{Here}billinggroup/office"), ListBillingGroups.Handle(_realm, null, null, "o").BillingGroups[0]);
    }

    [Fact]
    public void Things_join_and_leave_by_name_or_ARN()
    {
        BillingGroup(_realm, "main");
        CreateThing.Handle(_realm, "pump-2", new() { BillingGroupName = "main" });
        Thing(_realm, "pump-3");
        Thing(_realm, "pump-1");

        Assert.Equal(new(), Add("pump-3", "main"));
        AddThingToBillingGroup.Handle(_realm, new() { ThingArn = $"{Here}thing/pump-1", BillingGroupArn = $"{Here}billinggroup/main" });
        Assert.Equal(["pump-1 pump-2", "pump-3"], Pages(token =>
        {
            var page = ListThingsInBillingGroup.Handle(_realm, "main", token, 2);
            return (page.Things, page.NextToken);
        }));
        Assert.Equal(("main", 1), (DescribeThing.Handle(_realm, "pump-1").BillingGroupName, DescribeThing.Handle(_realm, "pump-1").Version));

        Assert.Equal(new(), Remove("pump-2", "main"));
        RemoveThingFromBillingGroup.Handle(_realm, new() { ThingArn = $"{Here}thing/pump-1", BillingGroupArn = $"{Here}billinggroup/main" });
        Assert.Equal(["pump-3"], ListThingsInBillingGroup.Handle(_realm, "main", null, null).Things);
        Assert.Null(DescribeThing.Handle(_realm, "pump-2").BillingGroupName);
    }

    [Fact]
    public void A_thing_is_in_one_group()
    {
        BillingGroup(_realm, "main");
        BillingGroup(_realm, "other");
        Thing(_realm, "pump-1");
        Add("pump-1", "main");
        _realm.TakeChanges();

        _realm.AssertRefused(
            ServiceError.InvalidRequest, "Thing pump-1 cannot be added to billing group other: it is in billing group main.", () => Add("pump-1", "other"));
        Add("pump-1", "main");
        Remove("pump-1", "other");
        Assert.Empty(_realm.TakeChanges());
        Assert.Equal("main", DescribeThing.Handle(_realm, "pump-1").BillingGroupName);
    }

    [Theory]
    [InlineData(null, null, "Either billingGroupName or billingGroupArn must be specified.")]
    [InlineData(null, Here + "thinggroup/main", "Resource type should be billinggroup but found invalid resource type thinggroup")]
    [InlineData("other", Here + "billinggroup/main", "billingGroupName other and billingGroupArn arn:aws:iot:us-east-1:123456789012:billinggroup/main do not name the same resource.")]
    public void One_group_must_be_named(string? name, string? arn, string message)
    {
        _realm.AssertRefused(ServiceError.InvalidRequest, message, () => AddThingToBillingGroup.Handle(_realm, new() { BillingGroupName = name, BillingGroupArn = arn, ThingName = "pump-1" }));
        _realm.AssertRefused(ServiceError.InvalidRequest, message, () => RemoveThingFromBillingGroup.Handle(_realm, new() { BillingGroupName = name, BillingGroupArn = arn, ThingName = "pump-1" }));
    }

    [Fact]
    public void A_group_is_deleted_when_no_thing_is_in_it()
    {
        BillingGroup(_realm, "main");
        Thing(_realm, "pump-1");
        Add("pump-1", "main");

        _realm.AssertRefused(
            ServiceError.InvalidRequest, "Cannot delete billing group : main when there are still things in it.", () => DeleteBillingGroup.Handle(_realm, "main", null));
        Remove("pump-1", "main");
        _realm.AssertRefused(ServiceError.VersionConflict, "Expected version 2 but found version 1", () => DeleteBillingGroup.Handle(_realm, "main", 2));
        Assert.Equal(new(), DeleteBillingGroup.Handle(_realm, "main", 1));
        Assert.Empty(ListBillingGroups.Handle(_realm, null, null, null).BillingGroups);
    }

    private CreateBillingGroup.Response Create(string? description) =>
        CreateBillingGroup.Handle(_realm, "main", new() { BillingGroupProperties = new() { BillingGroupDescription = description } });

    private UpdateBillingGroup.Response Update(string? description, long? expectedVersion = null) =>
        UpdateBillingGroup.Handle(_realm, "main", new() { BillingGroupProperties = new() { BillingGroupDescription = description }, ExpectedVersion = expectedVersion });

    private AddThingToBillingGroup.Response Add(string thing, string group) => AddThingToBillingGroup.Handle(_realm, new() { ThingName = thing, BillingGroupName = group });

    private RemoveThingFromBillingGroup.Response Remove(string thing, string group) => RemoveThingFromBillingGroup.Handle(_realm, new() { ThingName = thing, BillingGroupName = group });

    private (IEnumerable<string>, string?) List(int? maxResults, string? token, string? prefix)
    {
        var page = ListBillingGroups.Handle(_realm, token, maxResults, prefix);
        return (page.BillingGroups.Select(group => group.GroupName), page.NextToken);
    }
}
