using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Principals;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingPrincipals.html"/>
public static class ListThingPrincipals
{
    public sealed record Response(ValueList<string> Principals, string? NextToken);

    /// <summary>Lists the principals that are attached to a thing, in the order of attaching.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingName">The thing.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    public static Response Handle(Realm realm, [Required, ThingName] string thingName, [NextToken] string? nextToken, [RegistryMaxResults] int? maxResults)
    {
        var thing = RegistryLookup.GetThing(realm, thingName);
        var after = Page.ReadToken(nameof(ListThingPrincipals), nextToken, 1) is [var ordinal] ? Page.ParseNumber(ordinal) : 0;
        var (principals, next) = Page.Take(
            nameof(ListThingPrincipals),
            realm.PrincipalAttachments.OfThing.RowsAfter(thing.ThingName, after),
            maxResults,
            attachment => attachment.Principal,
            attachment => [attachment.Ordinal]);
        return new(principals, next);
    }
}
