using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.JobTemplates;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <summary>
/// What a template adds to a request for a job. A member that the request has replaces the template's as a whole.
/// Source: the developer guide, "Create custom job templates"; descriptions as observed.
/// </summary>
internal static class JobFromTemplate
{
    public static CreateJob.Request Merge(Realm realm, CreateJob.Request request)
    {
        var template = request.JobTemplateArn is { } arn ? JobTemplateLookup.Find(realm, arn) : default;
        if (request.DocumentParameters is not null && template.Managed is null)
            throw ServiceError.InvalidRequest.Because("documentParameters can only be specified with a managed job template.");
        return template switch
        {
            ({ } custom, _) => Merge(request, custom),
            (_, { } managed) => Merge(request, managed),
            _ => request,
        };
    }

    // The description of a template of one's own is not taken (observed).
    private static CreateJob.Request Merge(CreateJob.Request request, JobTemplate template) => request with
    {
        Document = request.DocumentSource is null ? request.Document ?? template.Document : null,
        DocumentSource = request.Document is null ? request.DocumentSource ?? template.DocumentSource : null,
        JobExecutionsRolloutConfig = request.JobExecutionsRolloutConfig ?? template.RolloutConfig,
        PresignedUrlConfig = request.PresignedUrlConfig ?? template.PresignedUrlConfig,
        JobExecutionsRetryConfig = request.JobExecutionsRetryConfig ?? template.RetryConfig,
        AbortConfig = request.AbortConfig ?? template.AbortConfig,
        TimeoutConfig = request.TimeoutConfig ?? template.TimeoutConfig,
        SchedulingConfig = template.MaintenanceWindows is { } windows && request.SchedulingConfig?.MaintenanceWindows is null
            ? (request.SchedulingConfig ?? new()) with { MaintenanceWindows = windows }
            : request.SchedulingConfig,
        DestinationPackageVersions = request.DestinationPackageVersions ?? template.DestinationPackageVersions,
    };

    // That of a template that AWS provides is (the guide's example).
    private static CreateJob.Request Merge(CreateJob.Request request, ManagedTemplate template)
    {
        var document = template.DocumentWith(request.DocumentParameters ?? ValueMap.Empty);
        if (request.Document is null && document.Length > JobDocument.MaxLength)
            throw ServiceError.InvalidRequest.Because($"Job document with its parameters is longer than {JobDocument.MaxLength} characters.");
        return request with
        {
            Document = request.DocumentSource is null ? request.Document ?? document : null,
            Description = request.Description ?? template.Description,
        };
    }
}
