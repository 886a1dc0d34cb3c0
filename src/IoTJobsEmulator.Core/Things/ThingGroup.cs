using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>
/// A group of things: a static one, perhaps below another group, or a dynamic one, whose members a query finds. Its parent never
/// changes. The row of a deleted group stays, hidden from callers, until its last member has left.
/// Source: API_DescribeThingGroup; the developer guide, "Static thing groups" and "Dynamic thing groups".
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

    /// <summary>What finds the members of a dynamic group; null for a static one.</summary>
    public string? QueryString { get; init; }

    /// <summary>Whether the query was changed since the group was created.</summary>
    public bool IsQueryUpdated { get; init; }

    /// <summary>The name of the last thing that the query was asked of, since it was given; null once it was asked of all.</summary>
    public string? LastEvaluatedThingName { get; init; }

    public bool IsDynamic => QueryString is not null;

    public DynamicGroupStatus Status => LastEvaluatedThingName is null ? DynamicGroupStatus.ACTIVE : IsQueryUpdated ? DynamicGroupStatus.REBUILDING : DynamicGroupStatus.BUILDING;

    public string Key => ThingGroupId;
}

/// <summary>Whether a dynamic group's query has been asked of all things.</summary>
public enum DynamicGroupStatus
{
    ACTIVE,
    BUILDING,
    REBUILDING,
}
