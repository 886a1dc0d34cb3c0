using IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests.Operations.Things;

public sealed class DescribeThingTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void A_thing_that_does_not_exist_is_refused() => _test.AssertRefused(
        ServiceError.ResourceNotFound, "Thing pump-1 cannot be found.", () => DescribeThing.Handle(_test, "pump-1"));

    [Fact]
    public void A_thing_of_another_region_is_not_seen()
    {
        CreateThing.Handle(_test.World.Realm("123456789012", "eu-west-1"), "pump-1", null);

        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing pump-1 cannot be found.", () => DescribeThing.Handle(_test, "pump-1"));
    }

    [Fact]
    public void A_thing_is_described_with_all_that_it_has()
    {
        _test.CreateThingType("pump");
        _test.CreateBillingGroup("main");
        CreateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump", BillingGroupName = "main", AttributePayload = Payload(("site", "north")) });

        Assert.Equal(
            new("pump-1", "pump-1", TestRealm.Id(1), "arn:aws:iot:us-east-1:123456789012:thing/pump-1", "pump", Map(("site", "north")), 1, "main"),
            DescribeThing.Handle(_test, "pump-1"));
    }

    [Fact]
    public void A_plain_thing_has_no_type_and_an_empty_map_of_attributes()
    {
        _test.CreateThing("pump-1");

        Assert.Equal(
            new("pump-1", "pump-1", TestRealm.Id(1), "arn:aws:iot:us-east-1:123456789012:thing/pump-1", null, ValueMap.Empty, 1, null),
            DescribeThing.Handle(_test, "pump-1"));
    }
}
