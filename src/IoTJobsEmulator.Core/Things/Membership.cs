using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>A thing in a group, which is named by its id: a group deleted and made again inherits nobody.</summary>
public sealed record Membership : IRow<(string ThingGroupId, string ThingName)>
{
    public required string ThingGroupId { get; init; }

    public required string ThingName { get; init; }

    /// <summary>In the order of joining.</summary>
    public required long Ordinal { get; init; }

    public (string ThingGroupId, string ThingName) Key => (ThingGroupId, ThingName);
}
