using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.Things;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListThings.html"/>
public static class ListThings
{
    public sealed record Response(ValueList<ThingAttribute> Things, string? NextToken);

    /// <summary>A thing in the list. Source: API_ThingAttribute.</summary>
    public sealed record ThingAttribute(string ThingName, string? ThingTypeName, ArnText ThingArn, ValueMap Attributes, long Version);

    /// <summary>Lists things: all, those of a type, those with an attribute, or with a value of it.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="nextToken">The nextToken of the page before; absent for the first page.</param>
    /// <param name="maxResults">Entries on a page, at most 250.</param>
    /// <param name="attributeName">Only things that have this attribute.</param>
    /// <param name="attributeValue">Only things whose attribute attributeName has this value.</param>
    /// <param name="thingTypeName">Only things of this type.</param>
    /// <param name="usePrefixAttributeValue">Whether a value need only begin with attributeValue.</param>
    public static Response Handle(
        Realm realm,
        [NextToken] string? nextToken,
        [RegistryMaxResults] int? maxResults,
        [AttributeName] string? attributeName,
        [AttributeValue] string? attributeValue,
        [ThingTypeName] string? thingTypeName,
        bool? usePrefixAttributeValue)
    {
        if (attributeValue is not null && attributeName is null)
            throw ServiceError.InvalidRequest.Because("attributeName must be specified when attributeValue is specified.");

        var arns = Arn.PrefixOf(realm, Arn.ThingType);
        ThingAttribute View(Thing thing) =>
            new(thing.ThingName, thing.ThingTypeName, new(arns, thing.ThingName), thing.Attributes, thing.Version);

        var (things, next) = attributeName is null
            ? Page.Take(nameof(ListThings), ByName(realm, nextToken, thingTypeName), maxResults, View, thing => [thing.ThingName])
            : Page.Take(
                nameof(ListThings),
                ByAttribute(realm, nextToken, attributeName, attributeValue, usePrefixAttributeValue == true)
                    .Where(thing => thingTypeName is null || thing.ThingTypeName == thingTypeName),
                maxResults,
                View,
                thing => [thing.Attributes[attributeName], thing.ThingName]);
        return new(things, next);
    }

    private static IEnumerable<Thing> ByName(Realm realm, string? nextToken, string? thingTypeName)
    {
        var after = Page.ReadToken(nameof(ListThings), nextToken, 1)?[0] ?? "";
        return thingTypeName is null ? realm.Things.ByName.RowsAfter(after) : realm.Things.OfType.RowsAfter(thingTypeName, after);
    }

    /// <summary>In the order of the values, so that those with a prefix stand together.</summary>
    private static IEnumerable<Thing> ByAttribute(
        Realm realm, string? nextToken, string attributeName, string? attributeValue, bool isPrefix)
    {
        var after = Page.ReadToken(nameof(ListThings), nextToken, 2) is [var value, var thingName]
            ? new AttributePlace(value, thingName)
            : new(attributeValue ?? "", "");
        return realm.Things.ByAttribute.RowsAfter(attributeName, after).TakeWhile(thing => Matches(thing.Attributes[attributeName]));

        bool Matches(string value) =>
            attributeValue is null || (isPrefix ? value.StartsWith(attributeValue, StringComparison.Ordinal) : value == attributeValue);
    }
}
