using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Principals;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListPrincipalThings.html"/>
public static class ListPrincipalThings
{
    public sealed record Response(ValueList<string> Things, string? NextToken);

    /// <summary>Lists the things to which a principal is attached, in the order of attaching.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    /// <param name="principal">The principal; one that is attached to nothing has no things.</param>
    public static Response Handle(Realm realm, [NextToken] string? nextToken, [RegistryMaxResults] int? maxResults, [Required, Header("x-amzn-principal"), Principal] string principal)
    {
        var after = Page.ReadToken(nameof(ListPrincipalThings), nextToken, 1) is [var ordinal] ? Page.ParseNumber(ordinal) : 0;
        var (things, next) = Page.Take(
            nameof(ListPrincipalThings),
            realm.PrincipalAttachments.OfPrincipal.RowsAfter(principal, after),
            maxResults,
            attachment => attachment.ThingName,
            attachment => [attachment.Ordinal]);
        return new(things, next);
    }
}
