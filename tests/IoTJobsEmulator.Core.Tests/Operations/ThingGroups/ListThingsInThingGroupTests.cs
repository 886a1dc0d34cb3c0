using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class ListThingsInThingGroupTests
{
    private readonly TestRealm _test = new();

    public ListThingsInThingGroupTests()
    {
        _test.CreateGroup("plant");
        _test.CreateGroup("hall-1", parent: "plant");
        _test.CreateGroup("line-1", parent: "hall-1");
        _test.CreateGroup("hall-2", parent: "plant");
        _test.CreateGroup("other");
        foreach (var (thing, group) in new[] { ("c", "plant"), ("b", "hall-2"), ("a", "plant"), ("e", "line-1"), ("d", "hall-1"), ("f", "hall-2"), ("x", "other") })
        {
            _test.CreateThing(thing);
            _test.Join(thing, group);
        }
    }

    [Fact]
    public void A_group_that_does_not_exist_is_refused() => _test.AssertRefused(
        ServiceError.ResourceNotFound, "Thing group pumps cannot be found.", () => ListThingsInThingGroup.Handle(_test, "pumps", null, null, null));

    [Fact]
    public void A_token_of_another_list_is_refused()
    {
        var token = ListThingsInThingGroup.Handle(_test, "plant", recursive: false, null, 1).NextToken;

        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => ListThingsInThingGroup.Handle(_test, "plant", recursive: true, token, 1));
    }

    [Fact]
    public void Things_come_in_the_order_of_joining_and_a_full_last_page_has_no_token()
    {
        Assert.Equal(new ListThingsInThingGroup.Response(new(["c", "a"]), null), ListThingsInThingGroup.Handle(_test, "plant", null, null, null));
        Assert.Equal(["c", "a"], Listed(1, "plant", recursive: false));
        Assert.Equal(["c a"], Listed(2, "plant", recursive: false));
    }

    [Theory]
    [InlineData(1, "c|a|d|e|b|f")]
    [InlineData(2, "c a|d e|b f")]
    [InlineData(4, "c a d e|b f")]
    [InlineData(6, "c a d e b f")]
    public void Things_of_the_groups_below_come_group_by_group(int pageSize, string pages) =>
        Assert.Equal(pages.Split('|'), Listed(pageSize, "plant", recursive: true));

    [Fact]
    public void Things_of_groups_above_or_beside_are_not_listed() => Assert.Equal(["d e"], Listed(9, "hall-1", recursive: true));

    [Fact]
    public void The_list_goes_on_when_the_group_it_stood_at_is_gone()
    {
        var first = ListThingsInThingGroup.Handle(_test, "plant", recursive: true, null, 4);
        DeleteThingGroup.Handle(_test, "line-1", null);

        Assert.Equal(new ListThingsInThingGroup.Response(new(["b", "f"]), null), ListThingsInThingGroup.Handle(_test, "plant", recursive: true, first.NextToken, null));
    }

    [Fact]
    public void What_keeps_its_place_is_listed_once_while_others_come_and_go()
    {
        var first = ListThingsInThingGroup.Handle(_test, "plant", recursive: true, null, 3);
        RemoveThingFromThingGroup.Handle(_test, new() { ThingName = "a", ThingGroupName = "plant" });
        _test.Join("a", "hall-2");
        _test.CreateThing("g");
        _test.Join("g", "plant");

        var second = ListThingsInThingGroup.Handle(_test, "plant", recursive: true, first.NextToken, null);

        Assert.Equal(["c", "a", "d"], first.Things);
        Assert.Equal(["e", "b", "f", "a"], second.Things);
    }

    private List<string> Listed(int pageSize, string group, bool recursive) => Pages(token =>
    {
        var (things, next) = ListThingsInThingGroup.Handle(_test, group, recursive, token, pageSize);
        return (things, next);
    });
}
