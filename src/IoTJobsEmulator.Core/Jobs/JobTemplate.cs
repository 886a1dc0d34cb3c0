using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>A stored job without targets. It never changes; jobs made from it do not remember more than its ARN. Source: API_DescribeJobTemplate.</summary>
public sealed record JobTemplate : IRow<string>
{
    /// <summary>Templates of one account and region.</summary>
    public const int MaxTemplates = 100;

    public required string JobTemplateId { get; init; }

    public required long Ordinal { get; init; }

    public required string Description { get; init; }

    /// <summary>A link, which is read when a job is made from the template; null when the document itself is here.</summary>
    public string? DocumentSource { get; init; }

    public string? Document { get; init; }

    public PresignedUrlConfig? PresignedUrlConfig { get; init; }

    public RolloutConfig? RolloutConfig { get; init; }

    public AbortConfig? AbortConfig { get; init; }

    public TimeoutConfig? TimeoutConfig { get; init; }

    public RetryConfig? RetryConfig { get; init; }

    public ValueList<MaintenanceWindow>? MaintenanceWindows { get; init; }

    public ValueList<string>? DestinationPackageVersions { get; init; }

    public required Moment CreatedAt { get; init; }

    public string Key => JobTemplateId;
}
