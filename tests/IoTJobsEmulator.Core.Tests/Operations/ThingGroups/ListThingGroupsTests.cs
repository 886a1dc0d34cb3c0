using IoTJobsEmulator.Core.Operations.ThingGroups;

namespace IoTJobsEmulator.Core.Tests.Operations.ThingGroups;

public sealed class ListThingGroupsTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void A_page_has_at_most_250_entries() => Assert.Equal(
        ["Value '251' at 'maxResults': have value less than or equal to 250"], TestRealm.Violations(ListThingGroups.Handle, null, null, 251, null, null, null));

    [Fact]
    public void A_parent_that_does_not_exist_is_refused() => _test.AssertRefused(
        ServiceError.ResourceNotFound, "Thing group plant cannot be found.", () => ListThingGroups.Handle(_test, null, null, "plant", null, null));

    [Theory]
    [InlineData(null)]
    [InlineData("plant")]
    public void A_token_that_cannot_be_read_is_refused(string? parent)
    {
        Plant();

        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => ListThingGroups.Handle(_test, "?", null, parent, null, null));
    }

    [Fact]
    public void An_entry_has_name_and_ARN()
    {
        _test.CreateGroup("pumps");

        Assert.Equal(
            new ListThingGroups.Response(new([new("pumps", "arn:aws:iot:us-east-1:123456789012:thinggroup/pumps")]), null),
            ListThingGroups.Handle(_test, null, null, null, null, null));
    }

    [Fact]
    public void All_groups_come_by_name_and_a_full_last_page_has_no_token()
    {
        Plant();

        Assert.Equal(["hall-1 hall-2 motors", "plant pumps pumps-old"], Listed(3));
        Assert.Equal(["hall-1 hall-2 motors", "plant pumps pumps-old"], Listed(3, recursive: true));
    }

    [Fact]
    public void Groups_at_the_top_come_in_order_of_creation_when_child_groups_are_not_wanted()
    {
        Plant();

        Assert.Equal(["plant motors"], Listed(2, recursive: false));
    }

    [Fact]
    public void Groups_whose_names_begin_so_are_listed()
    {
        Plant();

        Assert.Equal(["pumps", "pumps-old"], Listed(1, prefix: "pumps"));
        Assert.Equal(["plant pumps pumps-old"], Listed(3, prefix: "p"));
        Assert.Equal([""], Listed(3, prefix: "pumps-older"));
    }

    [Fact]
    public void Groups_directly_below_another_come_in_order_of_creation()
    {
        Plant();

        Assert.Equal(["hall-2", "hall-1"], Listed(1, parent: "plant"));
        Assert.Equal(["hall-1"], Listed(1, parent: "plant", prefix: "hall-1"));
        Assert.Equal([""], Listed(1, parent: "motors", recursive: false));
    }

    [Fact]
    public void All_groups_below_another_come_branch_by_branch()
    {
        Plant();

        Assert.Equal(["hall-2 pumps", "pumps-old hall-1"], Listed(2, parent: "plant", recursive: true));
        Assert.Equal(["pumps", "pumps-old"], Listed(1, parent: "hall-2", recursive: true));
        Assert.Equal(["pumps", "pumps-old"], Listed(1, parent: "plant", prefix: "pumps", recursive: true));
        Assert.Equal([""], Listed(1, parent: "pumps", recursive: true));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("plant", true)]
    [InlineData("hall-2", null)]
    public void What_keeps_its_place_is_listed_once_while_others_go(string? parent, bool? recursive)
    {
        Plant();
        var all = Listed(10, parent, recursive: recursive)[0].Split(' ');
        var first = ListThingGroups.Handle(_test, null, all.Length - 1, parent, null, recursive);

        DeleteThingGroup.Handle(_test, "pumps", null);

        var second = ListThingGroups.Handle(_test, first.NextToken, null, parent, null, recursive);
        Assert.Equal(all[^1..], second.ThingGroups.Select(group => group.GroupName));
    }

    private void Plant()
    {
        _test.CreateGroup("plant");
        _test.CreateGroup("hall-2", parent: "plant");
        _test.CreateGroup("hall-1", parent: "plant");
        _test.CreateGroup("pumps", parent: "hall-2");
        _test.CreateGroup("motors");
        _test.CreateGroup("pumps-old", parent: "hall-2");
    }

    private List<string> Listed(int pageSize, string? parent = null, string? prefix = null, bool? recursive = null) => Pages(token =>
    {
        var (groups, next) = ListThingGroups.Handle(_test, token, pageSize, parent, prefix, recursive);
        return (groups.Select(group => group.GroupName), next);
    });
}
