using Api = IoTJobsEmulator.Core.Operations.Jobs;
using Templates = IoTJobsEmulator.Core.Operations.JobTemplates;

namespace IoTJobsEmulator.Core.Tests.Arranging;

/// <summary>Jobs, in one line each, and how they stand.</summary>
internal static class JobArrangements
{
    /// <summary>A job on a thing, on a group, or on several targets that are named by their ARNs.</summary>
    public static Api.CreateJob.Response CreateJob(
        this TestRealm test,
        string jobId,
        string? thing = null,
        string? group = null,
        string[]? targets = null,
        bool isContinuous = false,
        string? namespaceId = null,
        RolloutConfig? rollout = null,
        AbortConfig? abort = null,
        long? timeoutInMinutes = null,
        RetryConfig? retry = null,
        SchedulingConfig? schedule = null) => Api.CreateJob.Handle(test, jobId, new()
        {
            Targets = new(targets ?? [thing is null ? GroupArn(group!) : ThingArn(thing)]),
            Document = "{}",
            TargetSelection = isContinuous ? TargetSelection.CONTINUOUS : null,
            NamespaceId = namespaceId,
            JobExecutionsRolloutConfig = rollout,
            AbortConfig = abort,
            TimeoutConfig = timeoutInMinutes is null ? null : Timeout(timeoutInMinutes),
            JobExecutionsRetryConfig = retry,
            SchedulingConfig = schedule,
        });

    /// <summary>Creates a job on pump-1, which is created when it is not there, and brings it to a status.</summary>
    public static void CreateJobInStatus(this TestRealm test, string jobId, JobStatus status)
    {
        test.CreateThings("pump-1");
        test.CreateJob(jobId, thing: "pump-1");
        switch (status)
        {
            case JobStatus.SCHEDULED:
                test.Realm.Jobs.Change(jobId, job => job with { Status = JobStatus.SCHEDULED });
                break;
            case JobStatus.COMPLETED:
                test.Report("pump-1", jobId, JobExecutionStatus.SUCCEEDED);
                break;
            case JobStatus.CANCELED:
                test.CancelJob(jobId);
                break;
            case JobStatus.DELETION_IN_PROGRESS:
                test.DeleteJob(jobId, force: true);
                break;
            default:
                break;
        }
        Assert.Equal(status, test.Job(jobId).Status);
        test.TakeChanges();
    }

    public static void CreateJobTemplate(this TestRealm test, string jobTemplateId) =>
        Templates.CreateJobTemplate.Handle(test, jobTemplateId, TemplateOf());

    public static void UpdateJob(this TestRealm test, string jobId, Api.UpdateJob.Request request) => Api.UpdateJob.Handle(test, jobId, null, request);

    public static void Associate(this TestRealm test, string jobId, params string[] targets) =>
        Api.AssociateTargetsWithJob.Handle(test, jobId, null, new() { Targets = new(targets) });

    public static void CancelJob(this TestRealm test, string jobId, bool force = false) => Api.CancelJob.Handle(test, jobId, force, null);

    public static void DeleteJob(this TestRealm test, string jobId, bool force = false) => Api.DeleteJob.Handle(test, jobId, force, null);

    /// <summary>The job's row, or null when there is none.</summary>
    public static Job Job(this TestRealm test, string jobId) => test.Realm.Jobs.Find(jobId)!;

    /// <summary>The job as callers see it.</summary>
    public static Api.JobView View(this TestRealm test, string jobId) => Api.DescribeJob.Handle(test, jobId, null).Job;

    /// <summary>The job's document.</summary>
    public static string Document(this TestRealm test, string jobId) => Api.GetJobDocument.Handle(test, jobId, null).Document;

    /// <summary>How a job stands: <c>IN_PROGRESS: 3 QUEUED, 1 FAILED</c>.</summary>
    public static string Standing(this TestRealm test, string jobId)
    {
        var job = test.Job(jobId);
        var counts = Enum.GetValues<JobExecutionStatus>().Where(status => job.Counts.Of(status) > 0).Select(status => $"{job.Counts.Of(status)} {status}");
        return $"{job.Status}: {string.Join(", ", counts)}";
    }

    /// <summary>How many executions of a job are QUEUED.</summary>
    public static int Queued(this TestRealm test, string jobId) => test.Job(jobId).Counts.Queued;
}
