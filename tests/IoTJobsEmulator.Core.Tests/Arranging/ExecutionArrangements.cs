using IoTJobsEmulator.Core.Operations.JobExecutions;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Core.Tests.Arranging;

/// <summary>What devices and operators do to executions, in one line each, and how executions stand.</summary>
internal static class ExecutionArrangements
{
    /// <summary>A device reports a status with UpdateJobExecution.</summary>
    public static Device.UpdateJobExecution.Response Report(this TestRealm test, string thing, string jobId, JobExecutionStatus status, long? stepTimeoutInMinutes = null) =>
        Device.UpdateJobExecution.Handle(test, thing, jobId, new() { Status = status, StepTimeoutInMinutes = stepTimeoutInMinutes });

    /// <summary>A device starts its next execution; answers the job's id, or null when nothing is pending.</summary>
    public static string? StartNext(this TestRealm test, string thing, long? stepTimeoutInMinutes = null) =>
        Device.StartNextPendingJobExecution.Handle(test, thing, new() { StepTimeoutInMinutes = stepTimeoutInMinutes }).Execution?.JobId;

    public static void CancelExecution(this TestRealm test, string jobId, string thing, bool force = false) =>
        CancelJobExecution.Handle(test, jobId, thing, force, null);

    public static void DeleteExecution(this TestRealm test, string jobId, string thing, long number = 1) =>
        DeleteJobExecution.Handle(test, jobId, thing, number, force: true, null);

    /// <summary>Brings the QUEUED execution of a thing to a status, by whatever way leads there.</summary>
    public static void BringExecutionTo(this TestRealm test, string jobId, string thing, JobExecutionStatus status)
    {
        switch (status)
        {
            case JobExecutionStatus.QUEUED:
                break;
            case JobExecutionStatus.CANCELED:
                test.CancelExecution(jobId, thing);
                break;
            case JobExecutionStatus.REMOVED:
                test.DeleteThing(thing);
                test.CreateThings(thing);
                break;
            case JobExecutionStatus.TIMED_OUT:
                test.Report(thing, jobId, JobExecutionStatus.IN_PROGRESS, stepTimeoutInMinutes: 1);
                test.Jump(Minutes(1));
                ExecutionSettlement.SettleAndFindLatest(test, jobId, thing);
                break;
            default:
                test.Report(thing, jobId, status);
                break;
        }
        Assert.Equal(status, test.Execution(jobId, thing).Status);
    }

    /// <summary>The newest run of a job on a thing as its row stands, or that of a number.</summary>
    public static JobExecution Execution(this TestRealm test, string jobId, string thing, long? number = null) => number is null
        ? test.Realm.Executions.LatestRun(jobId, thing)!
        : test.Realm.Executions.Find(new(jobId, thing, number.Value))!;

    /// <summary>The runs of a job on a thing, oldest first, with version and retry attempt: <c>1 FAILED v2, 2 QUEUED v1 retry 1</c>.</summary>
    public static string Runs(this TestRealm test, string jobId, string thing) => string.Join(", ", test.Realm.Executions.Runs(jobId, thing).Reverse()
        .Select(run => $"{run.ExecutionNumber} {run.Status} v{run.VersionNumber}{(run.RetryAttempt > 0 ? $" retry {run.RetryAttempt}" : "")}"));

    /// <summary>The jobs of a device's pending list, settled.</summary>
    public static List<string> Pending(this TestRealm test, string thing, string? namespaceId = null) =>
        [.. ExecutionSettlement.SettleAndListPending(test, thing, namespaceId).Select(execution => execution.JobId)];

    /// <summary>What GetPendingJobExecutions answers a device: <c>IN_PROGRESS: a; QUEUED: b, c</c>.</summary>
    public static string PendingLists(this TestRealm test, string thing)
    {
        var answer = Device.GetPendingJobExecutions.Handle(test, thing);
        return $"IN_PROGRESS: {string.Join(", ", answer.InProgressJobs.Select(one => one.JobId))}; QUEUED: {string.Join(", ", answer.QueuedJobs.Select(one => one.JobId))}";
    }
}
