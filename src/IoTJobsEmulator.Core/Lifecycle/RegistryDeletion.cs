using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>What becomes of memberships and executions when a thing or a group is deleted. The first DueWork.ChangesAtOnce changes are made at once, the rest is due work.</summary>
public static class RegistryDeletion
{
    /// <summary>A thing was deleted: it is in no group any more, and its open executions are REMOVED.</summary>
    public static void DeleteThing(Realm realm, Thing thing)
    {
        foreach (var membership in realm.Memberships.OfThing.RowsIn(thing.ThingName).ToList())
            realm.Memberships.Remove(membership.Key);
        var deleted = new DeletedThing { ThingName = thing.ThingName, Ordinal = realm.NextOrdinal() };
        realm.DeletedThings.Put(deleted);
        Step(realm, deleted, DueWork.ChangesAtOnce);
    }

    /// <summary>A group was deleted: for its members and for continuous jobs that is as if each had left.</summary>
    public static void DeleteGroup(Realm realm, ThingGroup group)
    {
        JobTargets.KeepDeletedGroup(realm, group);
        Step(realm, group, DueWork.ChangesAtOnce);
    }

    /// <summary>Goes on with the next thing or group that was deleted, by about so many changes.</summary>
    public static void Step(Realm realm, int budget)
    {
        if (realm.DeletedThings.InOrder.First is { } thing)
            Step(realm, thing, budget);
        else if (realm.ThingGroups.Deleted.First is { } group)
            Step(realm, group, budget);
    }

    public static bool HasWork(Realm realm) => realm.DeletedThings.Count > 0 || realm.ThingGroups.Deleted.Any;

    private static void Step(Realm realm, DeletedThing deleted, int budget)
    {
        // Newest first: what was queued for a new thing of the same name comes before the deleted one's.
        var open = new[] { QUEUED, IN_PROGRESS }
            .SelectMany(status => realm.Executions.OfThingWithStatus(deleted.ThingName, status, -deleted.Ordinal)).Take(budget + 1).ToList();
        var enough = realm.Changes.Count + budget;
        foreach (var execution in open)
        {
            if (realm.Changes.Count >= enough)
                return;
            Consequences.Apply(realm, execution.JobId, realm.Executions.Change(execution.Key, row => ExecutionSettlement.SettledRowOf(realm, realm.Jobs.Find(row.JobId)!, row)));
        }
        realm.DeletedThings.Remove(deleted.Key);
    }

    private static void Step(Realm realm, ThingGroup group, int budget)
    {
        var enough = realm.Changes.Count + budget;
        foreach (var membership in realm.Memberships.OfGroup.RowsIn(group.ThingGroupId).Take(budget).ToList())
        {
            if (realm.Changes.Count >= enough)
                return;
            realm.Memberships.Remove(membership.Key);
            ContinuousTargets.OnThingLeft(realm, membership);
            DynamicGroups.Evaluate(realm, membership.ThingName);
        }
        // A membership of a child group looks up its parent groups when it ends, so a parent goes last.
        if (!realm.Memberships.OfGroup.Any(group.ThingGroupId) && !realm.ThingGroups.OfParent.Any(group.ThingGroupId))
            realm.ThingGroups.Remove(group.ThingGroupId);
    }
}
