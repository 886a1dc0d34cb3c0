using IoTJobsEmulator.Core.Things;

namespace IoTJobsEmulator.Core.Operations.ThingTypes;

/// <summary>How a thing type stands. Source: API_ThingTypeMetadata.</summary>
public sealed record ThingTypeMetadata(bool Deprecated, Moment? DeprecationDate, Moment CreationDate)
{
    public static ThingTypeMetadata Of(ThingType type) => new(type.IsDeprecated, type.DeprecatedAt, type.CreatedAt);
}
