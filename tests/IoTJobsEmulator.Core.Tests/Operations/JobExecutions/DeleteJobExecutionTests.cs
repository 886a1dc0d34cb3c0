using IoTJobsEmulator.Core.Operations.JobExecutions;

namespace IoTJobsEmulator.Core.Tests.Operations.JobExecutions;

public sealed class DeleteJobExecutionTests
{
    private readonly TestRealm _test = new();

    public DeleteJobExecutionTests()
    {
        _test.CreateThings("pump-1", "pump-2");
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")], namespaceId: "fleet");
        _test.Commit();
    }

    [Theory]
    [InlineData("reboot", "pump-1", 1)]
    [InlineData("update-firmware", "pump-9", 1)]
    [InlineData("update-firmware", "pump-1", 2)]
    public void Refuses_an_execution_that_is_not_there(string jobId, string thing, long number) => _test.AssertRefused(
        ServiceError.ResourceNotFound, $"Job execution for job {jobId} and thing {thing} with execution number {number} cannot be found.",
        () => DeleteJobExecution.Handle(_test, jobId, thing, number, true, null));

    [Fact]
    public void A_namespace_need_not_be_the_job_s()
    {
        DeleteJobExecution.Handle(_test, "update-firmware", "pump-1", 1, true, "other");
        DeleteJobExecution.Handle(_test, "update-firmware", "pump-2", 1, true, "fleet");
        Assert.Empty(_test.Realm.Executions.All);
    }

    [Theory]
    [InlineData(JobExecutionStatus.QUEUED)]
    [InlineData(JobExecutionStatus.IN_PROGRESS)]
    public void Refuses_without_force_what_is_not_finished(JobExecutionStatus status)
    {
        if (status == JobExecutionStatus.IN_PROGRESS)
            _test.Report("pump-1", "update-firmware", status);
        _test.AssertRefused(
            ServiceError.InvalidStateTransition, $"Job execution in status {status} cannot be deleted without force.",
            () => DeleteJobExecution.Handle(_test, "update-firmware", "pump-1", 1, false, null));
    }

    [Fact]
    public void Removes_it_and_counts_it_no_more()
    {
        var (job, execution) = (_test.Job("update-firmware"), _test.Execution("update-firmware", "pump-1"));

        var answer = DeleteJobExecution.Handle(_test, "update-firmware", "pump-1", 1, true, null);

        Assert.Equal(new(), answer);
        Assert.Equal([(execution, null), (job, job with { Counts = new() { Queued = 1 } })], _test.TakeChanges());
    }

    [Fact]
    public void The_last_open_one_completes_the_job()
    {
        _test.Report("pump-2", "update-firmware", JobExecutionStatus.SUCCEEDED);
        DeleteJobExecution.Handle(_test, "update-firmware", "pump-1", 1, true, null);
        Assert.Equal((JobStatus.COMPLETED, 1), (_test.Job("update-firmware").Status, _test.Job("update-firmware").Counts.Total));
    }

    [Fact]
    public void The_runs_before_stay_and_the_number_may_be_used_again()
    {
        _test.CreateGroup("site", members: "pump-1");
        _test.CreateJob("rotate-keys", group: "site", isContinuous: true);
        _test.Leave("pump-1", "site");
        _test.Join("pump-1", "site");
        Assert.Equal("1 REMOVED v1, 2 QUEUED v1", _test.Runs("rotate-keys", "pump-1"));

        DeleteJobExecution.Handle(_test, "rotate-keys", "pump-1", 2, true, null);
        Assert.Equal("1 REMOVED v1", _test.Runs("rotate-keys", "pump-1"));
        _test.Leave("pump-1", "site");
        _test.Join("pump-1", "site");

        Assert.Equal("1 REMOVED v1, 2 QUEUED v1", _test.Runs("rotate-keys", "pump-1"));
    }
}
