using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingGroups.html"/>
public static class ListThingGroups
{
    public sealed record Response(ValueList<GroupNameAndArn> ThingGroups, string? NextToken);

    /// <summary>Lists thing groups: all, those directly below a group, or, with recursive, all below it.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    /// <param name="parentGroup">Only groups below this one.</param>
    /// <param name="namePrefixFilter">Only groups whose names begin so.</param>
    /// <param name="recursive">Whether groups below child groups are listed too. When absent: only without parentGroup.</param>
    public static Response Handle(
        Realm realm,
        [NextToken] string? nextToken,
        [RegistryMaxResults] int? maxResults,
        [ThingGroupName] string? parentGroup,
        [ThingGroupName] string? namePrefixFilter,
        bool? recursive)
    {
        var parent = parentGroup is null ? null : RegistryLookup.GetThingGroup(realm, parentGroup);

        // Without a parent, AWS lists child groups too unless told not to (observed: localstack's tests validated against AWS).
        var (groups, next) = (parent, recursive) switch
        {
            (null, null or true) => List(ByName(realm, Read(nextToken), namePrefixFilter), group => group.ThingGroupName),
            (not null, true) => List(Below(realm, parent, Read(nextToken)), group => group.Path),
            _ => List(Children(realm, parent, Read(nextToken)), group => group.Ordinal),
        };
        return new(groups, next);

        (ValueList<GroupNameAndArn>, string?) List(IEnumerable<ThingGroup> found, Func<ThingGroup, object> place) => Page.Take(
            nameof(ListThingGroups),
            found.Where(group => namePrefixFilter is null || HasPrefix(group, namePrefixFilter)),
            maxResults,
            group => GroupNameAndArn.Of(realm, group),
            group => [place(group)]);
    }

    private static string? Read(string? nextToken) => Page.ReadToken(nameof(ListThingGroups), nextToken, 1)?[0];

    /// <summary>Names with a prefix stand together, the prefix itself before all others.</summary>
    private static IEnumerable<ThingGroup> ByName(Realm realm, string? after, string? prefix)
    {
        if (prefix is null)
            return realm.ThingGroups.ByName.RowsAfter(after ?? "");
        var longer = realm.ThingGroups.ByName.RowsAfter(after ?? prefix).TakeWhile(group => HasPrefix(group, prefix));
        return after is null && RegistryLookup.FindThingGroup(realm, prefix) is { } exact ? longer.Prepend(exact) : longer;
    }

    private static IEnumerable<ThingGroup> Below(Realm realm, ThingGroup parent, string? after) =>
        GroupTree.SelfAndDescendants(realm, parent, after).Where(group => group.Path != (after ?? parent.Path));

    private static IEnumerable<ThingGroup> Children(Realm realm, ThingGroup? parent, string? after) => realm.ThingGroups.OfParent
        .RowsAfter(parent?.ThingGroupId ?? ThingGroupTable.NoParent, after is null ? 0 : Page.ParseNumber(after))
        .Where(group => !group.IsDeleted);

    private static bool HasPrefix(ThingGroup group, string prefix) => group.ThingGroupName.StartsWith(prefix, StringComparison.Ordinal);
}
