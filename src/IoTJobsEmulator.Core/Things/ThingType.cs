using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>What kind of thing a thing is. Its name never changes. Source: API_DescribeThingType; the developer guide, "Thing types".</summary>
public sealed record ThingType : IRow<string>
{
    /// <summary>How long after its deprecation a type can be deleted at the earliest.</summary>
    public static readonly TimeSpan DeletableAfter = TimeSpan.FromMinutes(5);

    public required string ThingTypeName { get; init; }

    public required string ThingTypeId { get; init; }

    public required long Ordinal { get; init; }

    public ThingTypeProperties Properties { get; init; } = new();

    public required Moment CreatedAt { get; init; }

    /// <summary>Since when no thing can be given this type; null while it can.</summary>
    public Moment? DeprecatedAt { get; init; }

    public string Key => ThingTypeName;

    public bool IsDeprecated => DeprecatedAt is not null;

    /// <summary>Deprecating a type again does not begin its five minutes anew.</summary>
    public ThingType Deprecate(Moment now) => IsDeprecated ? this : this with { DeprecatedAt = now };

    public ThingType UndoDeprecation() => IsDeprecated ? this with { DeprecatedAt = null } : this;
}
