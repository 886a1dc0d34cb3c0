using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.WebConsole.Queries;

/// <summary>The executions of a job, the newest first: all or of one status.</summary>
public static class ExecutionList
{
    private const long Start = long.MinValue;

    public static int Count(Job job, JobExecutionStatus? status) => status is { } one ? job.Counts.Of(one) : job.Counts.Total;

    /// <summary>The executions that come after another one, which need not be there any more.</summary>
    public static IEnumerable<JobExecution> After(Realm realm, string jobId, JobExecutionStatus? status, JobExecution? last) =>
        realm.Executions.OfJobAfter(jobId, status is { } one ? [one] : Enum.GetValues<JobExecutionStatus>(), last is null ? Start : -last.Ordinal)
            .Select(execution => Settled(realm, execution));

    /// <summary>The same execution as it is now; null when it is gone.</summary>
    public static JobExecution? Again(Realm realm, JobExecution execution) =>
        realm.Executions.Find(execution.Key) is { } found ? Settled(realm, found) : null;

    /// <summary>As whoever asks for it would see it, though due work may not have come to its row yet.</summary>
    public static JobExecution Settled(Realm realm, JobExecution execution) =>
        realm.Jobs.Find(execution.JobId) is { } job ? ExecutionSettlement.SettledRowOf(realm, job, execution) : execution;
}
