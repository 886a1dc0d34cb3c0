using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_GetJobDocument.html"/>
public static class GetJobDocument
{
    public sealed record Response(string Document);

    /// <summary>Gets a job's document, byte for byte as it was given. Placeholders for presigned URLs stay as they are.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="beforeSubstitution">Shows package placeholders as they were given. They are not resolved here, so either shows the same.</param>
    public static Response Handle(Realm realm, [Required, JobId] string jobId, bool? beforeSubstitution)
    {
        _ = beforeSubstitution;
        return new(realm.JobDocuments.Find(JobLookup.GetJob(realm, jobId).JobId)!.Text);
    }
}
