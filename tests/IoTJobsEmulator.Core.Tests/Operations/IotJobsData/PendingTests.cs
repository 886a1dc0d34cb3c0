using IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Core.Tests.Operations.IotJobsData;

/// <summary>GetPendingJobExecutions, StartNextPendingJobExecution, DescribeJobExecution.</summary>
public sealed class PendingTests
{
    private readonly TestRealm _test = new();

    public PendingTests() => _test.CreateThings("pump-1", "pump-2");

    [Fact]
    public void Refuses_what_is_not_there()
    {
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing pump-9 cannot be found.", () => GetPendingJobExecutions.Handle(_test, "pump-9"));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing pump-9 cannot be found.", () => StartNextPendingJobExecution.Handle(_test, "pump-9", null));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing pump-9 cannot be found.", () => DescribeJobExecution.Handle(_test, "pump-9", "$next", null, null));
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Job execution for job reboot and thing pump-1 cannot be found.", () => DescribeJobExecution.Handle(_test, "pump-1", "reboot", null, null));
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Job execution for job update-firmware and thing pump-1 with execution number 2 cannot be found.",
            () => DescribeJobExecution.Handle(_test, "pump-1", "update-firmware", null, 2));
        _test.AssertRefused(
            ServiceError.InvalidRequest, "Provide valid timeout value, stepTimeoutInMinutes cannot be 0.",
            () => StartNextPendingJobExecution.Handle(_test, "pump-9", new() { StepTimeoutInMinutes = 0 }));
    }

    [Fact]
    public void Where_nothing_is_pending_the_answers_are_empty()
    {
        Assert.Equal(new(new([]), new([])), GetPendingJobExecutions.Handle(_test, "pump-1"));
        Assert.Equal(new((DeviceJobExecution?)null), StartNextPendingJobExecution.Handle(_test, "pump-1", null));
        Assert.Equal(new((DeviceJobExecution?)null), DescribeJobExecution.Handle(_test, "pump-1", "$next", null, null));
    }

    [Fact]
    public void Pending_executions_are_listed_in_the_order_of_queuing_running_ones_by_themselves()
    {
        foreach (var jobId in new[] { "update-firmware", "rotate-keys", "reboot" })
        {
            _test.CreateJob(jobId, thing: "pump-1");
            _test.Jump(Minutes(1));
        }
        _test.CreateJob("calibrate", thing: "pump-1");
        _test.Report("pump-1", "reboot", JobExecutionStatus.IN_PROGRESS);
        _test.Report("pump-1", "rotate-keys", JobExecutionStatus.IN_PROGRESS);

        Assert.Equal(
            new(
                new([Summary("rotate-keys", 1, startedAt: 3), Summary("reboot", 2, startedAt: 3)]),
                new([Summary("update-firmware", 0), Summary("calibrate", 3)])),
            GetPendingJobExecutions.Handle(_test, "pump-1"));
        Assert.Equal("rotate-keys", DescribeJobExecution.Handle(_test, "pump-1", "$next", null, null).Execution!.JobId);
    }

    [Fact]
    public void Ten_pending_executions_are_shown()
    {
        foreach (var number in Enumerable.Range(1, 12))
            _test.CreateJob($"reboot-{number}", thing: "pump-1");
        _test.Report("pump-1", "reboot-12", JobExecutionStatus.IN_PROGRESS);

        var pending = GetPendingJobExecutions.Handle(_test, "pump-1");

        Assert.Equal(["reboot-12"], pending.InProgressJobs.Select(job => job.JobId));
        Assert.Equal(Enumerable.Range(1, 9).Select(number => $"reboot-{number}"), pending.QueuedJobs.Select(job => job.JobId));
    }

    [Fact]
    public void A_job_of_a_namespace_is_in_a_list_of_its_own()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", namespaceId: "fleet");

        Assert.Equal(new(new([]), new([])), GetPendingJobExecutions.Handle(_test, "pump-1"));
        Assert.Null(StartNextPendingJobExecution.Handle(_test, "pump-1", null).Execution);
        Assert.Null(DescribeJobExecution.Handle(_test, "pump-1", "$next", null, null).Execution);
        Assert.Equal(["update-firmware"], _test.Pending("pump-1", "fleet"));
    }

    [Fact]
    public void The_next_is_started()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10);
        _test.CreateJob("reboot", thing: "pump-1");
        _test.Commit();
        var (job, execution) = (_test.Job("update-firmware"), _test.Execution("update-firmware", "pump-1"));
        _test.Jump(Milliseconds(61_500));
        var now = Start + Milliseconds(61_500);

        var answer = StartNextPendingJobExecution.Handle(_test, "pump-1", new() { StatusDetails = new([new("step", "1")]), StepTimeoutInMinutes = 5 });

        Assert.Equal(
            new(new DeviceJobExecution
            {
                JobId = "update-firmware",
                ThingName = "pump-1",
                Status = JobExecutionStatus.IN_PROGRESS,
                StatusDetails = new([new("step", "1")]),
                QueuedAt = Start.Seconds,
                StartedAt = Start.Seconds + 61,
                LastUpdatedAt = Start.Seconds + 61,
                ApproximateSecondsBeforeTimedOut = 300,
                VersionNumber = 2,
                ExecutionNumber = 1,
                JobDocument = "{}",
            }),
            answer);
        Assert.Equal(
            [
                (execution, execution with
                {
                    Status = JobExecutionStatus.IN_PROGRESS,
                    StatusDetails = new([new("step", "1")]),
                    VersionNumber = 2,
                    StartedAt = now,
                    LastUpdatedAt = now,
                    InProgressTimesOutAt = now + Minutes(10),
                    StepTimesOutAt = now + Minutes(5),
                }),
                (job, job with { Counts = new() { InProgress = 1 } }),
            ],
            _test.TakeChanges());
    }

    [Fact]
    public void What_runs_already_is_answered_as_it_is()
    {
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.CreateJob("reboot", thing: "pump-1");
        _test.Report("pump-1", "reboot", JobExecutionStatus.IN_PROGRESS);
        _test.Commit();

        var answer = StartNextPendingJobExecution.Handle(_test, "pump-1", new() { StatusDetails = new([new("step", "2")]), StepTimeoutInMinutes = 5 });

        Assert.Equal(("reboot", null, 2, (long?)null), (answer.Execution!.JobId, answer.Execution.StatusDetails, answer.Execution.VersionNumber, answer.Execution.ApproximateSecondsBeforeTimedOut));
        Assert.Empty(_test.TakeChanges());
    }

    [Fact]
    public void What_is_overdue_is_not_next()
    {
        _test.CreateJob("update-firmware", thing: "pump-1", timeoutInMinutes: 10);
        _test.CreateJob("reboot", thing: "pump-1");
        StartNextPendingJobExecution.Handle(_test, "pump-1", null);
        _test.Jump(Minutes(10));

        Assert.Equal(["reboot"], GetPendingJobExecutions.Handle(_test, "pump-1").QueuedJobs.Select(job => job.JobId));
        Assert.Equal(("1 TIMED_OUT v3", JobStatus.COMPLETED), (_test.Runs("update-firmware", "pump-1"), _test.Job("update-firmware").Status));
        Assert.Equal("reboot", StartNextPendingJobExecution.Handle(_test, "pump-1", null).Execution!.JobId);
    }

    [Fact]
    public void An_execution_is_described_without_being_started()
    {
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.Commit();
        var queued = new DeviceJobExecution
        {
            JobId = "update-firmware",
            ThingName = "pump-1",
            Status = JobExecutionStatus.QUEUED,
            QueuedAt = Start.Seconds,
            LastUpdatedAt = Start.Seconds,
            VersionNumber = 1,
            ExecutionNumber = 1,
            JobDocument = "{}",
        };

        Assert.Equal(new(queued), DescribeJobExecution.Handle(_test, "pump-1", "update-firmware", null, null));
        Assert.Equal(new(queued), DescribeJobExecution.Handle(_test, "pump-1", "update-firmware", true, 1));
        Assert.Equal(new(queued with { JobDocument = null }), DescribeJobExecution.Handle(_test, "pump-1", "update-firmware", false, null));
        Assert.Equal(new(queued), DescribeJobExecution.Handle(_test, "pump-1", "$next", null, 99));
        Assert.Empty(_test.TakeChanges());
    }

    [Theory]
    [InlineData(JobExecutionStatus.SUCCEEDED)]
    [InlineData(JobExecutionStatus.FAILED)]
    [InlineData(JobExecutionStatus.TIMED_OUT)]
    [InlineData(JobExecutionStatus.REJECTED)]
    [InlineData(JobExecutionStatus.REMOVED)]
    [InlineData(JobExecutionStatus.CANCELED)]
    public void What_is_finished_is_described_no_more(JobExecutionStatus status)
    {
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.BringExecutionTo("update-firmware", "pump-1", status);
        _test.AssertRefused(
            ServiceError.TerminalState, $"Job execution is in terminal status {status}.", () => DescribeJobExecution.Handle(_test, "pump-1", "update-firmware", null, null));
    }

    private static DeviceJobExecutionSummary Summary(string jobId, int queuedAfter, int? startedAt = null) => new()
    {
        JobId = jobId,
        QueuedAt = Start.Seconds + (60 * queuedAfter),
        StartedAt = Start.Seconds + (60 * startedAt),
        LastUpdatedAt = Start.Seconds + (60 * (startedAt ?? queuedAfter)),
        VersionNumber = startedAt is null ? 1 : 2,
        ExecutionNumber = 1,
    };
}
