using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobTemplates;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeJobTemplate.html"/>
public static class DescribeJobTemplate
{
    /// <summary>Three configurations are always there, what else is unset is left out.</summary>
    public sealed record Response
    {
        public required string JobTemplateArn { get; init; }

        public required string JobTemplateId { get; init; }

        public required string Description { get; init; }

        public string? DocumentSource { get; init; }

        public string? Document { get; init; }

        public required Moment CreatedAt { get; init; }

        public required PresignedUrlConfig PresignedUrlConfig { get; init; }

        public required RolloutConfig JobExecutionsRolloutConfig { get; init; }

        public AbortConfig? AbortConfig { get; init; }

        public required TimeoutConfig TimeoutConfig { get; init; }

        public RetryConfig? JobExecutionsRetryConfig { get; init; }

        public ValueList<MaintenanceWindow>? MaintenanceWindows { get; init; }

        public ValueList<string>? DestinationPackageVersions { get; init; }
    }

    /// <summary>Describes a job template of the account's own.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="jobTemplateId">The template.</param>
    public static Response Handle(Realm realm, [Required, JobTemplateId] string jobTemplateId)
    {
        var template = JobTemplateLookup.GetJobTemplate(realm, jobTemplateId);
        return new()
        {
            JobTemplateArn = Arn.OfJobTemplate(realm, jobTemplateId),
            JobTemplateId = template.JobTemplateId,
            Description = template.Description,
            DocumentSource = template.DocumentSource,
            Document = template.Document,
            CreatedAt = template.CreatedAt,
            PresignedUrlConfig = template.PresignedUrlConfig ?? new(),
            JobExecutionsRolloutConfig = template.RolloutConfig ?? new(),
            AbortConfig = template.AbortConfig,
            TimeoutConfig = template.TimeoutConfig ?? new(),
            JobExecutionsRetryConfig = template.RetryConfig,
            MaintenanceWindows = template.MaintenanceWindows,
            DestinationPackageVersions = template.DestinationPackageVersions,
        };
    }
}
