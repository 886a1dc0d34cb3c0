using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateJob.html"/>
public static class UpdateJob
{
    /// <summary>Members stand in the order in which the service reports their violations (observed).</summary>
    public sealed record Request : IStructure
    {
        [JobDescription] public string? Description { get; init; }

        public RolloutConfig? JobExecutionsRolloutConfig { get; init; }

        public PresignedUrlConfig? PresignedUrlConfig { get; init; }

        public RetryConfig? JobExecutionsRetryConfig { get; init; }

        public AbortConfig? AbortConfig { get; init; }

        public TimeoutConfig? TimeoutConfig { get; init; }
    }

    public sealed record Response;

    /// <summary>Updates a job that is not finished: each member given replaces the stored one as a whole.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="namespaceId">Checked in form only: it need not be the job's.</param>
    /// <param name="request">A new timeout concerns executions that start afterwards; retries can only be set to 0.</param>
    public static Response Handle(Realm realm, [Required, JobId] string jobId, [NamespaceId] string? namespaceId, Request? request)
    {
        Check(jobId, request);
        var job = JobLookup.GetJob(realm, jobId);
        if (!job.IsOpen)
            throw ServiceError.InvalidRequest.Because($"Job {jobId} in status {job.Status} cannot be updated.");
        request!.JobExecutionsRetryConfig?.CheckAgainst(job.RetryConfig);
        realm.Jobs.Change(jobId, row => row with
        {
            Description = request.Description ?? row.Description,
            PresignedUrlConfig = request.PresignedUrlConfig ?? row.PresignedUrlConfig,
            RolloutConfig = request.JobExecutionsRolloutConfig ?? row.RolloutConfig,
            AbortConfig = request.AbortConfig ?? row.AbortConfig,
            TimeoutConfig = request.TimeoutConfig ?? row.TimeoutConfig,
            RetryConfig = request.JobExecutionsRetryConfig ?? row.RetryConfig,
            LastUpdatedAt = realm.Now,
        });
        return new();
    }

    private static void Check(string jobId, Request? request)
    {
        if (request is null || request == new Request())
            throw ServiceError.InvalidRequest.Because($"Update Job request for job {jobId} cannot be empty.");
        request.TimeoutConfig?.Check();
        request.JobExecutionsRolloutConfig?.Check(mayBeEmpty: false);
        request.PresignedUrlConfig?.Check();
        request.JobExecutionsRetryConfig?.CheckUpdate();
        request.JobExecutionsRetryConfig?.Check();
        request.AbortConfig?.Check();
    }
}
