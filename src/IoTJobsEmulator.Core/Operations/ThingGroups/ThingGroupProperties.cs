using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Operations.ThingGroups;

/// <summary>What a caller may say of a thing group, and how it is described. Source: API_ThingGroupProperties.</summary>
public sealed record ThingGroupProperties : IStructure
{
    [ThingGroupDescription] public string? ThingGroupDescription { get; init; }

    /// <summary>At most 50 attributes.</summary>
    public AttributePayload? AttributePayload { get; init; }
}
