using IoTJobsEmulator.Core.Operations.JobExecutions;

namespace IoTJobsEmulator.Core.Tests.Operations.JobExecutions;

public sealed class CancelJobExecutionTests
{
    private readonly TestRealm _test = new();

    public CancelJobExecutionTests()
    {
        _test.CreateThings("pump-1", "pump-2");
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")]);
        _test.Commit();
    }

    [Theory]
    [InlineData("reboot", "pump-1")]
    [InlineData("update-firmware", "pump-9")]
    public void Refuses_an_execution_that_is_not_there(string jobId, string thing) => _test.AssertRefused(
        ServiceError.ResourceNotFound, $"Job execution for job {jobId} and thing {thing} cannot be found.", () => CancelJobExecution.Handle(_test, jobId, thing, null, null));

    [Fact]
    public void Refuses_another_version_before_it_looks_at_the_state()
    {
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.SUCCEEDED);
        _test.AssertRefused(
            ServiceError.VersionConflict, "Expected version 1 but found version 2",
            () => CancelJobExecution.Handle(_test, "update-firmware", "pump-1", null, new() { ExpectedVersion = 1 }));
    }

    [Fact]
    public void Refuses_what_is_finished_and_without_force_what_runs()
    {
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.IN_PROGRESS);
        _test.AssertRefused(
            ServiceError.InvalidStateTransition, "Job execution in status IN_PROGRESS cannot be canceled without force.",
            () => CancelJobExecution.Handle(_test, "update-firmware", "pump-1", null, null));
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.FAILED);
        _test.AssertRefused(
            ServiceError.InvalidStateTransition, "Job execution in status FAILED cannot be canceled.",
            () => CancelJobExecution.Handle(_test, "update-firmware", "pump-1", true, null));
    }

    [Fact]
    public void Cancels_it_and_counts_it()
    {
        var (job, execution) = (_test.Job("update-firmware"), _test.Execution("update-firmware", "pump-1"));
        _test.Jump(Minutes(1));

        var answer = CancelJobExecution.Handle(_test, "update-firmware", "pump-1", null, new() { ExpectedVersion = 1, StatusDetails = new([new("by", "me")]) });

        Assert.Equal(new(), answer);
        Assert.Equal(
            [
                (execution, execution with
                {
                    Status = JobExecutionStatus.CANCELED,
                    StatusDetails = new([new("by", "me")]),
                    VersionNumber = 2,
                    LastUpdatedAt = Start + Minutes(1),
                }),
                (job, job with { Counts = new() { Queued = 1, Canceled = 1 } }),
            ],
            _test.TakeChanges());
    }

    [Fact]
    public void Details_that_are_not_given_stay()
    {
        Core.Operations.IotJobsData.UpdateJobExecution.Handle(
            _test, "pump-1", "update-firmware", new() { Status = JobExecutionStatus.IN_PROGRESS, StatusDetails = new([new("step", "1")]), StepTimeoutInMinutes = 5 });

        CancelJobExecution.Handle(_test, "update-firmware", "pump-1", null, new() { Force = true });

        var execution = _test.Execution("update-firmware", "pump-1");
        Assert.Equal((new([new("step", "1")]), true, 3, (Moment?)null), (execution.StatusDetails, execution.ForceCanceled, execution.VersionNumber, execution.TimesOutAt));
    }

    [Fact]
    public void The_last_open_one_completes_the_job()
    {
        _test.Report("pump-2", "update-firmware", JobExecutionStatus.SUCCEEDED);
        _test.CancelExecution("update-firmware", "pump-1");
        Assert.Equal((JobStatus.COMPLETED, Start), (_test.Job("update-firmware").Status, _test.Job("update-firmware").CompletedAt));
    }
}
