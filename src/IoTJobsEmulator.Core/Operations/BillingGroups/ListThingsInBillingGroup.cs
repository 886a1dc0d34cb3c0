using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.BillingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingsInBillingGroup.html"/>
public static class ListThingsInBillingGroup
{
    public sealed record Response(ValueList<string> Things, string? NextToken);

    /// <summary>Lists the things in a billing group by name.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="billingGroupName">The group.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    public static Response Handle(
        Realm realm, [Required, BillingGroupName] string billingGroupName, [NextToken] string? nextToken, [RegistryMaxResults] int? maxResults)
    {
        var group = RegistryLookup.GetBillingGroup(realm, billingGroupName);
        var (things, next) = Page.Take(
            nameof(ListThingsInBillingGroup),
            realm.Things.OfBillingGroup.RowsAfter(group.BillingGroupName, Page.ReadToken(nameof(ListThingsInBillingGroup), nextToken, 1)?[0] ?? ""),
            maxResults,
            thing => thing.ThingName,
            thing => [thing.ThingName]);
        return new(things, next);
    }
}
