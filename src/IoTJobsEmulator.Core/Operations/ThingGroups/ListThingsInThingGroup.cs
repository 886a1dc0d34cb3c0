using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingsInThingGroup.html"/>
public static class ListThingsInThingGroup
{
    public sealed record Response(ValueList<string> Things, string? NextToken);

    /// <summary>Lists the things in a thing group, with recursive also those in all groups below it.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingGroupName">The group.</param>
    /// <param name="recursive">Whether things in groups below it are listed too.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    public static Response Handle(
        Realm realm,
        [ThingGroupName] string thingGroupName,
        bool? recursive,
        [NextToken] string? nextToken,
        [RegistryMaxResults] int? maxResults)
    {
        var group = RegistryLookup.GetThingGroup(realm, thingGroupName);
        var (things, next) = recursive == true
            ? Page.Take(
                nameof(ListThingsInThingGroup),
                InTree(realm, group, Page.ReadToken(nameof(ListThingsInThingGroup), nextToken, 2)),
                maxResults,
                member => member.Membership.ThingName,
                member => [member.Group.Path, member.Membership.Ordinal])
            : Page.Take(
                nameof(ListThingsInThingGroup),
                InGroup(realm, group, Page.ReadToken(nameof(ListThingsInThingGroup), nextToken, 1)?[0]),
                maxResults,
                membership => membership.ThingName,
                membership => [membership.Ordinal]);
        return new(things, next);
    }

    private static IEnumerable<Membership> InGroup(Realm realm, ThingGroup group, string? after) =>
        realm.Memberships.OfGroup.RowsAfter(group.ThingGroupId, after is null ? 0 : Page.ParseNumber(after));

    /// <summary>Group by group. No thing comes twice, because it can be in one group of a tree.</summary>
    private static IEnumerable<(ThingGroup Group, Membership Membership)> InTree(Realm realm, ThingGroup root, string[]? place) =>
        from @group in GroupTree.SelfAndDescendants(realm, root, place?[0])
        from membership in InGroup(realm, @group, @group.Path == place?[0] ? place[1] : null)
        select (@group, membership);
}
