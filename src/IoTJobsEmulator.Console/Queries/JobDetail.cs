using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>One job as its page shows it.</summary>
/// <param name="Job">Its row.</param>
/// <param name="Document">The document as it was given, placeholders included.</param>
/// <param name="Tags">The tags of the job, by key.</param>
/// <param name="Due">What will happen next.</param>
public sealed record JobDetail(Job Job, string Document, ValueMap Tags, IReadOnlyList<DueItem> Due)
{
    /// <summary>The job; null when there is none.</summary>
    public static JobDetail? Find(Realm realm, string jobId) => realm.Jobs.Find(jobId) is { } job
        ? new(job, realm.JobDocuments.Find(jobId)?.Text ?? "", realm.ResourceTags.Find(Arn.OfJob(realm, jobId))?.Tags ?? ValueMap.Empty, DueItem.OfOneJob(realm, job))
        : null;
}
