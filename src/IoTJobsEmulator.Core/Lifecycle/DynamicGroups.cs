using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// The members of dynamic groups follow the registry, and continuous jobs follow the members. A change of one thing is a matter of
/// that thing and of each dynamic group, of which there are at most <see cref="MaxGroups"/>; a new query is asked of all things, DueWork.ChangesPerTurn
/// a turn. Source: the developer guide, "Dynamic thing groups".
/// </summary>
public static class DynamicGroups
{
    /// <summary>Dynamic groups of one account and region.</summary>
    public const int MaxGroups = 100;

    /// <summary>A thing was created or changed, or is in other static groups than before. A thing that is in <see cref="GroupTree.MaxGroupsOfThing"/> groups joins no other.</summary>
    public static void Evaluate(Realm realm, string thingName)
    {
        if (!realm.ThingGroups.Dynamic.Any || realm.Things.Find(thingName) is not { } thing)
            return;
        UpdateMemberships(realm, thing, realm.ThingGroups.Dynamic.Rows.ToList());
    }

    /// <summary>A group has a new query: it is asked of the first DueWork.ChangesAtOnce things at once, of the rest by due work.</summary>
    public static void Begin(Realm realm, ThingGroup group) => Step(realm, group, DueWork.ChangesAtOnce);

    public static bool HasWork(Realm realm) => realm.ThingGroups.Evaluating.Any;

    /// <summary>Goes on with the oldest group, by so many things.</summary>
    public static void Step(Realm realm, int budget) => Step(realm, realm.ThingGroups.Evaluating.First!, budget);

    /// <summary>A thing leaves the dynamic group that it joined last, to make room for a static one.</summary>
    public static void LeaveLastJoined(Realm realm, string thingName)
    {
        if (GroupTree.GroupsOfThing(realm, thingName).LastOrDefault(group => group.IsDynamic) is { } last)
            Leave(realm, thingName, last);
    }

    private static void Step(Realm realm, ThingGroup group, int budget)
    {
        var things = realm.Things.ByName.RowsAfter(group.LastEvaluatedThingName!).Take(budget).ToList();
        foreach (var thing in things)
        {
            // A thing that leaves has room for another group, which it may not have joined before because of the limit.
            if (UpdateMemberships(realm, thing, [group]))
                Evaluate(realm, thing.ThingName);
        }
        realm.ThingGroups.Change(group.Key, row => row with { LastEvaluatedThingName = things.Count == budget ? things[^1].ThingName : null });
    }

    // Leaves before it joins, because of the limit of groups. Answers whether it left one.
    private static bool UpdateMemberships(Realm realm, Thing thing, IReadOnlyList<ThingGroup> dynamicGroups)
    {
        var groups = GroupTree.GroupsOfThing(realm, thing.ThingName).ToList();
        var names = groups.Where(group => !group.IsDynamic).Select(group => group.ThingGroupName).ToList();
        var found = dynamicGroups.ToLookup(group => ThingQuery.Parse(group.QueryString!).Matches(thing, names));
        var left = found[false].Where(group => IsIn(realm, thing, group)).ToList();
        foreach (var group in left)
            Leave(realm, thing.ThingName, group);
        var count = groups.Count - left.Count;
        foreach (var group in found[true].Where(group => !IsIn(realm, thing, group)))
        {
            if (count++ >= GroupTree.MaxGroupsOfThing)
                break;
            var membership = new Membership { ThingGroupId = group.ThingGroupId, ThingName = thing.ThingName, Ordinal = realm.NextOrdinal() };
            realm.Memberships.Put(membership);
            ContinuousTargets.OnThingJoined(realm, membership);
        }
        return left.Count > 0;
    }

    private static void Leave(Realm realm, string thingName, ThingGroup group)
    {
        var membership = realm.Memberships.Find(new(group.ThingGroupId, thingName))!;
        realm.Memberships.Remove(membership.Key);
        ContinuousTargets.OnThingLeft(realm, membership);
    }

    private static bool IsIn(Realm realm, Thing thing, ThingGroup group) => realm.Memberships.Find(new(group.ThingGroupId, thing.ThingName)) is not null;
}
