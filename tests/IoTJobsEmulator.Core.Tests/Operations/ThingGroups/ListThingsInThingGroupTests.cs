using IoTJobsEmulator.Core.Operations.ThingGroups;
using static IoTJobsEmulator.Core.Tests.Operations.Things.Fleet;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class ListThingsInThingGroupTests
{
    private readonly TestRealm _realm = new();

    public ListThingsInThingGroupTests()
    {
        Group(_realm, "plant");
        Group(_realm, "hall-1", parent: "plant");
        Group(_realm, "line-1", parent: "hall-1");
        Group(_realm, "hall-2", parent: "plant");
        Group(_realm, "other");
        foreach (var (thing, group) in new[] { ("c", "plant"), ("b", "hall-2"), ("a", "plant"), ("e", "line-1"), ("d", "hall-1"), ("f", "hall-2"), ("x", "other") })
        {
            Thing(_realm, thing);
            Join(_realm, thing, group);
        }
    }

    [Fact]
    public void A_group_that_does_not_exist_is_refused() => _realm.AssertRefused(
        ServiceError.ResourceNotFound, "Thing group pumps cannot be found.", () => ListThingsInThingGroup.Handle(_realm, "pumps", null, null, null));

    [Fact]
    public void A_token_of_another_list_is_refused()
    {
        var token = ListThingsInThingGroup.Handle(_realm, "plant", recursive: false, null, 1).NextToken;

        _realm.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => ListThingsInThingGroup.Handle(_realm, "plant", recursive: true, token, 1));
    }

    [Fact]
    public void Things_come_in_the_order_of_joining_and_a_full_last_page_has_no_token()
    {
        Assert.Equal(new ListThingsInThingGroup.Response(new(["c", "a"]), null), ListThingsInThingGroup.Handle(_realm, "plant", null, null, null));
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
        var first = ListThingsInThingGroup.Handle(_realm, "plant", recursive: true, null, 4);
        DeleteThingGroup.Handle(_realm, "line-1", null);

        Assert.Equal(new ListThingsInThingGroup.Response(new(["b", "f"]), null), ListThingsInThingGroup.Handle(_realm, "plant", recursive: true, first.NextToken, null));
    }

    [Fact]
    public void What_keeps_its_place_is_listed_once_while_others_come_and_go()
    {
        var first = ListThingsInThingGroup.Handle(_realm, "plant", recursive: true, null, 3);
        RemoveThingFromThingGroup.Handle(_realm, new() { ThingName = "a", ThingGroupName = "plant" });
        Join(_realm, "a", "hall-2");
        Thing(_realm, "g");
        Join(_realm, "g", "plant");

        var second = ListThingsInThingGroup.Handle(_realm, "plant", recursive: true, first.NextToken, null);

        Assert.Equal(["c", "a", "d"], first.Things);
        Assert.Equal(["e", "b", "f", "a"], second.Things);
    }

    private List<string> Listed(int pageSize, string group, bool recursive) => Pages(token =>
    {
        var (things, next) = ListThingsInThingGroup.Handle(_realm, group, recursive, token, pageSize);
        return (things, next);
    });
}
