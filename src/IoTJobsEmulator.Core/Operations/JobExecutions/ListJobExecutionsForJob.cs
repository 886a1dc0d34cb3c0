using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobExecutions;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListJobExecutionsForJob.html"/>
public static class ListJobExecutionsForJob
{
    public sealed record Response(ValueList<JobExecutionSummaryForJob> ExecutionSummaries, string? NextToken);

    /// <summary>Source: API_JobExecutionSummaryForJob.</summary>
    public sealed record JobExecutionSummaryForJob(ArnText ThingArn, JobExecutionSummary JobExecutionSummary);

    /// <summary>Lists the executions of a job, the newest first. A thing that ran it twice is there twice.</summary>
    public static Response Handle(
        Realm realm, [Required, JobId] string jobId, EnumText<JobExecutionStatus>? status, [LaserMaxResults] int? maxResults, [NextToken] string? nextToken)
    {
        var job = JobLookup.GetJob(realm, jobId);
        var place = Page.ReadToken(nameof(ListJobExecutionsForJob), nextToken, parts: 1) is [var ordinal] ? Page.ParseNumber(ordinal) : long.MinValue;
        var statuses = status is { } only ? [only.Value] : Enum.GetValues<JobExecutionStatus>();
        var rows = realm.Executions.OfJobAfter(job.JobId, statuses, place);
        var arns = Arn.PrefixOf(realm, Arn.ThingType);
        var (views, next) = Page.Take(nameof(ListJobExecutionsForJob), rows, maxResults,
            execution => new JobExecutionSummaryForJob(new(arns, execution.ThingName), new(execution)),
            execution => [-execution.Ordinal]);
        return new(views, next);
    }
}
