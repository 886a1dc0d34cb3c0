using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;
using static IoTJobsEmulator.Core.Lifecycle.RegistryOperation;

namespace IoTJobsEmulator.Core.Lifecycle;

/// <summary>
/// The registry events that follow from a turn's changes: only of the types that the account has switched on, so that the others
/// cost nothing. Source: the developer guide, "Registry events".
/// </summary>
public static class RegistryAnnouncements
{
    /// <summary>The events in the order of the changes.</summary>
    public static IReadOnlyList<RegistryEvent> Of(Realm realm, IReadOnlyList<Change> changes) =>
        realm.EventConfigurations.Only is { } events ? [.. Of(realm, changes, events)] : [];

    private static IEnumerable<RegistryEvent> Of(Realm realm, IReadOnlyList<Change> changes, EventConfiguration events)
    {
        // The deletion of a group changes many memberships: they are examined only if their events are switched on.
        var memberships = events.IsEnabled(EventType.THING_GROUP_MEMBERSHIP) ? new MembershipEvents(realm, changes) : null;
        return changes
            .SelectMany(change => change switch
            {
                Change<Thing> thing => Of(thing),
                Change<ThingType> type => Of(type),
                Change<ThingGroup> group => Of(realm, group),
                Change<Membership> membership when memberships is not null => memberships.Of(membership),
                _ => Enumerable.Empty<RegistryEvent>(),
            })
            .Where(told => events.IsEnabled(told.Type));
    }

    private static IEnumerable<RegistryEvent> Of(Change<Thing> change)
    {
        var (before, after) = (change.Before, change.After);
        // Joining a billing group leaves the version as it is: that is no update of the thing.
        if (Operation(before?.Version, after?.Version) is { } operation)
            yield return new ThingEvent(operation, after ?? before!);
        if (before?.ThingTypeName == after?.ThingTypeName)
            yield break;
        if (before?.ThingTypeName is { } lost)
            yield return new ThingTypeAssociationEvent(removed, after ?? before, lost);
        if (after?.ThingTypeName is { } given)
            yield return new ThingTypeAssociationEvent(added, after, given);
    }

    private static IEnumerable<RegistryEvent> Of(Change<ThingType> change) =>
        [new ThingTypeEvent(change.Before is null ? created : change.After is null ? deleted : updated, change.After ?? change.Before!)];

    // A group counts as deleted when callers no longer see it; its row is removed when its last member has left.
    private static IEnumerable<RegistryEvent> Of(Realm realm, Change<ThingGroup> change)
    {
        var (before, after) = (VisibleOrNull(change.Before), VisibleOrNull(change.After));
        if ((after ?? before) is not { } group || Operation(before?.Version, after?.Version) is not { } operation)
            yield break;
        var above = GroupTree.AncestorsAndSelf(realm, group).Skip(1).Reverse().ToList();
        yield return new ThingGroupEvent(operation, group, new(above));
        if (operation != updated && above is [.., var parent])
            yield return new ThingGroupHierarchyEvent(operation == created ? added : removed, parent, group);
    }

    private static ThingGroup? VisibleOrNull(ThingGroup? group) => group is { IsDeleted: false } ? group : null;

    // A row whose version stays was not updated by a caller: a dynamic group, for example, records how far its query has been evaluated.
    private static RegistryOperation? Operation(long? versionBefore, long? versionAfter) => (versionBefore, versionAfter) switch
    {
        (null, null) => null,
        (null, _) => created,
        (_, null) => deleted,
        _ => versionAfter > versionBefore ? updated : null,
    };

    /// <summary>Which thing joined or left which group. For a thing or group that was deleted in the same turn its last row is used.</summary>
    private sealed class MembershipEvents(Realm realm, IReadOnlyList<Change> changes)
    {
        private readonly ILookup<string, Thing> _things = RemovedRows<Thing>(changes).ToLookup(thing => thing.Key);
        private readonly ILookup<string, ThingGroup> _groups = RemovedRows<ThingGroup>(changes).ToLookup(group => group.Key);

        public IEnumerable<RegistryEvent> Of(Change<Membership> change)
        {
            var membership = (change.After ?? change.Before)!;
            var group = realm.ThingGroups.Find(membership.ThingGroupId) ?? _groups[membership.ThingGroupId].LastOrDefault();
            var thing = realm.Things.Find(membership.ThingName) ?? _things[membership.ThingName].LastOrDefault();
            // A thing or group whose row is missing is left out; an error here would undo the turn.
            return group is null || thing is null ? [] : [new ThingGroupMembershipEvent(change.Before is null ? added : removed, group, thing, membership)];
        }

        private static IEnumerable<TRow> RemovedRows<TRow>(IReadOnlyList<Change> changes) where TRow : class =>
            changes.OfType<Change<TRow>>().Where(change => change.After is null).Select(change => change.Before!);
    }
}
