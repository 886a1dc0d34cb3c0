using IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests.Operations.Things;

public sealed class ListThingsTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void A_page_has_1_to_250_entries()
    {
        Assert.Equal(["Value '0' at 'maxResults': have value greater than or equal to 1"], TestRealm.Violations(ListThings.Handle, null, null, 0, null, null, null, null));
        Assert.Equal(["Value '251' at 'maxResults': have value less than or equal to 250"], TestRealm.Violations(ListThings.Handle, null, null, 251, null, null, null, null));
    }

    [Fact]
    public void A_value_without_its_attribute_is_refused() => _test.AssertRefused(
        ServiceError.InvalidRequest,
        "attributeName must be specified when attributeValue is specified.",
        () => ListThings.Handle(_test, null, null, null, "north", null, null));

    [Theory]
    [InlineData("?")]
    [InlineData("cHVtcC0x")]
    public void A_token_that_cannot_be_read_is_refused(string token) => _test.AssertRefused(
        ServiceError.InvalidRequest, "Next token is invalid.", () => ListThings.Handle(_test, token, null, null, null, null, null));

    [Fact]
    public void A_token_of_another_order_is_refused()
    {
        Plant();
        var token = ListThings.Handle(_test, null, 1, null, null, null, null).NextToken;

        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => ListThings.Handle(_test, token, 1, "site", null, null, null));
    }

    [Fact]
    public void An_entry_shows_type_attributes_and_version()
    {
        _test.CreateThing("pump-2", type: "pump", ("site", "north"));
        _test.CreateThing("pump-1");
        UpdateThing.Handle(_test, "pump-1", null);

        Assert.Equal(
            new ListThings.Response(
                new([
                    new("pump-1", null, "arn:aws:iot:us-east-1:123456789012:thing/pump-1", ValueMap.Empty, 2),
                    new("pump-2", "pump", "arn:aws:iot:us-east-1:123456789012:thing/pump-2", Map(("site", "north")), 1),
                ]),
                null),
            ListThings.Handle(_test, null, null, null, null, null, null));
    }

    [Fact]
    public void No_things_are_an_empty_list() => Assert.Equal(new([], null), ListThings.Handle(_test, null, null, null, null, null, null));

    [Fact]
    public void All_things_come_by_name_and_a_full_last_page_has_no_token()
    {
        Plant();

        Assert.Equal(["pump-1 pump-2 pump-3", "valve-1 valve-2 valve-3"], Listed(3));
    }

    [Fact]
    public void Things_are_listed_by_type()
    {
        Plant();

        Assert.Equal(["pump-1 pump-2", "pump-3"], Listed(2, type: "pump"));
        Assert.Equal([""], Listed(2, type: "motor"));
    }

    [Fact]
    public void Things_with_an_attribute_come_by_its_value()
    {
        Plant();

        Assert.Equal(["valve-2 pump-1", "pump-3 valve-1", "pump-2"], Listed(2, attribute: "site"));
        Assert.Equal([""], Listed(2, attribute: "heat"));
    }

    [Fact]
    public void Things_are_listed_by_an_exact_value()
    {
        Plant();

        Assert.Equal(["pump-1 pump-3"], Listed(2, attribute: "site", value: "north"));
        Assert.Equal([""], Listed(2, attribute: "site", value: "nort"));
    }

    [Fact]
    public void Things_are_listed_by_the_beginning_of_a_value()
    {
        Plant();

        Assert.Equal(["pump-1 pump-3", "valve-1"], Listed(2, attribute: "site", value: "north", isPrefix: true));
        Assert.Equal(["valve-2 pump-1 pump-3 valve-1 pump-2"], Listed(5, attribute: "site", value: "", isPrefix: true));
    }

    [Fact]
    public void Things_are_listed_by_type_and_value()
    {
        Plant();

        Assert.Equal(["pump-1", "pump-3"], Listed(1, attribute: "site", value: "north", isPrefix: true, type: "pump"));
    }

    [Fact]
    public void What_keeps_its_place_is_listed_once_while_others_come_and_go()
    {
        Plant();
        var first = ListThings.Handle(_test, null, 3, null, null, null, null);
        DeleteThing.Handle(_test, "pump-1", null);
        DeleteThing.Handle(_test, "pump-3", null);
        _test.CreateThing("pump-0");
        _test.CreateThing("pump-4");

        var second = ListThings.Handle(_test, first.NextToken, null, null, null, null, null);

        Assert.Equal(["pump-4", "valve-1", "valve-2", "valve-3"], second.Things.Select(thing => thing.ThingName));
    }

    private void Plant()
    {
        _test.CreateThing("valve-1", type: "valve", ("site", "north-west"));
        _test.CreateThing("valve-2", type: "valve", ("site", "Centre"), ("model", "north"));
        _test.CreateThing("valve-3", type: "valve");
        _test.CreateThing("pump-3", type: "pump", ("site", "north"));
        _test.CreateThing("pump-2", type: "pump", ("site", "south"));
        _test.CreateThing("pump-1", type: "pump", ("site", "north"));
    }

    private List<string> Listed(int pageSize, string? attribute = null, string? value = null, string? type = null, bool? isPrefix = null) => Pages(token =>
    {
        var (things, next) = ListThings.Handle(_test, token, pageSize, attribute, value, type, isPrefix);
        return (things.Select(thing => thing.ThingName), next);
    });
}
