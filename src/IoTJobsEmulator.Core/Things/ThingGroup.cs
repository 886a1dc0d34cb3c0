using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>
/// A static group of things, perhaps below another group. Its parent never changes. A group that was deleted stays, nameless to
/// callers, until its last member has left it. Source: API_DescribeThingGroup; the developer guide, "Static thing groups".
/// </summary>
public sealed record ThingGroup : IRow<string>
{
    public required string ThingGroupId { get; init; }

    public required string ThingGroupName { get; init; }

    public required long Ordinal { get; init; }

    public string? ParentGroupId { get; init; }

    /// <summary>The ids from the root down to this group, each followed by a slash: all below a group begin with its path.</summary>
    public required string Path { get; init; }

    public string? Description { get; init; }

    public ValueMap Attributes { get; init; } = ValueMap.Empty;

    public required Moment CreatedAt { get; init; }

    /// <summary>1 when created; grows by one with each update.</summary>
    public long Version { get; init; } = 1;

    public bool IsDeleted { get; init; }

    public string Key => ThingGroupId;
}
