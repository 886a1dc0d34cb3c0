using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>A registry entry that a device speaks for. Source: API_DescribeThing.</summary>
public sealed record Thing : IRow<string>
{
    public required string ThingName { get; init; }

    public required string ThingId { get; init; }

    public required long Ordinal { get; init; }

    public string? ThingTypeName { get; init; }

    public string? BillingGroupName { get; init; }

    public ValueMap Attributes { get; init; } = ValueMap.Empty;

    /// <summary>1 when created; grows by one with each update.</summary>
    public long Version { get; init; } = 1;

    public string Key => ThingName;
}
