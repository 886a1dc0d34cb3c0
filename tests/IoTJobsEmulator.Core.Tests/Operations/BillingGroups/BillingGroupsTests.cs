using IoTJobsEmulator.Core.Operations.BillingGroups;
using IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests.Operations.BillingGroups;

public sealed class BillingGroupsTests
{
    private readonly TestRealm _test = new();

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
        Assert.Equal(new("main", $"{ArnPrefix}billinggroup/main", TestRealm.Id(1)), Create("all"));
        Assert.Equal(
            new("main", TestRealm.Id(1), $"{ArnPrefix}billinggroup/main", 1, new() { BillingGroupDescription = "all" }, new(Start)), DescribeBillingGroup.Handle(_test, "main"));
    }

    [Fact]
    public void The_same_properties_succeed_again_and_others_are_refused()
    {
        var first = Create("all");
        _test.Commit();
        Assert.Equal(first, Create("all"));
        Assert.Empty(_test.TakeChanges());

        var refusal = _test.AssertRefused(ServiceError.ResourceAlreadyExists, "Billing group main already exists in account with different properties", () => Create(null));
        Assert.Equal(Map(("resourceId", TestRealm.Id(1)), ("resourceArn", $"{ArnPrefix}billinggroup/main")), refusal.Members);
    }

    [Fact]
    public void A_group_that_is_not_there_is_refused()
    {
        _test.CreateThing("pump-1");
        Action[] operations =
        [
            () => DescribeBillingGroup.Handle(_test, "main"),
            () => Update("other"),
            () => ListThingsInBillingGroup.Handle(_test, "main", null, null),
            () => Add("pump-1", "main"),
            () => Remove("pump-1", "main"),
            () => CreateThing.Handle(_test, "pump-2", new() { BillingGroupName = "main" }),
        ];
        foreach (var operation in operations)
            _test.AssertRefused(ServiceError.ResourceNotFound, "Billing group main cannot be found.", operation);
        Assert.Equal(new(), DeleteBillingGroup.Handle(_test, "main", 7));
    }

    [Fact]
    public void An_update_makes_the_next_version()
    {
        Create("all");
        Assert.Equal(["Value null at 'billingGroupProperties': not be null"], TestRealm.Violations(UpdateBillingGroup.Handle, null, "main", new UpdateBillingGroup.Request()));
        _test.AssertRefused(ServiceError.VersionConflict, "Expected version 2 but found version 1", () => Update("other", 2));

        Assert.Equal(new(2), Update("other", 1));
        Assert.Equal(new(3), Update(null));
        var group = DescribeBillingGroup.Handle(_test, "main");
        Assert.Equal((3, "other"), (group.Version, group.BillingGroupProperties.BillingGroupDescription));
    }

    [Fact]
    public void Groups_are_listed_by_name_page_by_page()
    {
        foreach (var name in new[] { "plant-2", "office", "plant", "plant-1" })
            _test.CreateBillingGroup(name);

        Assert.Equal(["office plant", "plant-1 plant-2"], Pages(token => List(2, token, null)));
        Assert.Equal(["plant plant-1", "plant-2"], Pages(token => List(2, token, "plant")));
        Assert.Equal([""], Pages(token => List(2, token, "x")));
        Assert.Equal(new("office", $"{ArnPrefix}billinggroup/office"), ListBillingGroups.Handle(_test, null, null, "o").BillingGroups[0]);
    }

    [Fact]
    public void Things_join_and_leave_by_name_or_ARN()
    {
        _test.CreateBillingGroup("main");
        CreateThing.Handle(_test, "pump-2", new() { BillingGroupName = "main" });
        _test.CreateThing("pump-3");
        _test.CreateThing("pump-1");

        Assert.Equal(new(), Add("pump-3", "main"));
        AddThingToBillingGroup.Handle(_test, new() { ThingArn = ThingArn("pump-1"), BillingGroupArn = $"{ArnPrefix}billinggroup/main" });
        Assert.Equal(["pump-1 pump-2", "pump-3"], Pages(token =>
        {
            var page = ListThingsInBillingGroup.Handle(_test, "main", token, 2);
            return (page.Things, page.NextToken);
        }));
        Assert.Equal(("main", 1), (DescribeThing.Handle(_test, "pump-1").BillingGroupName, DescribeThing.Handle(_test, "pump-1").Version));

        Assert.Equal(new(), Remove("pump-2", "main"));
        RemoveThingFromBillingGroup.Handle(_test, new() { ThingArn = ThingArn("pump-1"), BillingGroupArn = $"{ArnPrefix}billinggroup/main" });
        Assert.Equal(["pump-3"], ListThingsInBillingGroup.Handle(_test, "main", null, null).Things);
        Assert.Null(DescribeThing.Handle(_test, "pump-2").BillingGroupName);
    }

    [Fact]
    public void A_thing_is_in_one_group()
    {
        _test.CreateBillingGroup("main");
        _test.CreateBillingGroup("other");
        _test.CreateThing("pump-1");
        Add("pump-1", "main");
        _test.Commit();

        _test.AssertRefused(
            ServiceError.InvalidRequest, "Thing pump-1 cannot be added to billing group other: it is in billing group main.", () => Add("pump-1", "other"));
        Add("pump-1", "main");
        Remove("pump-1", "other");
        Assert.Empty(_test.TakeChanges());
        Assert.Equal("main", DescribeThing.Handle(_test, "pump-1").BillingGroupName);
    }

    [Theory]
    [InlineData(null, null, "Either billingGroupName or billingGroupArn must be specified.")]
    [InlineData(null, ArnPrefix + "thinggroup/main", "Resource type should be billinggroup but found invalid resource type thinggroup")]
    [InlineData("other", ArnPrefix + "billinggroup/main", "billingGroupName other and billingGroupArn arn:aws:iot:us-east-1:123456789012:billinggroup/main do not name the same resource.")]
    public void One_group_must_be_named(string? name, string? arn, string message)
    {
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => AddThingToBillingGroup.Handle(_test, new() { BillingGroupName = name, BillingGroupArn = arn, ThingName = "pump-1" }));
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => RemoveThingFromBillingGroup.Handle(_test, new() { BillingGroupName = name, BillingGroupArn = arn, ThingName = "pump-1" }));
    }

    [Fact]
    public void A_group_is_deleted_when_no_thing_is_in_it()
    {
        _test.CreateBillingGroup("main");
        _test.CreateThing("pump-1");
        Add("pump-1", "main");

        _test.AssertRefused(
            ServiceError.InvalidRequest, "Cannot delete billing group : main when there are still things in it.", () => DeleteBillingGroup.Handle(_test, "main", null));
        Remove("pump-1", "main");
        _test.AssertRefused(ServiceError.VersionConflict, "Expected version 2 but found version 1", () => DeleteBillingGroup.Handle(_test, "main", 2));
        Assert.Equal(new(), DeleteBillingGroup.Handle(_test, "main", 1));
        Assert.Empty(ListBillingGroups.Handle(_test, null, null, null).BillingGroups);
    }

    private CreateBillingGroup.Response Create(string? description) =>
        CreateBillingGroup.Handle(_test, "main", new() { BillingGroupProperties = new() { BillingGroupDescription = description } });

    private UpdateBillingGroup.Response Update(string? description, long? expectedVersion = null) =>
        UpdateBillingGroup.Handle(_test, "main", new() { BillingGroupProperties = new() { BillingGroupDescription = description }, ExpectedVersion = expectedVersion });

    private AddThingToBillingGroup.Response Add(string thing, string group) => AddThingToBillingGroup.Handle(_test, new() { ThingName = thing, BillingGroupName = group });

    private RemoveThingFromBillingGroup.Response Remove(string thing, string group) => RemoveThingFromBillingGroup.Handle(_test, new() { ThingName = thing, BillingGroupName = group });

    private (IEnumerable<string>, string?) List(int? maxResults, string? token, string? prefix)
    {
        var page = ListBillingGroups.Handle(_test, token, maxResults, prefix);
        return (page.BillingGroups.Select(group => group.GroupName), page.NextToken);
    }
}
