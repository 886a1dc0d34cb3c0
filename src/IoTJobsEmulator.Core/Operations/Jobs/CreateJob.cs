using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_CreateJob.html"/>
public static class CreateJob
{
    public sealed record Request : IStructure
    {
        /// <summary>ARNs of things and thing groups, 1 to 100.</summary>
        [Required, JobTargets] public ValueList<string>? Targets { get; init; }

        /// <summary>A link to the document in S3; the document itself is given instead of it, not beside it.</summary>
        [JobDocumentSource] public string? DocumentSource { get; init; }

        /// <summary>The document as JSON, at most 32768 characters.</summary>
        [JobDocument] public string? Document { get; init; }

        [JobDescription] public string? Description { get; init; }

        /// <summary>SNAPSHOT when not given.</summary>
        public EnumText<TargetSelection>? TargetSelection { get; init; }

        public RolloutConfig? JobExecutionsRolloutConfig { get; init; }

        public PresignedUrlConfig? PresignedUrlConfig { get; init; }

        public RetryConfig? JobExecutionsRetryConfig { get; init; }

        public AbortConfig? AbortConfig { get; init; }

        public TimeoutConfig? TimeoutConfig { get; init; }

        public ValueList<Tag>? Tags { get; init; }

        [NamespaceId] public string? NamespaceId { get; init; }

        [JobTemplateArn] public string? JobTemplateArn { get; init; }

        [ParameterMap] public ValueMap? DocumentParameters { get; init; }

        public SchedulingConfig? SchedulingConfig { get; init; }

        /// <summary>At most 25 ARNs.</summary>
        [DestinationPackageVersions] public ValueList<string>? DestinationPackageVersions { get; init; }
    }

    public sealed record Response(string JobArn, string JobId, string? Description);

    /// <summary>Creates a job: one execution for each thing that is a target, or belongs to a group that is one.</summary>
    public static Response Handle(Realm realm, [Required, JobId] string jobId, Request? request)
    {
        var selection = request!.TargetSelection?.Value ?? TargetSelection.SNAPSHOT;
        Check(realm, request, selection);
        if (request.JobTemplateArn is { } templateArn)
            throw NoTemplate(templateArn);
        if (realm.Jobs.Find(jobId) is not null)
            throw Exists(realm, jobId);
        if (ActiveJobs(realm) >= realm.Settings.ActiveJobs)
            throw ServiceError.LimitExceeded.Because($"The number of active jobs cannot be more than {realm.Settings.ActiveJobs}.");
        var targets = JobLookup.Targets(realm, request.Targets!);
        var job = new Job
        {
            JobId = jobId,
            Ordinal = realm.NextOrdinal(),
            Status = JobStatus.IN_PROGRESS,
            TargetSelection = selection,
            Targets = new(targets),
            Description = request.Description,
            DocumentSource = request.DocumentSource,
            NamespaceId = request.NamespaceId,
            PresignedUrlConfig = request.PresignedUrlConfig,
            RolloutConfig = request.JobExecutionsRolloutConfig,
            AbortConfig = request.AbortConfig,
            TimeoutConfig = request.TimeoutConfig,
            RetryConfig = request.JobExecutionsRetryConfig,
            SchedulingConfig = request.SchedulingConfig,
            DestinationPackageVersions = request.DestinationPackageVersions,
            Tags = request.Tags,
            CreatedAt = realm.Now,
            LastUpdatedAt = realm.Now,
            StartsAt = SchedulingConfig.Read(request.SchedulingConfig?.StartTime),
            EndsAt = SchedulingConfig.Read(request.SchedulingConfig?.EndTime),
        };
        realm.Jobs.Put(job.Enter(realm.Now));
        realm.JobDocuments.Put(new() { JobId = jobId, Text = request.Document ?? "{}" });
        if (realm.Jobs.Find(jobId)!.Status == JobStatus.IN_PROGRESS)
            Rollout.Begin(realm, jobId);
        Rollout.TakeIn(realm, jobId, fromTarget: 0, isUnpaced: false);
        return new(Arn.OfJob(realm, jobId), jobId, request.Description);
    }

    // What needs only the request, before anything is looked up.
    private static void Check(Realm realm, Request request, TargetSelection selection)
    {
        if (request.Document is not null && request.DocumentSource is not null)
            throw ServiceError.InvalidRequest.Because("Job document and job document source cannot be specified at the same time.");
        if (request.Document is null && request.DocumentSource is null && request.JobTemplateArn is null)
            throw ServiceError.InvalidRequest.Because("Neither job document nor job document source is specified.");
        if (request.Document is { } document && !JobDocument.IsJson(document))
            throw ServiceError.InvalidRequest.Because("Job document is not valid JSON.");
        if (request.DocumentParameters is not null)
            throw ServiceError.InvalidRequest.Because("documentParameters can only be specified with a managed job template.");
        request.TimeoutConfig?.Check();
        request.JobExecutionsRolloutConfig?.Check(mayBeEmpty: true);
        request.AbortConfig?.Check();
        request.JobExecutionsRetryConfig?.Check();
        request.PresignedUrlConfig?.Check();
        request.SchedulingConfig?.Check(selection, realm.Now);
        if (request.Targets!.Distinct().Count() > realm.Settings.TargetsPerJob)
            throw ServiceError.LimitExceeded.Because($"A job cannot have more than {realm.Settings.TargetsPerJob} targets.");
    }

    private static int ActiveJobs(Realm realm) =>
        new[] { JobStatus.IN_PROGRESS, JobStatus.SCHEDULED }.Sum(status => realm.Jobs.Filtered.Count(new(status, null, null, null)));

    private static ServiceException NoTemplate(string templateArn) => Arn.TryRead(templateArn, out var arn) && arn.ResourceType != Arn.JobTemplateType
        ? ServiceError.InvalidRequest.Because($"Resource type should be {Arn.JobTemplateType} but found invalid resource type {arn.ResourceType}")
        : ServiceError.ResourceNotFound.Because("Job Template ID cannot be found.");

    private static ServiceException Exists(Realm realm, string jobId) => new(ServiceError.ResourceAlreadyExists, $"Job {jobId} already exists.")
    {
        Members = new ValueMap([new("resourceId", jobId), new("resourceArn", Arn.OfJob(realm, jobId))]),
    };
}
