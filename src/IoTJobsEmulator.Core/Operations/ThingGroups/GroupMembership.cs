using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <summary>
/// A thing joins a group or leaves it, and continuous jobs follow. Source: the developer guide, "Static thing groups". It states
/// the limits; how the service words its refusals is not public.
/// </summary>
internal static class GroupMembership
{
    /// <summary>Nothing happens to a thing that is already in the group: that is no join, and no continuous job may see one.</summary>
    public static void Join(Realm realm, Thing thing, ThingGroup group, bool overrideDynamicGroups)
    {
        RegistryLookup.RefuseDynamic(group);
        if (realm.Memberships.Find(new(group.ThingGroupId, thing.ThingName)) is not null)
            return;
        if (overrideDynamicGroups && GroupTree.GroupsOfThing(realm, thing.ThingName).Count() >= GroupTree.MaxGroupsOfThing)
            DynamicGroups.LeaveLastJoined(realm, thing.ThingName);
        RefuseOneTooMany(realm, thing, group);

        var membership = new Membership { ThingGroupId = group.ThingGroupId, ThingName = thing.ThingName, Ordinal = realm.NextOrdinal() };
        realm.Memberships.Put(membership);
        ContinuousTargets.OnThingJoined(realm, membership);
        DynamicGroups.Evaluate(realm, thing.ThingName);
    }

    /// <summary>Nothing happens to a thing that is not in the group.</summary>
    public static void Leave(Realm realm, Thing thing, ThingGroup group)
    {
        RegistryLookup.RefuseDynamic(group);
        if (realm.Memberships.Find(new(group.ThingGroupId, thing.ThingName)) is not { } membership)
            return;
        realm.Memberships.Remove(membership.Key);
        ContinuousTargets.OnThingLeft(realm, membership);
        DynamicGroups.Evaluate(realm, thing.ThingName);
    }

    private static void RefuseOneTooMany(Realm realm, Thing thing, ThingGroup group)
    {
        var cannotBeAdded = $"Thing {thing.ThingName} cannot be added to thing group {group.ThingGroupName}:";
        var groups = GroupTree.GroupsOfThing(realm, thing.ThingName).ToList();
        if (groups.Find(other => GroupTree.AreInOneTree(other, group)) is { } relative)
            throw ServiceError.InvalidRequest.Because(
                $"{cannotBeAdded} it is in thing group {relative.ThingGroupName} of the same hierarchy.");
        if (groups.Count >= GroupTree.MaxGroupsOfThing)
            throw ServiceError.InvalidRequest.Because(
                $"{cannotBeAdded} the maximum number of thing groups for a thing is {GroupTree.MaxGroupsOfThing}");
    }
}
