using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_CancelJob.html"/>
public static class CancelJob
{
    public sealed record Request : IStructure
    {
        [ReasonCode] public string? ReasonCode { get; init; }

        [Comment] public string? Comment { get; init; }

        /// <summary>The guide shows it here, the API has it in the query: either counts.</summary>
        public bool? Force { get; init; }
    }

    public sealed record Response(string JobArn, string JobId, string? Description);

    /// <summary>Cancels a job: its rollout ends and QUEUED executions are cancelled, with force those IN_PROGRESS too.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="jobId">A job that is IN_PROGRESS or SCHEDULED; any other is refused with InvalidRequestException.</param>
    /// <param name="force">Cancels executions that are IN_PROGRESS, too. Their devices cannot report any more.</param>
    /// <param name="request">What is kept on the job as reason and comment.</param>
    public static Response Handle(Realm realm, [Required, JobId] string jobId, bool? force, Request? request)
    {
        var job = JobLookup.GetJob(realm, jobId);
        if (!job.IsOpen)
            throw ServiceError.InvalidRequest.Because($"Job {jobId} in status {job.Status} cannot be canceled.");
        realm.Jobs.Change(jobId, row => row.Cancel(realm.Now, force ?? request?.Force ?? false, request?.ReasonCode, request?.Comment));
        Cancellation.Begin(realm, jobId, DueWork.ChangesAtOnce);
        return new(Arn.OfJob(realm, jobId), jobId, job.Description);
    }
}
