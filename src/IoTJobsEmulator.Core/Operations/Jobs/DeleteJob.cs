using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteJob.html"/>
public static class DeleteJob
{
    public sealed record Response;

    /// <summary>
    /// Deletes a job and its executions. It is DELETION_IN_PROGRESS until the last execution is gone; then its id may be used again.
    /// Devices lose the executions at once.
    /// </summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="force">Deletes a job that is neither COMPLETED nor CANCELED, too.</param>
    /// <param name="namespaceId">Checked in form only: it need not be the job's.</param>
    public static Response Handle(Realm realm, [Required, JobId] string jobId, bool? force, [NamespaceId] string? namespaceId)
    {
        var job = JobLookup.GetJob(realm, jobId);
        if (job.Status == JobStatus.DELETION_IN_PROGRESS)
            throw ServiceError.InvalidStateTransition.Because($"Job {jobId} is already in status {job.Status}.");
        if (!job.IsTerminal && force is not true)
            throw ServiceError.InvalidStateTransition.Because($"Job {jobId} in status {job.Status} cannot be deleted without force.");
        if (realm.Jobs.ByFilter.Count(new(JobStatus.DELETION_IN_PROGRESS, null, null, null)) >= Settings.MaxConcurrentDeletions)
            throw ServiceError.LimitExceeded.Because(
                $"Exceeded the AWS IoT Jobs service quota for the number of jobs with status {JobStatus.DELETION_IN_PROGRESS}. "
                + "Please check number of jobs currently being deleted, wait at least one minute, and try again.");
        realm.Jobs.Change(jobId, row => row.Delete(realm.Now, realm.Settings.DeletionDuration));
        return new();
    }
}
