using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Operations.Tags;
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

        [TagList] public ValueList<Tag>? Tags { get; init; }

        [NamespaceId] public string? NamespaceId { get; init; }

        /// <summary>What the request does not say is as the template says.</summary>
        [JobTemplateArn] public string? JobTemplateArn { get; init; }

        /// <summary>Only with a template that AWS provides: values for the parameters in its document.</summary>
        [ParameterMap] public ValueMap? DocumentParameters { get; init; }

        public SchedulingConfig? SchedulingConfig { get; init; }

        /// <summary>At most 25 ARNs.</summary>
        [DestinationPackageVersions] public ValueList<string>? DestinationPackageVersions { get; init; }
    }

    public sealed record Response(string JobArn, string JobId, string? Description);

    /// <summary>Creates a job: one execution for each thing that is a target, or belongs to a group that is one.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="jobId">An id for the job.</param>
    /// <param name="request">What the job is to do, and how.</param>
    /// <param name="fetched">What was found at the link that <see cref="DocumentLink"/> named; null where links are not read.</param>
    public static Response Handle(Realm realm, [Required, JobId] string jobId, Request? request, FetchedDocument? fetched = null)
    {
        Check(realm, request!);
        var merged = JobFromTemplate.Merge(realm, request!);
        merged.SchedulingConfig?.Check(SelectionOf(merged), realm.Now);
        if (realm.Jobs.Find(jobId) is not null)
            throw AlreadyExists(realm, jobId);
        if (CountActiveJobs(realm) >= realm.Settings.ActiveJobs)
            throw ServiceError.LimitExceeded.Because($"The number of active jobs cannot be more than {realm.Settings.ActiveJobs}.");
        var targets = JobLookup.GetTargets(realm, merged.Targets!);
        var document = merged.Document ?? DocumentText(merged.DocumentSource!, fetched);
        JobDocument.CheckPlaceholders(document, merged.PresignedUrlConfig, merged.DestinationPackageVersions);

        realm.Jobs.Put(NewJob(realm, jobId, merged, targets).ApplySchedule(realm.Now));
        realm.JobDocuments.Put(new() { JobId = jobId, Text = document });
        var arn = Arn.OfJob(realm, jobId);
        Tagging.Create(realm, arn, merged.Tags);
        JobTargets.Add(realm, jobId, fromTarget: 0, isUnpaced: false);
        return new(arn, jobId, merged.Description);
    }

    /// <summary>
    /// Where the document lies that is to be fetched before <see cref="Handle"/> is called, in a turn of its own: the request's
    /// link, or its template's. Null when there is nothing to fetch.
    /// </summary>
    public static string? DocumentLink(Realm realm, Request request)
    {
        if (request.Document is not null || request.DocumentSource is not null)
            return request.DocumentSource;
        return request.JobTemplateArn is { } arn && Arn.TryParse(arn, out var read) && read.ResourceType == Arn.JobTemplateType && read.IsIn(realm)
            ? realm.JobTemplates.Find(read.ResourceId)?.DocumentSource
            : null;
    }

    // What needs only the request, before anything is looked up.
    private static void Check(Realm realm, Request request)
    {
        JobDocument.CheckSource(request.Document, request.DocumentSource, isNeeded: request.JobTemplateArn is null);
        request.TimeoutConfig?.Check();
        request.JobExecutionsRolloutConfig?.Check(mayBeEmpty: true);
        request.AbortConfig?.Check();
        request.JobExecutionsRetryConfig?.Check();
        request.PresignedUrlConfig?.Check();
        request.SchedulingConfig?.Check(SelectionOf(request), realm.Now);
        PackageVersion.Check(request.DestinationPackageVersions);
        Tagging.Check(request.Tags, ServiceError.LimitExceeded);
        if (request.Targets!.Count > realm.Settings.TargetsPerJob && request.Targets.Distinct().Count() > realm.Settings.TargetsPerJob)
            throw ServiceError.LimitExceeded.Because($"A job cannot have more than {realm.Settings.TargetsPerJob} targets.");
    }

    // The template may have changed since its link was read.
    private static string DocumentText(string documentSource, FetchedDocument? fetched) =>
        fetched is null || fetched.DocumentSource == documentSource
            ? fetched?.Text ?? JobDocument.Empty
            : throw ServiceError.ServiceUnavailable.Because("The job template has just changed. Please try again.");

    private static TargetSelection SelectionOf(Request request) => request.TargetSelection?.Value ?? TargetSelection.SNAPSHOT;

    // One that begins its rollout, if it may, and as if it had no schedule.
    private static Job NewJob(Realm realm, string jobId, Request request, ValueList<JobTarget> targets)
    {
        var perMinute = (request.JobExecutionsRolloutConfig ?? RolloutConfig.Default).RatePerMinute(JobExecutionCounts.None);
        (int Allowance, Moment NextAt)? first = Rollout.MayBegin(realm) ? Rollout.FirstMinute(realm, perMinute) : null;
        return new()
        {
            JobId = jobId,
            Ordinal = realm.NextOrdinal(),
            Status = JobStatus.IN_PROGRESS,
            TargetSelection = SelectionOf(request),
            Targets = targets,
            Description = request.Description,
            DocumentSource = request.DocumentSource,
            NamespaceId = request.NamespaceId,
            JobTemplateArn = request.JobTemplateArn,
            DocumentParameters = request.DocumentParameters,
            PresignedUrlConfig = request.PresignedUrlConfig,
            RolloutConfig = request.JobExecutionsRolloutConfig,
            AbortConfig = request.AbortConfig,
            TimeoutConfig = request.TimeoutConfig,
            RetryConfig = request.JobExecutionsRetryConfig,
            SchedulingConfig = request.SchedulingConfig,
            DestinationPackageVersions = request.DestinationPackageVersions,
            CreatedAt = realm.Now,
            LastUpdatedAt = realm.Now,
            StartsAt = SchedulingConfig.Parse(request.SchedulingConfig?.StartTime),
            EndsAt = SchedulingConfig.Parse(request.SchedulingConfig?.EndTime),
            HasRolloutBegun = first is not null,
            RolloutAllowance = first?.Allowance ?? 0,
            RolloutDueAt = first?.NextAt,
        };
    }

    private static int CountActiveJobs(Realm realm) => CountJobs(realm, JobStatus.IN_PROGRESS) + CountJobs(realm, JobStatus.SCHEDULED);

    private static int CountJobs(Realm realm, JobStatus status) => realm.Jobs.ByFilter.Count(new(status, null, null, null));

    private static ServiceException AlreadyExists(Realm realm, string jobId) => new(ServiceError.ResourceAlreadyExists, $"Job {jobId} already exists.")
    {
        Members = new ValueMap([new("resourceId", jobId), new("resourceArn", Arn.OfJob(realm, jobId))]),
    };
}
