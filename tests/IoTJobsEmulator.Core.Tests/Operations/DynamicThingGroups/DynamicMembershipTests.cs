using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using static IoTJobsEmulator.Core.Tests.Operations.Given;

namespace IoTJobsEmulator.Core.Tests.Operations.DynamicThingGroups;

public sealed class DynamicMembershipTests
{
    private readonly TestRealm _realm = new();

    [Fact]
    public void A_new_group_has_the_things_that_are_there()
    {
        Thing(_realm, "pump-1", null, ("site", "north"));
        Thing(_realm, "pump-2", null, ("site", "south"));
        Thing(_realm, "pump-3", null, ("site", "north"));

        DynamicGroup(_realm, "north", "attributes.site:north");

        Assert.Equal("pump-1 pump-3", Members(_realm, "north"));
        Assert.Equal(["north"], ListThingGroupsForThing.Handle(_realm, "pump-1", null, null).ThingGroups.Select(group => group.GroupName));
    }

    [Fact]
    public void Things_join_and_leave_as_they_are_created_changed_and_deleted()
    {
        DynamicGroup(_realm, "north", "attributes.site:north");
        Thing(_realm, "pump-1", null, ("site", "north"));
        Thing(_realm, "pump-2");
        Assert.Equal("pump-1", Members(_realm, "north"));

        Attribute(_realm, "pump-2", "site", "north");
        Assert.Equal("pump-1 pump-2", Members(_realm, "north"));
        Attribute(_realm, "pump-1", "site", "south");
        Assert.Equal("pump-2", Members(_realm, "north"));
        DeleteThing.Handle(_realm, "pump-2", null);
        Assert.Equal("", Members(_realm, "north"));
    }

    [Fact]
    public void A_thing_that_changes_otherwise_stays_where_it_is()
    {
        DynamicGroup(_realm, "north", "attributes.site:north");
        Thing(_realm, "pump-1", null, ("site", "north"));
        var before = _realm.Realm.Memberships.All.Single();

        Attribute(_realm, "pump-1", "model", "a");

        Assert.Same(before, _realm.Realm.Memberships.All.Single());
    }

    [Fact]
    public void Types_decide_too()
    {
        Type(_realm, "pump");
        DynamicGroup(_realm, "pumps", "thingTypeName:pump");
        Thing(_realm, "pump-1");
        UpdateThing.Handle(_realm, "pump-1", new() { ThingTypeName = "pump" });
        Assert.Equal("pump-1", Members(_realm, "pumps"));
        UpdateThing.Handle(_realm, "pump-1", new() { RemoveThingType = true });
        Assert.Equal("", Members(_realm, "pumps"));
    }

    [Fact]
    public void Static_groups_decide_too_whichever_way_a_thing_comes_and_goes()
    {
        Group(_realm, "plant");
        Group(_realm, "hall", parent: "plant");
        Group(_realm, "yard");
        DynamicGroup(_realm, "outside", "NOT thingGroupNames:hall");
        DynamicGroup(_realm, "yarders", "thingGroupNames:yard");
        Thing(_realm, "pump-1");
        Assert.Equal(("pump-1", ""), (Members(_realm, "outside"), Members(_realm, "yarders")));

        Join(_realm, "pump-1", "hall");
        Assert.Equal(("", ""), (Members(_realm, "outside"), Members(_realm, "yarders")));
        Leave(_realm, "pump-1", "hall");
        Assert.Equal("pump-1", Members(_realm, "outside"));
        UpdateThingGroupsForThing.Handle(_realm, new() { ThingName = "pump-1", ThingGroupsToAdd = ["hall", "yard"] });
        Assert.Equal(("", "pump-1"), (Members(_realm, "outside"), Members(_realm, "yarders")));
        DeleteThingGroup.Handle(_realm, "hall", null);
        DeleteThingGroup.Handle(_realm, "yard", null);
        Assert.Equal(("pump-1", ""), (Members(_realm, "outside"), Members(_realm, "yarders")));
    }

