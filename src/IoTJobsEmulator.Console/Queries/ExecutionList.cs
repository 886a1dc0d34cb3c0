using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>An execution, and with it all runs of its job on its thing.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="Runs">Every run of the job on the thing, the first one first; empty when there is only this one.</param>
public sealed record ExecutionRow(JobExecution Execution, IReadOnlyList<JobExecution> Runs);

/// <summary>The executions of a job, the newest first: all or of one status.</summary>
public static class ExecutionList
{
    private const long Start = long.MinValue;

    public static int Count(Job job, JobExecutionStatus? status) => status is { } one ? job.Counts.Of(one) : job.Counts.Total;

    /// <summary>The executions that come after another one, which need not be there any more.</summary>
    public static IEnumerable<JobExecution> After(Realm realm, string jobId, JobExecutionStatus? status, JobExecution? last) =>
        realm.Executions.OfJobAfter(jobId, status is { } one ? [one] : Enum.GetValues<JobExecutionStatus>(), last is null ? Start : -last.Ordinal)
            .Select(execution => Settled(realm, execution));

    /// <summary>One execution; null when there is none.</summary>
    public static JobExecution? Find(Realm realm, JobExecutionKey key) => realm.Executions.Find(key) is { } found ? Settled(realm, found) : null;

    /// <summary>An execution with the other runs on its thing.</summary>
    public static ExecutionRow WithRuns(Realm realm, JobExecution execution)
    {
        var newestFirst = realm.Executions.Runs(execution.JobId, execution.ThingName).ToList();
        return new(execution, newestFirst.Count == 1 ? [] : [.. newestFirst.AsEnumerable().Reverse().Select(run => Settled(realm, run))]);
    }

    /// <summary>The same execution as it is now; null when it is gone.</summary>
    public static ExecutionRow? Again(Realm realm, ExecutionRow row) =>
        realm.Executions.Find(row.Execution.Key) is { } found ? WithRuns(realm, Settled(realm, found)) : null;

    /// <summary>As whoever asks for it would see it, though due work may not have come to its row yet.</summary>
    public static JobExecution Settled(Realm realm, JobExecution execution) =>
        realm.Jobs.Find(execution.JobId) is { } job ? ExecutionSettlement.SettledRowOf(realm, job, execution) : execution;
}
