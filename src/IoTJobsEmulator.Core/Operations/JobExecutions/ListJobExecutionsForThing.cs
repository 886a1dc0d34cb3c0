using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.Things;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Operations.JobExecutions;

/// <see href="https://docs.aws.amazon.com/iot/latest/apireference/API_ListJobExecutionsForThing.html"/>
public static class ListJobExecutionsForThing
{
    public sealed record Response(ValueList<JobExecutionSummaryForThing> ExecutionSummaries, string? NextToken);

    /// <summary>Source: API_JobExecutionSummaryForThing.</summary>
    public sealed record JobExecutionSummaryForThing(string JobId, JobExecutionSummary JobExecutionSummary);

    /// <summary>Lists the executions on a thing, the newest first.</summary>
    public static Response Handle(
        Realm realm,
        [Required, ThingName] string thingName,
        EnumText<JobExecutionStatus>? status,
        [NamespaceId] string? namespaceId,
        [LaserMaxResults] int? maxResults,
        [NextToken] string? nextToken,
        [JobId] string? jobId)
    {
        var name = RegistryLookup.GetThing(realm, thingName).ThingName;
        // With a job the order is another: a token of one list names no place in the other.
        var list = jobId is null ? nameof(ListJobExecutionsForThing) : $"{nameof(ListJobExecutionsForThing)} of a job";
        var place = Page.ReadToken(list, nextToken, parts: 1) is [var last] ? Page.ParseNumber(last) : long.MinValue;
        var rows = Rows(realm, name, jobId, status?.Value, place).Where(execution => namespaceId is null || execution.NamespaceId == namespaceId);
        var (views, next) = Page.Take(list, rows, maxResults,
            execution => new JobExecutionSummaryForThing(execution.JobId, new(execution)),
            execution => [jobId is null ? -execution.Ordinal : -execution.ExecutionNumber]);
        return new(views, next);
    }

    // The runs of one job are in the order of their numbers, which is that of their queuing.
    private static IEnumerable<JobExecution> Rows(Realm realm, string thingName, string? jobId, JobExecutionStatus? status, long place)
    {
        if (jobId is not null)
            return realm.Executions.Runs(jobId, thingName, place).Where(execution => status is null || execution.Status == status);
        var statuses = status is { } only ? [only] : Enum.GetValues<JobExecutionStatus>();
        return realm.Executions.OfThingAfter(thingName, statuses, place);
    }
}
