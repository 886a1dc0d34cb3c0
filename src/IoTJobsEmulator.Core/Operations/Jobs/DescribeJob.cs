using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.Jobs;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_DescribeJob.html"/>
public static class DescribeJob
{
    public sealed record Response(string? DocumentSource, JobView Job);

    /// <summary>Describes a job: its state, its configuration, and how many executions stand where.</summary>
    /// <param name="realm">The caller's account and region.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="beforeSubstitution">Shows package placeholders as they were given. They are not resolved here, so either shows the same.</param>
    public static Response Handle(Realm realm, [Required, JobId] string jobId, bool? beforeSubstitution)
    {
        _ = beforeSubstitution;
        var job = JobLookup.GetJob(realm, jobId);
        return new(job.DocumentSource, JobView.Of(realm, job));
    }
}
