using IoTJobsEmulator.Core.Operations.DynamicThingGroups;
using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Operations.Things;

namespace IoTJobsEmulator.Core.Tests.Operations.DynamicThingGroups;

/// <summary>Whatever happens in the registry, once nothing is due a dynamic group has the things that its query finds.</summary>
public sealed class DynamicHistoryTests
{
    private static readonly string[] Things = ["pump-1", "pump-2", "fan-1", "fan-2"], Sites = ["north", "south", ""], Statics = ["plant", "yard"], Dynamics = ["a", "b", "c"];

    private static readonly string[] Queries =
    [
        "*",
        "attributes.site:north",
        "NOT attributes.site:*",
        "thingGroupNames:plant",
        "-thingGroupNames:yard thingName:pump*",
        "thingTypeName:pump OR attributes.site:south",
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    [Theory, MemberData(nameof(Seeds))]
    public void Members_are_what_the_query_finds(int seed)
    {
        var (test, random) = (new TestRealm(), new Random(seed));
        test.CreateThingType("pump");
        for (var step = 0; step < 60; step++)
            Step(test, random);
        test.DoDueWork();

        foreach (var group in test.Realm.ThingGroups.Dynamic.Rows)
        {
            var found = test.Realm.Things.All.Where(thing => ThingQuery.Parse(group.QueryString!).Matches(thing, StaticGroupsOf(test, thing))).Select(thing => thing.ThingName);
            var members = test.Realm.Memberships.OfGroup.RowsIn(group.ThingGroupId).Select(membership => membership.ThingName);
            Assert.Equal((group.QueryString, string.Join(' ', found.Order())), (group.QueryString, string.Join(' ', members.Order())));
        }
    }

    private static void Step(TestRealm test, Random random)
    {
        string One(string[] of) => of[random.Next(of.Length)];
        var (thing, group, dynamic) = (One(Things), One(Statics), One(Dynamics));
        try
        {
            switch (random.Next(12))
            {
                case 0 or 1:
                    test.CreateThing(thing, random.Next(2) == 0 ? "pump" : null, ("site", One(Sites)));
                    break;
                case 2:
                    DeleteThing.Handle(test, thing, null);
                    break;
                case 3:
                    test.SetAttribute(thing, "site", One(Sites));
                    break;
                case 4:
                    UpdateThing.Handle(test, thing, random.Next(2) == 0 ? new() { RemoveThingType = true } : new() { ThingTypeName = "pump" });
                    break;
                case 5:
                    test.CreateGroup(group);
                    break;
                case 6:
                    DeleteThingGroup.Handle(test, group, null);
                    break;
                case 7:
                    test.Join(thing, group);
                    break;
                case 8:
                    test.Leave(thing, group);
                    break;
                case 9:
                    test.CreateDynamicGroup(dynamic, One(Queries));
                    break;
                case 10:
                    UpdateDynamicThingGroup.Handle(test, dynamic, new() { ThingGroupProperties = new(), QueryString = One(Queries) });
                    break;
                default:
                    DeleteDynamicThingGroup.Handle(test, dynamic, null);
                    break;
            }
            test.Commit();
        }
        catch (ServiceException)
        {
            test.Realm.Undo();
        }
    }

    private static List<string> StaticGroupsOf(TestRealm test, Thing thing) =>
        [.. GroupTree.GroupsOfThing(test, thing.ThingName).Where(group => !group.IsDynamic).Select(group => group.ThingGroupName)];
}
