using IoTJobsEmulator.Core.Operations.JobExecutions;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Core.Tests.Operations.JobExecutions;

/// <summary>DescribeJobExecution, ListJobExecutionsForJob, ListJobExecutionsForThing.</summary>
public sealed class ReadJobExecutionTests
{
    private readonly TestRealm _test = new();

    public ReadJobExecutionTests() => _test.CreateThings("pump-1", "pump-2");

    [Fact]
    public void Refuses_what_is_not_there()
    {
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Job execution for job update-firmware and thing pump-2 cannot be found.",
            () => DescribeJobExecution.Handle(_test, "update-firmware", "pump-2", null));
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Job execution for job update-firmware and thing pump-1 with execution number 7 cannot be found.",
            () => DescribeJobExecution.Handle(_test, "update-firmware", "pump-1", 7));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job reboot cannot be found.", () => OfJob("reboot"));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing pump-9 cannot be found.", () => OfThing("pump-9"));
    }

    [Fact]
    public void Describes_the_newest_or_that_of_a_number()
    {
        _test.CreateGroup("site", members: "pump-1");
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.Leave("pump-1", "site");
        _test.Jump(Minutes(1));
        _test.Join("pump-1", "site");

        var queued = new JobExecutionView
        {
            JobId = "update-firmware",
            Status = JobExecutionStatus.QUEUED,
            StatusDetails = new((ValueMap?)null),
            ThingArn = ThingArn("pump-1"),
            QueuedAt = Start + Minutes(1),
            LastUpdatedAt = Start + Minutes(1),
            ExecutionNumber = 2,
            VersionNumber = 1,
        };
        Assert.Equal(new(queued), DescribeJobExecution.Handle(_test, "update-firmware", "pump-1", null));
        Assert.Equal(new(queued), DescribeJobExecution.Handle(_test, "update-firmware", "pump-1", 2));
        Assert.Equal(
            new(queued with { Status = JobExecutionStatus.REMOVED, ExecutionNumber = 1, QueuedAt = Start, LastUpdatedAt = Start }),
            DescribeJobExecution.Handle(_test, "update-firmware", "pump-1", 1));
    }

    [Fact]
    public void Describes_a_running_one_with_its_timer_and_a_canceled_one_without()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10);
        Device.StartNextPendingJobExecution.Handle(_test, "pump-1", new() { StatusDetails = new([new("step", "1")]) });
        _test.Jump(Seconds(90));

        var running = DescribeJobExecution.Handle(_test, "update-firmware", "pump-1", null).Execution;
        _test.CancelExecution("update-firmware", "pump-1", force: true);
        var canceled = DescribeJobExecution.Handle(_test, "update-firmware", "pump-1", null).Execution;

        Assert.Equal(
            new JobExecutionView
            {
                JobId = "update-firmware",
                Status = JobExecutionStatus.IN_PROGRESS,
                StatusDetails = new(new ValueMap([new("step", "1")])),
                ThingArn = ThingArn("pump-1"),
                QueuedAt = Start,
                StartedAt = Start,
                LastUpdatedAt = Start,
                ExecutionNumber = 1,
                VersionNumber = 2,
                ApproximateSecondsBeforeTimedOut = 510,
            },
            running);
        Assert.Equal(
            running with
            {
                Status = JobExecutionStatus.CANCELED,
                ForceCanceled = true,
                VersionNumber = 3,
                LastUpdatedAt = Start + Seconds(90),
                ApproximateSecondsBeforeTimedOut = null,
            },
            canceled);
    }

    [Fact]
    public void A_job_s_executions_are_listed_newest_first_each_run_by_itself()
    {
        _test.CreateGroup("site", members: ["pump-1", "pump-2"]);
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.Leave("pump-1", "site");
        _test.Jump(Minutes(1));
        _test.Join("pump-1", "site");
        _test.Report("pump-2", "update-firmware", JobExecutionStatus.IN_PROGRESS);
        var minute = Start + Minutes(1);

        var all = OfJob("update-firmware");
        Assert.Equal(
            [
                (ThingArn("pump-1"), Summary(JobExecutionStatus.QUEUED, minute, null, minute, 2)),
                (ThingArn("pump-2"), Summary(JobExecutionStatus.IN_PROGRESS, Start, minute, minute, 1)),
                (ThingArn("pump-1"), Summary(JobExecutionStatus.REMOVED, Start, null, Start, 1)),
            ],
            all.ExecutionSummaries.Select(row => (row.ThingArn.ToString(), Shown(row.JobExecutionSummary))));
        Assert.Null(all.NextToken);
        Assert.Equal([ThingArn("pump-2")], OfJob("update-firmware", JobExecutionStatus.IN_PROGRESS).ExecutionSummaries.Select(row => row.ThingArn));
        Assert.Empty(OfJob("update-firmware", JobExecutionStatus.FAILED).ExecutionSummaries);
    }

    [Fact]
    public void A_thing_s_executions_are_listed_newest_first_by_job_status_and_namespace()
    {
        _test.CreateGroup("site", members: "pump-1");
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.CreateJob("reboot", thing: "pump-1", namespaceId: "fleet");
        _test.Leave("pump-1", "site");
        _test.Join("pump-1", "site");
        _test.CreateJob("rotate-keys", thing: "pump-2");

        var removed = OfThing("pump-1", JobExecutionStatus.REMOVED);
        Assert.Equal(
            [("update-firmware", Summary(JobExecutionStatus.REMOVED, Start, null, Start, 1))],
            removed.ExecutionSummaries.Select(row => (row.JobId, Shown(row.JobExecutionSummary))));
        Assert.Null(removed.NextToken);
        Assert.Equal(["update-firmware 2", "reboot 1", "update-firmware 1"], Names(OfThing("pump-1")));
        Assert.Equal(["update-firmware 2", "update-firmware 1"], Names(OfThing("pump-1", jobId: "update-firmware")));
        Assert.Equal(["update-firmware 1"], Names(OfThing("pump-1", JobExecutionStatus.REMOVED, jobId: "update-firmware")));
        Assert.Equal(["update-firmware 2", "reboot 1"], Names(OfThing("pump-1", JobExecutionStatus.QUEUED)));
        Assert.Equal(["reboot 1"], Names(OfThing("pump-1", namespaceId: "fleet")));
        Assert.Empty(Names(OfThing("pump-1", jobId: "rotate-keys")));
    }

    [Fact]
    public void Pages_are_exact()
    {
        _test.CreateFleet("site", 7);
        _test.CreateJob("update-firmware", group: "site");
        foreach (var number in Enumerable.Range(1, 7))
            _test.CreateJob($"reboot-{number}", thing: "pump-1");

        Assert.Equal((7, null), Last(OfJob("update-firmware", maxResults: 7)));
        Assert.Equal((7, null), Last(OfThing("pump-1", maxResults: 7)));
        Assert.NotNull(OfJob("update-firmware", maxResults: 6).NextToken);
        Assert.Single(OfJob("update-firmware", maxResults: 6, nextToken: OfJob("update-firmware", maxResults: 6).NextToken).ExecutionSummaries);
        Assert.Single(OfThing("pump-1", maxResults: 6, nextToken: OfThing("pump-1", maxResults: 6).NextToken).ExecutionSummaries);

        static (int, string?) Last(object page) => page switch
        {
            ListJobExecutionsForJob.Response answer => (answer.ExecutionSummaries.Count, answer.NextToken),
            ListJobExecutionsForThing.Response answer => (answer.ExecutionSummaries.Count, answer.NextToken),
            _ => default,
        };
    }

    [Fact]
    public void What_keeps_its_place_is_listed_once_while_others_come_and_go_and_change()
    {
        _test.CreateFleet("site", 9);
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);

        var first = OfJob("update-firmware", maxResults: 3);
        _test.Join("pump-1", "site");
        _test.Report("site-9", "update-firmware", JobExecutionStatus.SUCCEEDED);
        _test.Report("site-5", "update-firmware", JobExecutionStatus.IN_PROGRESS);
        _test.Report("site-4", "update-firmware", JobExecutionStatus.FAILED);
        foreach (var gone in new[] { "site-7", "site-6", "site-1" })
            DeleteJobExecution.Handle(_test, "update-firmware", gone, 1, true, null);
        var second = OfJob("update-firmware", maxResults: 3, nextToken: first.NextToken);
        var third = OfJob("update-firmware", maxResults: 3, nextToken: second.NextToken);

        Assert.Equal(
            new[] { 9, 8, 7, 5, 4, 3, 2 }.Select(number => ThingArn($"site-{number}")),
            first.ExecutionSummaries.Concat(second.ExecutionSummaries).Concat(third.ExecutionSummaries).Select(row => row.ThingArn.ToString()));
        Assert.Null(third.NextToken);
    }

    [Fact]
    public void The_pages_of_one_job_on_one_thing_follow_the_numbers()
    {
        _test.CreateGroup("site", members: "pump-1");
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        foreach (var _ in Enumerable.Range(1, 4))
        {
            _test.Leave("pump-1", "site");
            _test.Join("pump-1", "site");
        }

        var first = OfThing("pump-1", jobId: "update-firmware", maxResults: 2);
        var second = OfThing("pump-1", jobId: "update-firmware", maxResults: 2, nextToken: first.NextToken);
        var third = OfThing("pump-1", jobId: "update-firmware", maxResults: 2, nextToken: second.NextToken);

        Assert.Equal([5, 4, 3, 2, 1], new[] { first, second, third }.SelectMany(page => page.ExecutionSummaries).Select(row => row.JobExecutionSummary.ExecutionNumber));
        Assert.Null(third.NextToken);
    }

    [Fact]
    public void A_token_of_another_list_is_refused()
    {
        _test.CreateFleet("site", 2);
        _test.CreateJob("update-firmware", group: "site");
        _test.CreateJob("rotate-keys", thing: "pump-1");
        _test.CreateJob("reboot", thing: "pump-1");
        var (ofJob, ofThing) = (OfJob("update-firmware", maxResults: 1).NextToken, OfThing("pump-1", maxResults: 1).NextToken);

        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => OfJob("update-firmware", nextToken: ofThing));
        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => OfThing("pump-1", nextToken: ofJob));
        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => OfThing("pump-1", nextToken: "garbage"));
        _test.AssertRefused(ServiceError.InvalidRequest, "Next token is invalid.", () => OfThing("pump-1", jobId: "reboot", nextToken: ofThing));
        _test.AssertRefused(
            ServiceError.InvalidRequest, "Next token is invalid.",
            () => Core.Operations.Jobs.ListJobs.Handle(_test, null, null, null, ofJob, null, null, null));
    }

    private static (EnumText<JobExecutionStatus>, Moment, Moment?, Moment, long, int) Summary(
        JobExecutionStatus status, Moment queuedAt, Moment? startedAt, Moment lastUpdatedAt, long number) =>
        (status, queuedAt, startedAt, lastUpdatedAt, number, 0);

    private static (EnumText<JobExecutionStatus>, Moment, Moment?, Moment, long, int) Shown(JobExecutionSummary summary) =>
        (summary.Status, summary.QueuedAt, summary.StartedAt, summary.LastUpdatedAt, summary.ExecutionNumber, summary.RetryAttempt);

    private static IEnumerable<string> Names(ListJobExecutionsForThing.Response answer) =>
        answer.ExecutionSummaries.Select(row => $"{row.JobId} {row.JobExecutionSummary.ExecutionNumber}");

    private ListJobExecutionsForJob.Response OfJob(string jobId, JobExecutionStatus? status = null, int? maxResults = null, string? nextToken = null) =>
        ListJobExecutionsForJob.Handle(_test, jobId, status, maxResults, nextToken);

    private ListJobExecutionsForThing.Response OfThing(
        string thing, JobExecutionStatus? status = null, string? namespaceId = null, int? maxResults = null, string? nextToken = null, string? jobId = null) =>
        ListJobExecutionsForThing.Handle(_test, thing, status, namespaceId, maxResults, nextToken, jobId);
}
