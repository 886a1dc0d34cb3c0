using IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests.Operations.Things;

public sealed class CreateThingTests
{
    private readonly TestRealm _test = new();

    public CreateThingTests()
    {
        _test.CreateThingType("pump");
        _test.CreateThingType("valve");
        _test.CreateBillingGroup("main");
        _test.Commit();
    }

    [Fact]
    public void Names_and_attributes_have_the_shapes_of_the_model() => Assert.Equal(
        [
            "Value 'pump 1' at 'thingName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
            "Value '' at 'thingTypeName': have length greater than or equal to 1",
            "Value '' at 'thingTypeName': satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
            @"Value '{site=at home}' at 'attributePayload.attributes' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 800, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: [a-zA-Z0-9_.,@/:#=\[\]-]*]",
        ],
        TestRealm.Violations(CreateThing.Handle, null, "pump 1", new CreateThing.Request { ThingTypeName = "", AttributePayload = Payload(("site", "at home")) }));

    [Fact]
    public void A_thing_without_a_type_has_at_most_three_attributes()
    {
        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "To use more than 3 attributes, a thing must have a type specified.",
            () => CreateThing.Handle(_test, "pump-1", new() { AttributePayload = ManyAttributes(4) }));
        CreateThing.Handle(_test, "pump-1", new() { AttributePayload = ManyAttributes(3) });
    }

    [Fact]
    public void A_thing_with_a_type_has_at_most_fifty_attributes()
    {
        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Too many attributes specified. The maximum number of attributes allowed for a thing is 50",
            () => CreateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump", AttributePayload = ManyAttributes(51) }));
        CreateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump", AttributePayload = ManyAttributes(50) });
    }

    [Theory]
    [InlineData(null, "site=north", "main")]
    [InlineData("valve", "site=north", "main")]
    [InlineData("pump", "site=south", "main")]
    [InlineData("pump", "site=north", null)]
    public void A_thing_of_another_configuration_is_refused(string? type, string attribute, string? billingGroup)
    {
        CreateThing.Handle(_test, "pump-1", Request("pump", "site=north", "main"));

        var refusal = _test.AssertRefused(
            ServiceError.ResourceAlreadyExists,
            "Thing pump-1 already exists in account with different attributes",
            () => CreateThing.Handle(_test, "pump-1", Request(type, attribute, billingGroup)));
        Assert.Equal(Map(("resourceId", TestRealm.Id(1)), ("resourceArn", "arn:aws:iot:us-east-1:123456789012:thing/pump-1")), refusal.Members);
    }

    [Fact]
    public void The_same_configuration_succeeds_again_and_changes_nothing()
    {
        var first = CreateThing.Handle(_test, "pump-1", Request("pump", "site=north", "main"));
        _test.Commit();

        var again = Request("pump", "site=north", "main");
        Assert.Equal(first, CreateThing.Handle(_test, "pump-1", again with { AttributePayload = again.AttributePayload! with { Merge = true } }));
        Assert.Empty(_test.TakeChanges());
    }

    [Fact]
    public void A_new_thing_has_an_id_an_ARN_and_version_1()
    {
        var answer = CreateThing.Handle(_test, "pump-1", Request("pump", "site=north", "main"));

        Assert.Equal(new("pump-1", "arn:aws:iot:us-east-1:123456789012:thing/pump-1", TestRealm.Id(1)), answer);
        Assert.Equal(
            [(null, new Thing { ThingName = "pump-1", ThingId = TestRealm.Id(1), Ordinal = 1, ThingTypeName = "pump", BillingGroupName = "main", Attributes = Map(("site", "north")), Version = 1 })],
            _test.TakeChanges());
    }

    [Fact]
    public void A_name_is_enough()
    {
        CreateThing.Handle(_test, "pump-1", null);

        Assert.Equal([(null, new Thing { ThingName = "pump-1", ThingId = TestRealm.Id(1), Ordinal = 1 })], _test.TakeChanges());
    }

    [Fact]
    public void An_attribute_without_a_value_is_none()
    {
        CreateThing.Handle(_test, "pump-1", new() { AttributePayload = Payload(("site", "")) });

        Assert.Equal(ValueMap.Empty, _test.Realm.Things.Find("pump-1")!.Attributes);
    }

    private static CreateThing.Request Request(string? type, string attribute, string? billingGroup) => new()
    {
        ThingTypeName = type,
        BillingGroupName = billingGroup,
        AttributePayload = Payload((attribute.Split('=')[0], attribute.Split('=')[1])),
    };
}
