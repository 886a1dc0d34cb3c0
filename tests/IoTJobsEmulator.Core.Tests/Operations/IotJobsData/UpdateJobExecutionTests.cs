using IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Core.Tests.Operations.IotJobsData;

public sealed class UpdateJobExecutionTests
{
    private readonly TestRealm _test = new();

    public UpdateJobExecutionTests()
    {
        _test.CreateThings("pump-1", "pump-2");
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")], timeoutInMinutes: 10);
        _test.Commit();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(10081)]
    public void Refuses_a_step_timer_out_of_its_bounds_before_it_looks_anything_up(long minutes) => _test.AssertRefused(
        ServiceError.InvalidRequest, $"Provide valid timeout value, stepTimeoutInMinutes cannot be {minutes}.",
        () => UpdateJobExecution.Handle(_test, "pump-9", "update-firmware", new() { Status = JobExecutionStatus.IN_PROGRESS, StepTimeoutInMinutes = minutes }));

    [Theory]
    [InlineData("mv: cannot stat 'x'\n")]
    [InlineData("\n")]
    [InlineData("a\r\n\tb")]
    [InlineData("ü 🔧\n")]
    public void A_value_may_have_line_breaks_and_tabs(string value)
    {
        var details = new ValueMap([new("stderr", value)]);

        Assert.Empty(TestRealm.Violations(UpdateJobExecution.Handle, _test.Realm, "pump-1", "update-firmware", new UpdateJobExecution.Request { Status = JobExecutionStatus.IN_PROGRESS, StatusDetails = details }, null));
        Assert.Empty(TestRealm.Violations(StartNextPendingJobExecution.Handle, _test.Realm, "pump-1", new StartNextPendingJobExecution.Request { StatusDetails = details }, null));
        Assert.Empty(TestRealm.Violations(
            Core.Operations.JobExecutions.CancelJobExecution.Handle, _test.Realm, "update-firmware", "pump-1", null, new Core.Operations.JobExecutions.CancelJobExecution.Request { StatusDetails = details }));
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("a\u001b[0m")]
    [InlineData("\b\n")]
    [InlineData("\v")]
    [InlineData("\u007f")]
    [InlineData("\u0085")]
    [InlineData("\u200b")]
    [InlineData("")]
    public void A_value_has_no_other_control_characters(string value) => Assert.Contains(
        "statusDetails",
        Assert.Single(TestRealm.Violations(UpdateJobExecution.Handle, _test.Realm, "pump-1", "update-firmware", new UpdateJobExecution.Request { Status = JobExecutionStatus.IN_PROGRESS, StatusDetails = new([new("stderr", value)]) }, null)),
        StringComparison.Ordinal);