    [Fact]
    public void Groups_above_and_dynamic_groups_do_not_decide()
    {
        Group(_realm, "plant");
        Group(_realm, "hall", parent: "plant");
        DynamicGroup(_realm, "all", "*");
        DynamicGroup(_realm, "of-all", "thingGroupNames:(all OR plant)");
        Thing(_realm, "pump-1");
        Join(_realm, "pump-1", "hall");

        Assert.Equal(("pump-1", ""), (Members(_realm, "all"), Members(_realm, "of-all")));
    }

    [Fact]
    public void A_new_query_brings_other_members_and_those_of_both_stay()
    {
        Thing(_realm, "pump-1", null, ("site", "north"));
        Thing(_realm, "pump-2", null, ("site", "north"), ("model", "a"));
        Thing(_realm, "pump-3", null, ("model", "a"));
        DynamicGroup(_realm, "group", "attributes.site:north");
        var stays = _realm.Realm.Memberships.All.Single(membership => membership.ThingName == "pump-2");

        UpdateDynamicThingGroup.Handle(_realm, "group", new() { ThingGroupProperties = new(), QueryString = "attributes.model:a" });

        Assert.Equal("pump-2 pump-3", Members(_realm, "group"));
        Assert.Contains(stays, _realm.Realm.Memberships.All);
    }

    [Fact]
    public void All_things_are_asked_a_thousand_a_turn()
    {
        Fleet(2500);
        DynamicGroup(_realm, "all", "*");
        AssertStanding(1000, DynamicGroupStatus.BUILDING);

        // What is changed meanwhile joins at once and once.
        Attribute(_realm, "pump-2400", "site", "north");
        AssertStanding(1001, DynamicGroupStatus.BUILDING);
        _realm.TakeChanges();
        Assert.Equal(2, DoDueWork(_realm));
        AssertStanding(2500, DynamicGroupStatus.ACTIVE);

        UpdateDynamicThingGroup.Handle(_realm, "all", new() { ThingGroupProperties = new(), QueryString = "thingName:pump-2*" });
        AssertStanding(1500, DynamicGroupStatus.REBUILDING);
        _realm.TakeChanges();
        Assert.Equal(2, DoDueWork(_realm));
        AssertStanding(501, DynamicGroupStatus.ACTIVE);
    }

    [Fact]
    public void A_thousand_things_exactly_are_asked_too_and_the_end_is_found()
    {
        Fleet(1000);
        DynamicGroup(_realm, "all", "*");
        _realm.TakeChanges();
        Assert.Equal(1, DoDueWork(_realm));
        AssertStanding(1000, DynamicGroupStatus.ACTIVE);
    }

    [Fact]
    public void A_group_deleted_while_it_is_built_is_forgotten()
    {
        Fleet(2500);
        DynamicGroup(_realm, "all", "*");
        DeleteDynamicThingGroup.Handle(_realm, "all", null);
        _realm.TakeChanges();
        DoDueWork(_realm);

        Assert.Equal((0, 0), (_realm.Realm.Memberships.Count, _realm.Realm.ThingGroups.Count));
        Assert.Null(DueWork.NextDue(_realm.World));
    }

    [Fact]
    public void A_thing_is_in_ten_groups_at_most_and_joins_when_there_is_room()
    {
        for (var n = 1; n <= 9; n++)
        {
            Group(_realm, $"static-{n}");
            if (n == 1)
                Thing(_realm, "pump-1");
            Join(_realm, "pump-1", $"static-{n}");
        }
        DynamicGroup(_realm, "dynamic-1", "*");
        DynamicGroup(_realm, "dynamic-2", "*");
        Assert.Equal(("pump-1", ""), (Members(_realm, "dynamic-1"), Members(_realm, "dynamic-2")));
        UpdateDynamicThingGroup.Handle(_realm, "dynamic-1", new() { ThingGroupProperties = new(), QueryString = "NOT thingName:pump-1" });
        Assert.Equal(("", "pump-1"), (Members(_realm, "dynamic-1"), Members(_realm, "dynamic-2")));
        UpdateDynamicThingGroup.Handle(_realm, "dynamic-1", new() { ThingGroupProperties = new(), QueryString = "*" });
        Assert.Equal(("", "pump-1"), (Members(_realm, "dynamic-1"), Members(_realm, "dynamic-2")));

        Leave(_realm, "pump-1", "static-1");
        Assert.Equal("pump-1", Members(_realm, "dynamic-1"));
        Assert.Equal("pump-1", Members(_realm, "dynamic-2"));
        DeleteThingGroup.Handle(_realm, "static-2", null);
        DynamicGroup(_realm, "dynamic-3", "*");
        Assert.Equal("pump-1", Members(_realm, "dynamic-3"));
    }

