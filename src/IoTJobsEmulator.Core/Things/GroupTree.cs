using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>
/// Groups above and below groups. A thing in a group is also in all groups above it; the guide allows it one group of a tree.
/// Source: the developer guide, "Static thing groups"; quotas of AWS IoT Device Management.
/// </summary>
public static class GroupTree
{
    /// <summary>Groups from a root down to the deepest below it, the root counted.</summary>
    public const int MaxDepth = 7;

    public const int MaxChildren = 100;

    public const int MaxGroupsOfThing = 10;

    /// <summary>The group, its parent, and so on up to the root.</summary>
    public static IEnumerable<ThingGroup> AncestorsAndSelf(Realm realm, ThingGroup group)
    {
        for (var next = group; next is not null; next = next.ParentGroupId is { } parent ? realm.ThingGroups.Find(parent) : null)
            yield return next;
    }

    /// <summary>The groups directly below, in order of creation, without those that are deleted.</summary>
    public static IEnumerable<ThingGroup> ChildrenOf(Realm realm, ThingGroup group) =>
        realm.ThingGroups.OfParent.RowsIn(group.ThingGroupId).Where(child => !child.IsDeleted);

    /// <summary>
    /// The group and all below it in the order of their paths, without those that are deleted; <paramref name="fromPath"/> on,
    /// that one included, if it is still there.
    /// </summary>
    public static IEnumerable<ThingGroup> SelfAndDescendants(Realm realm, ThingGroup group, string? fromPath = null)
    {
        // A path without its last slash comes right before the path: ids are of one length, so nothing comes between.
        var before = (fromPath ?? group.Path).TrimEnd('/');
        return realm.ThingGroups.ByPath.RowsAfter(before).TakeWhile(below => below.Path.StartsWith(group.Path, StringComparison.Ordinal));
    }

    /// <summary>The groups that a thing was added to, in the order of joining, without those that are deleted.</summary>
    public static IEnumerable<ThingGroup> GroupsOfThing(Realm realm, string thingName) =>
        realm.Memberships.OfThing.RowsIn(thingName)
            .Select(membership => realm.ThingGroups.Find(membership.ThingGroupId))
            .OfType<ThingGroup>()
            .Where(group => !group.IsDeleted);

    /// <summary>How many groups lead from the root down to this one, both counted.</summary>
    public static int DepthOf(ThingGroup group) => group.Path.Count(character => character == '/');

    /// <summary>Whether two groups have the same root.</summary>
    public static bool AreInOneTree(ThingGroup one, ThingGroup other) => RootIdOf(one) == RootIdOf(other);

    private static string RootIdOf(ThingGroup group) => group.Path[..group.Path.IndexOf('/', StringComparison.Ordinal)];
}