    [Fact]
    public void Refuses_what_is_not_there()
    {
        var report = new UpdateJobExecution.Request { Status = JobExecutionStatus.IN_PROGRESS };
        _test.AssertRefused(ServiceError.ResourceNotFound, "Thing pump-9 cannot be found.", () => UpdateJobExecution.Handle(_test, "pump-9", "update-firmware", report));
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Job execution for job reboot and thing pump-1 cannot be found.", () => UpdateJobExecution.Handle(_test, "pump-1", "reboot", report));
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Job execution for job update-firmware and thing pump-1 with execution number 2 cannot be found.",
            () => UpdateJobExecution.Handle(_test, "pump-1", "update-firmware", report with { ExecutionNumber = 2 }));
    }

    [Fact]
    public void Refuses_another_version_and_says_how_it_stands()
    {
        var refusal = _test.AssertRefused(
            ServiceError.VersionConflict, "Expected version 99 but found version 1",
            () => UpdateJobExecution.Handle(_test, "pump-1", "update-firmware", new() { Status = JobExecutionStatus.IN_PROGRESS, ExpectedVersion = 99 }));

        Assert.Equal(_test.Execution("update-firmware", "pump-1"), refusal.Execution);
        Assert.Equal(("InvalidStateTransitionException", 409, "VersionMismatch"), (refusal.Error.DataPlaneName, refusal.Error.DataPlaneStatus, refusal.Error.MqttCode));
    }

    [Theory]
    [InlineData(JobExecutionStatus.QUEUED)]
    [InlineData(JobExecutionStatus.CANCELED)]
    [InlineData(JobExecutionStatus.TIMED_OUT)]
    [InlineData(JobExecutionStatus.REMOVED)]
    public void Refuses_a_state_that_devices_do_not_set(JobExecutionStatus status)
    {
        foreach (var start in new[] { false, true })
        {
            if (start)
                _test.Report("pump-1", "update-firmware", JobExecutionStatus.IN_PROGRESS);
            var refusal = _test.AssertRefused(
                ServiceError.InvalidStateTransition, $"The status of job execution cannot be changed to be {status}", () => _test.Report("pump-1", "update-firmware", status));
            Assert.Equal(_test.Execution("update-firmware", "pump-1"), refusal.Execution);
        }
    }

    [Theory]
    [InlineData(JobExecutionStatus.SUCCEEDED)]
    [InlineData(JobExecutionStatus.FAILED)]
    [InlineData(JobExecutionStatus.TIMED_OUT)]
    [InlineData(JobExecutionStatus.REJECTED)]
    [InlineData(JobExecutionStatus.REMOVED)]
    [InlineData(JobExecutionStatus.CANCELED)]
    public void Refuses_what_is_finished(JobExecutionStatus status)
    {
        _test.BringExecutionTo("update-firmware", "pump-1", status);
        var refusal = _test.AssertRefused(
            ServiceError.InvalidStateTransition, $"Job execution in terminal status {status} cannot be changed to be SUCCEEDED",
            () => _test.Report("pump-1", "update-firmware", JobExecutionStatus.SUCCEEDED));
        Assert.Equal(_test.Execution("update-firmware", "pump-1"), refusal.Execution);
    }

    [Fact]
    public void Changes_the_execution_and_counts_it()
    {
        var (job, execution) = (_test.Job("update-firmware"), _test.Execution("update-firmware", "pump-1"));
        _test.Jump(Minutes(1));
        var now = Start + Minutes(1);

        var answer = UpdateJobExecution.Handle(_test, "pump-1", "update-firmware", new()
        {
            Status = JobExecutionStatus.IN_PROGRESS,
            StatusDetails = new([new("step", "1")]),
            StepTimeoutInMinutes = 5,
            ExpectedVersion = 1,
            ExecutionNumber = 1,
        });

        Assert.Equal(new((JobExecutionState?)null, null), answer);
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
                (job, job with { Counts = new() { Queued = 1, InProgress = 1 } }),
            ],
            _test.TakeChanges());
    }

    [Fact]
    public void Answers_what_it_is_asked_for()
    {
        UpdateJobExecution.Response Report(bool? state, bool? document, ValueMap? details = null) => UpdateJobExecution.Handle(_test, "pump-1", "update-firmware", new()
        {
            Status = JobExecutionStatus.IN_PROGRESS,
            StatusDetails = details,
            IncludeJobExecutionState = state,
            IncludeJobDocument = document,
        });

        Assert.Equal(new(new(JobExecutionStatus.IN_PROGRESS, null, 2), null), Report(true, null));
        Assert.Equal(new((JobExecutionState?)null, "{}"), Report(false, true));
        Assert.Equal(new(new(JobExecutionStatus.IN_PROGRESS, new([new("step", "1")]), 4), "{}"), Report(true, true, new([new("step", "1")])));
        Assert.Equal(new(new(JobExecutionStatus.IN_PROGRESS, new([new("step", "1")]), 5), null), Report(true, false));
        Assert.Equal(new(new(JobExecutionStatus.IN_PROGRESS, null, 6), null), Report(true, null, []));
    }

    [Theory]
    [InlineData(JobExecutionStatus.SUCCEEDED)]
    [InlineData(JobExecutionStatus.FAILED)]
    [InlineData(JobExecutionStatus.REJECTED)]
    public void A_queued_execution_may_be_finished_at_once_and_the_last_completes_the_job(JobExecutionStatus status)
    {
        _test.Report("pump-1", "update-firmware", status);
        Assert.Equal(($"1 {status} v2", JobStatus.IN_PROGRESS), (_test.Runs("update-firmware", "pump-1"), _test.Job("update-firmware").Status));

        _test.Report("pump-2", "update-firmware", status);
        Assert.Equal((JobStatus.COMPLETED, Start), (_test.Job("update-firmware").Status, _test.Job("update-firmware").CompletedAt));
        Assert.Equal(2, _test.Job("update-firmware").Counts.Of(status));
    }

    [Fact]
    public void A_report_that_comes_too_late_is_refused_as_of_a_timed_out_execution()
    {
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.IN_PROGRESS);
        _test.Jump(Minutes(10));

        _test.AssertRefused(
            ServiceError.InvalidStateTransition, "Job execution in terminal status TIMED_OUT cannot be changed to be SUCCEEDED",
            () => _test.Report("pump-1", "update-firmware", JobExecutionStatus.SUCCEEDED));
    }

    [Fact]
    public void Without_a_number_the_newest_run_is_meant()
    {
        _test.CreateGroup("site", members: "pump-1");
        _test.CreateJob("rotate-keys", group: "site", isContinuous: true);
        _test.Leave("pump-1", "site");
        _test.Join("pump-1", "site");

        _test.Report("pump-1", "rotate-keys", JobExecutionStatus.IN_PROGRESS);

        Assert.Equal("1 REMOVED v1, 2 IN_PROGRESS v2", _test.Runs("rotate-keys", "pump-1"));
    }
}
