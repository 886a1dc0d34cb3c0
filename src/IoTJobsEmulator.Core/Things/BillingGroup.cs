using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Things;

/// <summary>
/// Things whose costs belong together. A thing is in one at most, and names it. A group that still has things cannot be deleted.
/// Source: API_DescribeBillingGroup; the developer guide, "Using billing groups".
/// </summary>
public sealed record BillingGroup : IRow<string>
{
    public required string BillingGroupName { get; init; }

    public required string BillingGroupId { get; init; }

    public required long Ordinal { get; init; }

    public string? Description { get; init; }

    public required Moment CreatedAt { get; init; }

    /// <summary>1 when created; grows by one with each update.</summary>
    public long Version { get; init; } = 1;

    public string Key => BillingGroupName;
}
