using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_AssociateTargetsWithJob.html"/>
public static class AssociateTargetsWithJob
{
    public sealed record Request : IStructure
    {
        /// <summary>ARNs of things and thing groups; with those that the job has, at most 100.</summary>
        [Required, JobTargets] public ValueList<string>? Targets { get; init; }

        [Comment] public string? Comment { get; init; }
    }

    public sealed record Response(string JobArn, string JobId, string? Description);

    /// <summary>Adds targets to a continuous job that is IN_PROGRESS; their things are rolled out as if they had joined.</summary>
    public static Response Handle(Realm realm, [Required, JobId] string jobId, [NamespaceId] string? namespaceId, Request? request)
    {
        var job = JobLookup.GetJob(realm, jobId);
        var targets = JobLookup.GetTargets(realm, request!.Targets!).Except(job.Targets).ToList();
        if (job.TargetSelection != TargetSelection.CONTINUOUS)
            throw ServiceError.InvalidRequest.Because($"Job {jobId} is not a continuous job.");
        if (job.Status != JobStatus.IN_PROGRESS || job.EndedAt is not null)
            throw ServiceError.InvalidRequest.Because($"Job {jobId} in status {job.Status} cannot be associated with targets.");
        if (job.Targets.Count + targets.Count > realm.Settings.TargetsPerJob)
            throw ServiceError.LimitExceeded.Because($"A job cannot have more than {realm.Settings.TargetsPerJob} targets.");
        realm.Jobs.Change(jobId, row => row with
        {
            Targets = new([.. row.Targets, .. targets]),
            Comment = request.Comment ?? row.Comment,
            LastUpdatedAt = realm.Now,
        });
        JobTargets.Add(realm, jobId, fromTarget: job.Targets.Count, isUnpaced: true);
        return new(Arn.OfJob(realm, jobId), jobId, job.Description);
    }
}
