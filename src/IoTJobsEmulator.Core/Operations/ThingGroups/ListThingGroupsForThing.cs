using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingGroupsForThing.html"/>
public static class ListThingGroupsForThing
{
    public sealed record Response(ValueList<GroupNameAndArn> ThingGroups, string? NextToken);

    /// <summary>Lists the thing groups to which a thing was added, not the groups above them.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingName">The thing.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    public static Response Handle(Realm realm, [ThingName] string thingName, [NextToken] string? nextToken, [RegistryMaxResults] int? maxResults)
    {
        var thing = RegistryLookup.GetThing(realm, thingName);
        var after = Page.ReadToken(nameof(ListThingGroupsForThing), nextToken, 1) is [var ordinal] ? Page.ParseNumber(ordinal) : 0;

        var memberships =
            from membership in realm.Memberships.OfThing.RowsAfter(thing.ThingName, after)
            let @group = realm.ThingGroups.Find(membership.ThingGroupId)
            where @group is { IsDeleted: false }
            select (membership.Ordinal, Group: @group);
        var (groups, next) = Page.Take(
            nameof(ListThingGroupsForThing),
            memberships,
            maxResults,
            member => GroupNameAndArn.Of(realm, member.Group),
            member => [member.Ordinal]);
        return new(groups, next);
    }
}