    [Fact]
    public void A_static_group_takes_the_place_of_the_last_dynamic_one_where_the_caller_says_so()
    {
        Thing(_realm, "pump-1");
        DynamicGroup(_realm, "dynamic-1", "*");
        DynamicGroup(_realm, "dynamic-2", "*");
        for (var n = 1; n <= 10; n++)
            Group(_realm, $"static-{n}");
        for (var n = 1; n <= 8; n++)
            Join(_realm, "pump-1", $"static-{n}", overrideDynamicGroups: true);
        Assert.Equal(("pump-1", "pump-1"), (Members(_realm, "dynamic-1"), Members(_realm, "dynamic-2")));

        _realm.AssertRefused(
            ServiceError.InvalidRequest,
            "Thing pump-1 cannot be added to thing group static-9: the maximum number of thing groups for a thing is 10",
            () => AddThingToThingGroup.Handle(_realm, new() { ThingName = "pump-1", ThingGroupName = "static-9" }));
        Join(_realm, "pump-1", "static-9", overrideDynamicGroups: true);
        Assert.Equal(("pump-1", ""), (Members(_realm, "dynamic-1"), Members(_realm, "dynamic-2")));
        UpdateThingGroupsForThing.Handle(_realm, new() { ThingName = "pump-1", ThingGroupsToAdd = ["static-10"], OverrideDynamicGroups = true });
        Assert.Equal(("", ""), (Members(_realm, "dynamic-1"), Members(_realm, "dynamic-2")));
    }

    [Fact]
    public void A_continuous_job_follows_a_dynamic_group()
    {
        Thing(_realm, "pump-1", null, ("site", "north"));
        Thing(_realm, "pump-2");
        DynamicGroup(_realm, "north", "attributes.site:north");
        CreateJob.Handle(_realm, "job-1", JobOn("thinggroup/north") with { TargetSelection = TargetSelection.CONTINUOUS });
        Assert.Equal("QUEUED ", $"{StatusOf("pump-1")} {StatusOf("pump-2")}");

        Attribute(_realm, "pump-2", "site", "north");
        Attribute(_realm, "pump-1", "site", "south");
        Assert.Equal("REMOVED QUEUED", $"{StatusOf("pump-1")} {StatusOf("pump-2")}");

        UpdateDynamicThingGroup.Handle(_realm, "north", new() { ThingGroupProperties = new(), QueryString = "attributes.site:south" });
        Assert.Equal("QUEUED REMOVED", $"{StatusOf("pump-1")} {StatusOf("pump-2")}");
        DeleteDynamicThingGroup.Handle(_realm, "north", null);
        Assert.Equal("REMOVED", StatusOf("pump-1"));
    }

    [Fact]
    public void A_snapshot_job_takes_the_members_of_the_moment()
    {
        Thing(_realm, "pump-1", null, ("site", "north"));
        DynamicGroup(_realm, "north", "attributes.site:north");
        CreateJob.Handle(_realm, "job-1", JobOn("thinggroup/north"));
        Thing(_realm, "pump-2", null, ("site", "north"));
        Attribute(_realm, "pump-1", "site", "south");

        Assert.Equal("QUEUED ", $"{StatusOf("pump-1")} {StatusOf("pump-2")}");
    }

    private string StatusOf(string thing) => _realm.Realm.Executions.OfJobOnThing.First(("job-1", thing))?.Status.ToString() ?? "";

    private void AssertStanding(int members, DynamicGroupStatus status) => Assert.Equal(
        (members, status), (_realm.Realm.Memberships.Count, DescribeThingGroup.Handle(_realm, "all").Status!.Value.Value));

    private void Fleet(int size)
    {
        foreach (var n in Enumerable.Range(1, size))
            ((ITable)_realm.Realm.Things).Load(new Thing { ThingName = $"pump-{n:D4}", ThingId = $"{n}", Ordinal = _realm.Realm.NextOrdinal() });
    }
}
