using IoTJobsEmulator.Core.Operations.ThingGroups;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.BillingGroups;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListBillingGroups.html"/>
public static class ListBillingGroups
{
    public sealed record Response(ValueList<GroupNameAndArn> BillingGroups, string? NextToken);

    /// <summary>Lists billing groups by name.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    /// <param name="namePrefixFilter">Only groups whose names begin so.</param>
    public static Response Handle(Realm realm, [NextToken] string? nextToken, [RegistryMaxResults] int? maxResults, [BillingGroupName] string? namePrefixFilter)
    {
        var after = Page.ReadToken(nameof(ListBillingGroups), nextToken, 1)?[0];
        var (groups, next) = Page.Take(
            nameof(ListBillingGroups),
            WithPrefix(realm, after, namePrefixFilter ?? ""),
            maxResults,
            group => new GroupNameAndArn(group.BillingGroupName, Arn.OfBillingGroup(realm, group.BillingGroupName)),
            group => [group.BillingGroupName]);
        return new(groups, next);
    }

    /// <summary>Names with a prefix stand together, the prefix itself before all others.</summary>
    private static IEnumerable<BillingGroup> WithPrefix(Realm realm, string? after, string prefix)
    {
        var longer = realm.BillingGroups.ByName.RowsAfter(after ?? prefix).TakeWhile(group => group.BillingGroupName.StartsWith(prefix, StringComparison.Ordinal));
        return after is null && realm.BillingGroups.Find(prefix) is { } exact ? longer.Prepend(exact) : longer;
    }
}
