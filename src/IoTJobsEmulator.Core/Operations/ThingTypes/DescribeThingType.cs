using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingTypes;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeThingType.html"/>
public static class DescribeThingType
{
    public sealed record Response(
        string ThingTypeName, string ThingTypeId, string ThingTypeArn, ThingTypeProperties ThingTypeProperties, ThingTypeMetadata ThingTypeMetadata);

    /// <summary>Describes a thing type.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="thingTypeName">The type.</param>
    public static Response Handle(Realm realm, [Required, ThingTypeName] string thingTypeName)
    {
        var type = RegistryLookup.GetThingType(realm, thingTypeName);
        return new(type.ThingTypeName, type.ThingTypeId, Arn.OfThingType(realm, thingTypeName), type.Properties, ThingTypeMetadata.Of(type));
    }
}
