using IoTJobsEmulator.Core.Operations.BillingGroups;
using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.Events;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Operations.ThingTypes;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>Source: the developer guide, "Registry events".</summary>
public sealed class RegistryAnnouncementsTests
{
    private readonly TestRealm _test = new();

    public RegistryAnnouncementsTests() => Switch(true, Enum.GetNames<EventType>());

    [Fact]
    public void A_thing_and_its_type_are_announced_from_beginning_to_end()
    {
        Assert.Equal(["created type pump", "created type valve"], After(() =>
        {
            CreateThingType.Handle(_test, "pump", null);
            CreateThingType.Handle(_test, "valve", null);
        }));
        Assert.Equal(["created thing pump-1 v1", "added pump-1 of type pump"], After(() => CreateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump" })));
        Assert.Empty(After(() => CreateThing.Handle(_test, "pump-1", new() { ThingTypeName = "pump" })));
        Assert.Equal(["updated thing pump-1 v2"], After(() => UpdateThing.Handle(_test, "pump-1", null)));
        Assert.Equal(
            ["updated thing pump-1 v3", "removed pump-1 of type pump", "added pump-1 of type valve"],
            After(() => UpdateThing.Handle(_test, "pump-1", new() { ThingTypeName = "valve" })));
        Assert.Equal(["deleted thing pump-1 v3", "removed pump-1 of type valve"], After(() => _test.DeleteThing("pump-1")));
        Assert.Empty(After(() => _test.DeleteThing("pump-1")));
    }

    [Fact]
    public void A_thing_type_is_updated_deprecated_revived_and_deleted()
    {
        CreateThingType.Handle(_test, "pump", null);
        _test.Commit();
        Assert.Equal(["updated type pump"], After(() => UpdateThingType.Handle(_test, "pump", new() { ThingTypeProperties = new() { ThingTypeDescription = "pumps" } })));
        Assert.Equal(["updated type pump, deprecated"], After(() => DeprecateThingType.Handle(_test, "pump", null)));
        Assert.Empty(After(() => DeprecateThingType.Handle(_test, "pump", null)));
        Assert.Equal(["updated type pump"], After(() => DeprecateThingType.Handle(_test, "pump", new() { UndoDeprecate = true })));
        DeprecateThingType.Handle(_test, "pump", null);
        _test.Commit();
        _test.Jump(ThingType.DeletableAfter);
        Assert.Equal(["deleted type pump, deprecated"], After(() => DeleteThingType.Handle(_test, "pump")));
    }

    [Fact]
    public void A_billing_group_is_no_update_of_the_thing()
    {
        _test.CreateThings("pump-1");
        CreateBillingGroup.Handle(_test, "north", null);
        _test.Commit();
        Assert.Empty(After(() => AddThingToBillingGroup.Handle(_test, new() { BillingGroupName = "north", ThingName = "pump-1" })));
    }

    [Fact]
    public void A_group_and_the_one_above_it_are_announced()
    {
        Assert.Equal(["created group plant v1 below []"], After(() => _test.CreateGroup("plant")));
        Assert.Equal(["created group site v1 below [plant]", "added group site below plant"], After(() => _test.CreateGroup("site", parent: "plant")));
        Assert.Equal(["created group hall v1 below [plant site]", "added group hall below site"], After(() => _test.CreateGroup("hall", parent: "site")));
        Assert.Equal(["updated group hall v2 below [plant site]"], After(() => UpdateThingGroup.Handle(_test, "hall", new() { ThingGroupProperties = new() })));
        Assert.Equal(["deleted group hall v2 below [plant site]", "removed group hall below site"], After(() => _test.DeleteGroup("hall")));
        _test.DoDueWork();
        Assert.Equal(["deleted group site v1 below [plant]", "removed group site below plant"], After(() => _test.DeleteGroup("site")));
    }

    [Fact]
    public void A_thing_joins_moves_and_leaves()
    {
        _test.CreateThings("pump-1");
        _test.CreateGroup("site");
        _test.CreateGroup("hall");
        _test.Commit();
        Assert.Equal(["added pump-1 to site"], After(() => _test.Join("pump-1", "site")));
        Assert.Empty(After(() => _test.Join("pump-1", "site")));
        Assert.Equal(
            ["removed pump-1 from site", "added pump-1 to hall"],
            After(() => UpdateThingGroupsForThing.Handle(_test, new() { ThingName = "pump-1", ThingGroupsToAdd = ["hall"], ThingGroupsToRemove = ["site"] })));
        Assert.Equal(["removed pump-1 from hall"], After(() => _test.Leave("pump-1", "hall")));
    }

    [Fact]
    public void Each_membership_has_an_id_of_its_own()
    {
        _test.CreateGroup("site");
        _test.CreateThings("pump-1", "pump-2");
        _test.Commit();
        _test.Join("pump-1", "site");
        _test.Leave("pump-1", "site");
        _test.Join("pump-1", "site");
        _test.Join("pump-2", "site");

        var ids = Told().Cast<ThingGroupMembershipEvent>().Select(told => told.Membership.MembershipId).ToList();

        Assert.Equal(4, ids.Count);
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(Guid.TryParseExact(id, "D", out _)));
    }

    [Fact]
    public void A_thing_that_is_deleted_leaves_its_groups()
    {
        _test.CreateGroup("site", members: "pump-1");
        _test.CreateGroup("hall", members: "pump-1");
        _test.Commit();
        Assert.Equal(["deleted thing pump-1 v1", "removed pump-1 from site", "removed pump-1 from hall"], After(() => _test.DeleteThing("pump-1")));
    }

    [Fact]
    public void A_group_that_is_deleted_is_left_by_each_of_its_things_with_the_turn_that_takes_it_out()
    {
        _test.CreateGroup("plant");
        _test.CreateFleet("site", 1500, parent: "plant", digits: 4);
        _test.Commit();

        var first = After(() => _test.DeleteGroup("site"));
        var rest = AfterSteps(500);

        Assert.Equal(["deleted group site v1 below [plant]", "removed group site below plant", "removed site-0001 from site"], first.Take(3));
        // The group's row went with the last of them.
        Assert.DoesNotContain(_test.Realm.ThingGroups.All, group => group.ThingGroupName == "site");
        Assert.Equal(Enumerable.Range(1, 1500).Select(number => $"removed site-{number:D4} from site"), first.Skip(2).Concat(rest));
    }

    [Fact]
    public void The_members_of_a_dynamic_group_come_and_go()
    {
        _test.CreateThings("pump-1", "valve-1");
        _test.Commit();
        Assert.Equal(
            ["created group pumps v1 below []", "added pump-1 to pumps"],
            After(() => CreateDynamicThingGroup.Handle(_test, "pumps", new() { QueryString = "thingName:pump*" })));
        Assert.Equal(["created thing pump-2 v1", "added pump-2 to pumps"], After(() => _test.CreateThings("pump-2")));
        Assert.Equal(
            ["updated group pumps v2 below []", "removed pump-1 from pumps"],
            After(() => UpdateDynamicThingGroup.Handle(_test, "pumps", new() { ThingGroupProperties = new(), QueryString = "thingName:pump-2" })));
        Assert.Equal(["deleted group pumps v2 below []", "removed pump-2 from pumps"], After(() => DeleteDynamicThingGroup.Handle(_test, "pumps", null)));
    }

    [Fact]
    public void A_query_asked_of_a_fleet_says_nothing_of_the_group_itself()
    {
        _test.CreateFleet("site", 1500, digits: 4);
        _test.Commit();
        var asked = After(() => CreateDynamicThingGroup.Handle(_test, "everything", new() { QueryString = "*" }));
        var rest = AfterSteps(500);

        Assert.Equal("created group everything v1 below []", asked[0]);
        Assert.Equal(Enumerable.Range(1, 1500).Select(number => $"added site-{number:D4} to everything"), asked.Skip(1).Concat(rest));
    }

    [Theory]
    [InlineData("THING", "created thing pump-1 v1")]
    [InlineData("THING_TYPE", "created type pump")]
    [InlineData("THING_TYPE_ASSOCIATION", "added pump-1 of type pump")]
    [InlineData("THING_GROUP", "created group plant v1 below []", "created group site v1 below [plant]")]
    [InlineData("THING_GROUP_HIERARCHY", "added group site below plant")]
    [InlineData("THING_GROUP_MEMBERSHIP", "added pump-1 to site")]
    [InlineData("JOB")]
    public void Only_what_is_switched_on_is_told(string type, params string[] told)
    {
        Switch(false, Enum.GetNames<EventType>());
        Switch(true, type);
        Assert.Equal(told, After(OneOfEach));
    }

    [Fact]
    public void Nothing_is_told_while_nobody_has_switched_anything_on()
    {
        var other = new TestRealm();
        OneOfEach(other);
        Assert.Empty(other.Commit());
    }

    private void OneOfEach() => OneOfEach(_test);

    private static void OneOfEach(TestRealm test)
    {
        CreateThingType.Handle(test, "pump", null);
        CreateThing.Handle(test, "pump-1", new() { ThingTypeName = "pump" });
        test.CreateGroup("plant");
        test.CreateGroup("site", parent: "plant");
        test.Join("pump-1", "site");
    }

    private void Switch(bool on, params string[] types)
    {
        UpdateEventConfigurations.Handle(_test, new() { EventConfigurations = types.ToDictionary(type => type, type => (Configuration?)new Configuration { Enabled = on }) });
        _test.Commit();
    }

    private IReadOnlyList<Announcement> Told() => _test.Commit();

    /// <summary>What is told of the steps of due work that change so many rows.</summary>
    private List<string> AfterSteps(int rows) =>
        [.. Enumerable.Range(0, rows / DueWork.ChangesPerTurn).SelectMany(_ => After(() => DueWork.Step(_test.World)))];

    private List<string> After(Action turn)
    {
        turn();
        return [.. Told().Select(Read)];
    }

    private static string Read(Announcement announcement) => announcement switch
    {
        ThingEvent { Thing: var thing } told => $"{told.Operation} thing {thing.ThingName} v{thing.Version}",
        ThingTypeEvent { ThingType: var type } told => $"{told.Operation} type {type.ThingTypeName}{(type.IsDeprecated ? ", deprecated" : "")}",
        ThingTypeAssociationEvent told => $"{told.Operation} {told.Thing.ThingName} of type {told.ThingTypeName}",
        ThingGroupEvent { ThingGroup: var group } told =>
            $"{told.Operation} group {group.ThingGroupName} v{group.Version} below [{string.Join(' ', told.RootToParent.Select(above => above.ThingGroupName))}]",
        ThingGroupHierarchyEvent told => $"{told.Operation} group {told.Child.ThingGroupName} below {told.Parent.ThingGroupName}",
        ThingGroupMembershipEvent told =>
            $"{told.Operation} {told.Thing.ThingName} {(told.Operation is RegistryOperation.added ? "to" : "from")} {told.ThingGroup.ThingGroupName}",
        _ => throw new ArgumentOutOfRangeException(nameof(announcement)),
    };
}
