using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>
/// A thing group whose things are yet to become a job's targets, and how many of them have become so. A large group takes several
/// turns, but its members are those it had when the targets were named.
/// </summary>
public sealed record TargetExpansion : IRow<Number>
{
    public required string JobId { get; init; }

    public required string ThingGroupId { get; init; }

    /// <summary>Which of the job's targets the group belongs to.</summary>
    public required int TargetIndex { get; init; }

    /// <summary>Members and child groups with a greater ordinal came after the job's targets were named.</summary>
    public required long CutoffOrdinal { get; init; }

    /// <summary>The ordinal of the last membership that has been gone through; null before the child groups were.</summary>
    public long? LastMembershipOrdinal { get; init; }

    /// <summary>Targets that are associated with a running job are rolled out at once, like what joins later.</summary>
    public bool IsUnpaced { get; init; }

    public required long Ordinal { get; init; }

    public Number Key => Ordinal;
}
