using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests.Operations.DynamicThingGroups;

public sealed class DynamicMembershipTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void A_new_group_has_the_things_that_are_there()
    {
        _test.CreateThing("pump-1", null, ("site", "north"));
        _test.CreateThing("pump-2", null, ("site", "south"));
        _test.CreateThing("pump-3", null, ("site", "north"));

        _test.CreateDynamicGroup("north", "attributes.site:north");

        Assert.Equal("pump-1 pump-3", _test.Members("north"));
        Assert.Equal(["north"], ListThingGroupsForThing.Handle(_test, "pump-1", null, null).ThingGroups.Select(group => group.GroupName));
    }

    [Fact]
    public void Things_join_and_leave_as_they_are_created_changed_and_deleted()
    {
        _test.CreateDynamicGroup("north", "attributes.site:north");
        _test.CreateThing("pump-1", null, ("site", "north"));
        _test.CreateThing("pump-2");
        Assert.Equal("pump-1", _test.Members("north"));

        _test.SetAttribute("pump-2", "site", "north");
        Assert.Equal("pump-1 pump-2", _test.Members("north"));
        _test.SetAttribute("pump-1", "site", "south");
        Assert.Equal("pump-2", _test.Members("north"));
        DeleteThing.Handle(_test, "pump-2", null);
        Assert.Equal("", _test.Members("north"));
    }

    [Fact]
    public void A_thing_that_changes_otherwise_stays_where_it_is()
    {
        _test.CreateDynamicGroup("north", "attributes.site:north");
        _test.CreateThing("pump-1", null, ("site", "north"));
        var before = _test.Realm.Memberships.All.Single();

        _test.SetAttribute("pump-1", "model", "a");

        Assert.Same(before, _test.Realm.Memberships.All.Single());
    }

    [Fact]
    public void Types_decide_too()
    {
        _test.CreateThingType("pump");
        _test.CreateDynamicGroup("pumps", "thingTypeName:pump");
        _test.CreateThing("pump-1");
        UpdateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump" });
        Assert.Equal("pump-1", _test.Members("pumps"));
        UpdateThing.Handle(_test, "pump-1", new() { RemoveThingType = true });
        Assert.Equal("", _test.Members("pumps"));
    }

    [Fact]
    public void Static_groups_decide_too_whichever_way_a_thing_comes_and_goes()
    {
        _test.CreateGroup("plant");
        _test.CreateGroup("hall", parent: "plant");
        _test.CreateGroup("yard");
        _test.CreateDynamicGroup("outside", "NOT thingGroupNames:hall");
        _test.CreateDynamicGroup("yarders", "thingGroupNames:yard");
        _test.CreateThing("pump-1");
        Assert.Equal(("pump-1", ""), (_test.Members("outside"), _test.Members("yarders")));

        _test.Join("pump-1", "hall");
        Assert.Equal(("", ""), (_test.Members("outside"), _test.Members("yarders")));
        _test.Leave("pump-1", "hall");
        Assert.Equal("pump-1", _test.Members("outside"));
        UpdateThingGroupsForThing.Handle(_test, new() { ThingName = "pump-1", ThingGroupsToAdd = ["hall", "yard"] });
        Assert.Equal(("", "pump-1"), (_test.Members("outside"), _test.Members("yarders")));
        DeleteThingGroup.Handle(_test, "hall", null);
        DeleteThingGroup.Handle(_test, "yard", null);
        Assert.Equal(("pump-1", ""), (_test.Members("outside"), _test.Members("yarders")));
    }

    [Fact]
    public void Groups_above_and_dynamic_groups_do_not_decide()
    {
        _test.CreateGroup("plant");
        _test.CreateGroup("hall", parent: "plant");
        _test.CreateDynamicGroup("all", "*");
        _test.CreateDynamicGroup("of-all", "thingGroupNames:(all OR plant)");
        _test.CreateThing("pump-1");
        _test.Join("pump-1", "hall");

        Assert.Equal(("pump-1", ""), (_test.Members("all"), _test.Members("of-all")));
    }

    [Fact]
    public void A_new_query_brings_other_members_and_those_of_both_stay()
    {
        _test.CreateThing("pump-1", null, ("site", "north"));
        _test.CreateThing("pump-2", null, ("site", "north"), ("model", "a"));
        _test.CreateThing("pump-3", null, ("model", "a"));
        _test.CreateDynamicGroup("group", "attributes.site:north");
        var stays = _test.Realm.Memberships.All.Single(membership => membership.ThingName == "pump-2");

        UpdateDynamicThingGroup.Handle(_test, "group", new() { ThingGroupProperties = new(), QueryString = "attributes.model:a" });

        Assert.Equal("pump-2 pump-3", _test.Members("group"));
        Assert.Contains(stays, _test.Realm.Memberships.All);
    }

    [Fact]
    public void A_thousand_things_are_asked_with_the_request_and_the_rest_in_small_steps()
    {
        LoadPumps(2500);
        _test.CreateDynamicGroup("all", "*");
        AssertStanding(1000, DynamicGroupStatus.BUILDING);

        // What is changed meanwhile joins at once and once.
        _test.SetAttribute("pump-2400", "site", "north");
        AssertStanding(1001, DynamicGroupStatus.BUILDING);
        _test.Commit();
        Assert.Equal((1500 / DueWork.ChangesPerTurn) + 1, _test.DoDueWork().Count);
        AssertStanding(2500, DynamicGroupStatus.ACTIVE);

        UpdateDynamicThingGroup.Handle(_test, "all", new() { ThingGroupProperties = new(), QueryString = "thingName:pump-2*" });
        AssertStanding(1500, DynamicGroupStatus.REBUILDING);
        _test.Commit();
        Assert.Equal((1500 / DueWork.ChangesPerTurn) + 1, _test.DoDueWork().Count);
        AssertStanding(501, DynamicGroupStatus.ACTIVE);
    }

    [Fact]
    public void A_thousand_things_exactly_are_asked_too_and_the_end_is_found()
    {
        LoadPumps(1000);
        _test.CreateDynamicGroup("all", "*");
        _test.Commit();
        Assert.Single(_test.DoDueWork());
        AssertStanding(1000, DynamicGroupStatus.ACTIVE);
    }

    [Fact]
    public void A_group_deleted_while_it_is_built_is_forgotten()
    {
        LoadPumps(2500);
        _test.CreateDynamicGroup("all", "*");
        DeleteDynamicThingGroup.Handle(_test, "all", null);
        _test.Commit();
        _test.DoDueWork();

        Assert.Equal((0, 0), (_test.Realm.Memberships.Count, _test.Realm.ThingGroups.Count));
        Assert.Null(DueWork.NextDue(_test.World));
    }

    [Fact]
    public void A_thing_is_in_ten_groups_at_most_and_joins_when_there_is_room()
    {
        for (var n = 1; n <= 9; n++)
        {
            _test.CreateGroup($"static-{n}");
            if (n == 1)
                _test.CreateThing("pump-1");
            _test.Join("pump-1", $"static-{n}");
        }
        _test.CreateDynamicGroup("dynamic-1", "*");
        _test.CreateDynamicGroup("dynamic-2", "*");
        Assert.Equal(("pump-1", ""), (_test.Members("dynamic-1"), _test.Members("dynamic-2")));
        UpdateDynamicThingGroup.Handle(_test, "dynamic-1", new() { ThingGroupProperties = new(), QueryString = "NOT thingName:pump-1" });
        Assert.Equal(("", "pump-1"), (_test.Members("dynamic-1"), _test.Members("dynamic-2")));
        UpdateDynamicThingGroup.Handle(_test, "dynamic-1", new() { ThingGroupProperties = new(), QueryString = "*" });
        Assert.Equal(("", "pump-1"), (_test.Members("dynamic-1"), _test.Members("dynamic-2")));

        _test.Leave("pump-1", "static-1");
        Assert.Equal("pump-1", _test.Members("dynamic-1"));
        Assert.Equal("pump-1", _test.Members("dynamic-2"));
        DeleteThingGroup.Handle(_test, "static-2", null);
        _test.CreateDynamicGroup("dynamic-3", "*");
        Assert.Equal("pump-1", _test.Members("dynamic-3"));
    }

    [Fact]
    public void A_static_group_takes_the_place_of_the_last_dynamic_one_where_the_caller_says_so()
    {
        _test.CreateThing("pump-1");
        _test.CreateDynamicGroup("dynamic-1", "*");
        _test.CreateDynamicGroup("dynamic-2", "*");
        for (var n = 1; n <= 10; n++)
            _test.CreateGroup($"static-{n}");
        for (var n = 1; n <= 8; n++)
            _test.Join("pump-1", $"static-{n}", overrideDynamicGroups: true);
        Assert.Equal(("pump-1", "pump-1"), (_test.Members("dynamic-1"), _test.Members("dynamic-2")));

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Thing pump-1 cannot be added to thing group static-9: the maximum number of thing groups for a thing is 10",
            () => AddThingToThingGroup.Handle(_test, new() { ThingName = "pump-1", ThingGroupName = "static-9" }));
        _test.Join("pump-1", "static-9", overrideDynamicGroups: true);
        Assert.Equal(("pump-1", ""), (_test.Members("dynamic-1"), _test.Members("dynamic-2")));
        UpdateThingGroupsForThing.Handle(_test, new() { ThingName = "pump-1", ThingGroupsToAdd = ["static-10"], OverrideDynamicGroups = true });
        Assert.Equal(("", ""), (_test.Members("dynamic-1"), _test.Members("dynamic-2")));
    }

    [Fact]
    public void A_continuous_job_follows_a_dynamic_group()
    {
        _test.CreateThing("pump-1", null, ("site", "north"));
        _test.CreateThing("pump-2");
        _test.CreateDynamicGroup("north", "attributes.site:north");
        CreateJob.Handle(_test, "job-1", JobOn(GroupArn("north")) with { TargetSelection = TargetSelection.CONTINUOUS });
        Assert.Equal("QUEUED ", $"{StatusOf("pump-1")} {StatusOf("pump-2")}");

        _test.SetAttribute("pump-2", "site", "north");
        _test.SetAttribute("pump-1", "site", "south");
        Assert.Equal("REMOVED QUEUED", $"{StatusOf("pump-1")} {StatusOf("pump-2")}");

        UpdateDynamicThingGroup.Handle(_test, "north", new() { ThingGroupProperties = new(), QueryString = "attributes.site:south" });
        Assert.Equal("QUEUED REMOVED", $"{StatusOf("pump-1")} {StatusOf("pump-2")}");
        DeleteDynamicThingGroup.Handle(_test, "north", null);
        Assert.Equal("REMOVED", StatusOf("pump-1"));
    }

    [Fact]
    public void A_snapshot_job_takes_the_members_of_the_moment()
    {
        _test.CreateThing("pump-1", null, ("site", "north"));
        _test.CreateDynamicGroup("north", "attributes.site:north");
        CreateJob.Handle(_test, "job-1", JobOn(GroupArn("north")));
        _test.CreateThing("pump-2", null, ("site", "north"));
        _test.SetAttribute("pump-1", "site", "south");

        Assert.Equal("QUEUED ", $"{StatusOf("pump-1")} {StatusOf("pump-2")}");
    }

    private string StatusOf(string thing) => _test.Realm.Executions.LatestRun("job-1", thing)?.Status.ToString() ?? "";

    private void AssertStanding(int members, DynamicGroupStatus status) => Assert.Equal(
        (members, status), (_test.Realm.Memberships.Count, DescribeThingGroup.Handle(_test, "all").Status!.Value));

    private void LoadPumps(int count) => _test.LoadThings("pump", count, digits: 4);
}
