using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Operations.Tags;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobTemplates;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_CreateJobTemplate.html"/>
public static class CreateJobTemplate
{
    /// <summary>Members stand in the order in which the service reports their violations, as in UpdateJob.</summary>
    public sealed record Request : IStructure
    {
        /// <summary>A job whose document and configurations the template takes over, as far as the request does not say otherwise.</summary>
        [JobArn] public string? JobArn { get; init; }

        /// <summary>A link to the document in S3. It is read when a job is made from the template, not before.</summary>
        [JobDocumentSource] public string? DocumentSource { get; init; }

        /// <summary>The document as JSON, at most 32768 characters.</summary>
        [JobDocument] public string? Document { get; init; }

        /// <summary>Required, also for a template that is made from a job (observed).</summary>
        [Required, JobDescription] public string? Description { get; init; }

        public RolloutConfig? JobExecutionsRolloutConfig { get; init; }

        public PresignedUrlConfig? PresignedUrlConfig { get; init; }

        public RetryConfig? JobExecutionsRetryConfig { get; init; }

        public AbortConfig? AbortConfig { get; init; }

        public TimeoutConfig? TimeoutConfig { get; init; }

        [TagList] public ValueList<Tag>? Tags { get; init; }

        [MaintenanceWindows] public ValueList<MaintenanceWindow>? MaintenanceWindows { get; init; }

        /// <summary>At most 25 ARNs.</summary>
        [DestinationPackageVersions] public ValueList<string>? DestinationPackageVersions { get; init; }
    }

    public sealed record Response(string JobTemplateArn, string JobTemplateId);

    /// <summary>Creates a job template from a document, from a link to one, or from a job.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="jobTemplateId">An id for the template.</param>
    /// <param name="request">What jobs made from the template are to be like.</param>
    public static Response Handle(Realm realm, [Required, JobTemplateId] string jobTemplateId, Request? request)
    {
        Check(request!);
        var source = request!.JobArn is { } jobArn ? JobOf(realm, jobArn) : null;
        if (realm.JobTemplates.Find(jobTemplateId) is not null)
            throw new ServiceException(ServiceError.Conflict, "Job Template ID already exists.") { Members = new ValueMap([new("resourceId", jobTemplateId)]) };
        if (realm.JobTemplates.Count >= JobTemplate.MaxTemplates)
            throw ServiceError.LimitExceeded.Because($"The number of job templates cannot be more than {JobTemplate.MaxTemplates}.");

        var template = NewTemplate(realm, jobTemplateId, request, source);
        JobDocument.CheckPlaceholders(template.Document, template.PresignedUrlConfig, template.DestinationPackageVersions);
        realm.JobTemplates.Put(template);
        Tagging.Create(realm, Arn.OfJobTemplate(realm, jobTemplateId), request.Tags);
        return new(Arn.OfJobTemplate(realm, jobTemplateId), jobTemplateId);
    }

    private static void Check(Request request)
    {
        JobDocument.CheckSource(request.Document, request.DocumentSource, isNeeded: request.JobArn is null);
        request.TimeoutConfig?.Check();
        request.JobExecutionsRolloutConfig?.Check(mayBeEmpty: true);
        request.AbortConfig?.Check();
        request.JobExecutionsRetryConfig?.Check();
        request.PresignedUrlConfig?.Check();
        MaintenanceWindow.CheckAll(request.MaintenanceWindows ?? []);
        PackageVersion.Check(request.DestinationPackageVersions);
        Tagging.Check(request.Tags, ServiceError.LimitExceeded);
    }

    private static Job JobOf(Realm realm, string jobArn)
    {
        if (!Arn.TryParse(jobArn, out var arn))
            throw ServiceError.InvalidRequest.Because($"{jobArn} at jobArn is not a valid ARN.");
        if (arn.ResourceType != Arn.JobType)
            throw ServiceError.InvalidRequest.Because($"Resource type should be {Arn.JobType} but found invalid resource type {arn.ResourceType}");
        return arn.IsIn(realm) ? JobLookup.GetJob(realm, arn.ResourceId) : throw ServiceError.ResourceNotFound.Because($"Job {arn.ResourceId} cannot be found.");
    }

    // A job's document is taken as it was read, so that a template of a job needs no link.
    private static JobTemplate NewTemplate(Realm realm, string jobTemplateId, Request request, Job? source) => new()
    {
        JobTemplateId = jobTemplateId,
        Ordinal = realm.NextOrdinal(),
        Description = request.Description!,
        DocumentSource = request.DocumentSource,
        Document = request.Document ?? (request.DocumentSource is null ? realm.JobDocuments.Find(source!.JobId)!.Text : null),
        PresignedUrlConfig = request.PresignedUrlConfig ?? source?.PresignedUrlConfig,
        RolloutConfig = request.JobExecutionsRolloutConfig ?? source?.RolloutConfig,
        AbortConfig = request.AbortConfig ?? source?.AbortConfig,
        TimeoutConfig = request.TimeoutConfig ?? source?.TimeoutConfig,
        RetryConfig = request.JobExecutionsRetryConfig ?? source?.RetryConfig,
        MaintenanceWindows = request.MaintenanceWindows ?? source?.SchedulingConfig?.MaintenanceWindows,
        DestinationPackageVersions = request.DestinationPackageVersions ?? source?.DestinationPackageVersions,
        CreatedAt = realm.Now,
    };
}
