using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingTypes;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListThingTypes.html"/>
public static class ListThingTypes
{
    public sealed record Response(ValueList<ThingTypeDefinition> ThingTypes, string? NextToken);

    /// <summary>A type in the list. Source: API_ThingTypeDefinition.</summary>
    public sealed record ThingTypeDefinition(string ThingTypeName, string ThingTypeArn, ThingTypeProperties ThingTypeProperties, ThingTypeMetadata ThingTypeMetadata);

    /// <summary>Lists thing types by name.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    /// <param name="thingTypeName">Only the type of this name.</param>
    public static Response Handle(Realm realm, [NextToken] string? nextToken, [RegistryMaxResults] int? maxResults, [ThingTypeName] string? thingTypeName)
    {
        var after = Page.ReadToken(nameof(ListThingTypes), nextToken, 1)?[0] ?? "";
        var (types, next) = Page.Take(
            nameof(ListThingTypes),
            thingTypeName is null ? realm.ThingTypes.ByName.RowsAfter(after) : WithName(realm, thingTypeName),
            maxResults,
            type => new ThingTypeDefinition(type.ThingTypeName, Arn.OfThingType(realm, type.ThingTypeName), type.Properties, ThingTypeMetadata.Of(type)),
            type => [type.ThingTypeName]);
        return new(types, next);
    }

    private static IEnumerable<ThingType> WithName(Realm realm, string thingTypeName) => realm.ThingTypes.Find(thingTypeName) is { } type ? [type] : [];
}
