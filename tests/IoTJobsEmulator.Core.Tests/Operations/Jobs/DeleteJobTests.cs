using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.Operations.Jobs;
using Device = IoTJobsEmulator.Core.Operations.IotJobsData;

namespace IoTJobsEmulator.Core.Tests.Operations.Jobs;

public sealed class DeleteJobTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void Refuses_a_job_that_is_not_there_but_not_another_namespace()
    {
        _test.CreateJobInStatus("update-firmware", JobStatus.COMPLETED);
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job reboot cannot be found.", () => DeleteJob.Handle(_test, "reboot", null, null));
        DeleteJob.Handle(_test, "update-firmware", null, "fleet");
        Assert.Equal(JobStatus.DELETION_IN_PROGRESS, _test.Job("update-firmware").Status);
    }

    [Theory]
    [InlineData(JobStatus.IN_PROGRESS)]
    [InlineData(JobStatus.SCHEDULED)]
    public void Refuses_a_job_that_is_not_finished_unless_forced(JobStatus status)
    {
        _test.CreateJobInStatus("update-firmware", status);
        foreach (var force in new bool?[] { null, false })
        {
            _test.AssertRefused(
                ServiceError.InvalidStateTransition, $"Job update-firmware in status {status} cannot be deleted without force.",
                () => DeleteJob.Handle(_test, "update-firmware", force, null));
        }
        DeleteJob.Handle(_test, "update-firmware", true, null);
    }

    [Fact]
    public void Refuses_a_job_that_is_being_deleted()
    {
        _test.CreateJobInStatus("update-firmware", JobStatus.DELETION_IN_PROGRESS);
        _test.AssertRefused(
            ServiceError.InvalidStateTransition, "Job update-firmware is already in status DELETION_IN_PROGRESS.",
            () => DeleteJob.Handle(_test, "update-firmware", true, null));
    }

    [Fact]
    public void Ten_deletions_go_on_at_once_and_the_eleventh_waits()
    {
        foreach (var number in Enumerable.Range(1, 11))
            _test.CreateJobInStatus($"reboot-{number}", JobStatus.COMPLETED);
        foreach (var number in Enumerable.Range(1, 10))
            _test.DeleteJob($"reboot-{number}");

        _test.AssertRefused(
            ServiceError.LimitExceeded,
            "Exceeded the AWS IoT Jobs service quota for the number of jobs with status DELETION_IN_PROGRESS. "
                + "Please check number of jobs currently being deleted, wait at least one minute, and try again.",
            () => DeleteJob.Handle(_test, "reboot-11", true, null));

        _test.Jump(Seconds(2));
        _test.DoDueWork();
        DeleteJob.Handle(_test, "reboot-11", null, null);
    }

    [Fact]
    public void Another_account_s_deletions_do_not_count()
    {
        foreach (var number in Enumerable.Range(1, 10))
            _test.CreateJobInStatus($"reboot-{number}", JobStatus.DELETION_IN_PROGRESS);
        var other = _test.World.Realm("210987654321", "us-east-1");
        Core.Operations.Things.CreateThing.Handle(other, "pump-1", null);
        CreateJob.Handle(other, "reboot", new() { Targets = new(["arn:aws:iot:us-east-1:210987654321:thing/pump-1"]), Document = "{}" });

        DeleteJob.Handle(other, "reboot", true, null);
    }

    [Fact]
    public void Marks_the_job_and_changes_nothing_else_within_the_request()
    {
        _test.CreateJobInStatus("update-firmware", JobStatus.IN_PROGRESS);
        var job = _test.Job("update-firmware");
        _test.Jump(Minutes(1));

        var answer = DeleteJob.Handle(_test, "update-firmware", true, null);

        var now = Start + Minutes(1);
        Assert.Equal(new(), answer);
        Assert.Equal([(job, job with { Status = JobStatus.DELETION_IN_PROGRESS, LastUpdatedAt = now, DeletionEndsAt = now + Seconds(2) })], _test.TakeChanges());
    }

    [Fact]
    public void Devices_lose_the_executions_at_the_call()
    {
        _test.CreateThings("pump-1");
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.CreateJob("reboot", thing: "pump-1");
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.IN_PROGRESS);
        _test.DeleteJob("update-firmware", force: true);
        const string Gone = "Job execution for job update-firmware and thing pump-1 cannot be found.";

        Assert.Equal(["reboot"], _test.Pending("pump-1"));
        Assert.Equal("reboot", Device.DescribeJobExecution.Handle(_test, "pump-1", "$next", null, null).Execution!.JobId);
        _test.AssertRefused(ServiceError.ResourceNotFound, Gone, () => _test.Report("pump-1", "update-firmware", JobExecutionStatus.SUCCEEDED));
        _test.AssertRefused(ServiceError.ResourceNotFound, Gone, () => Device.DescribeJobExecution.Handle(_test, "pump-1", "update-firmware", null, null));
        _test.AssertRefused(ServiceError.ResourceNotFound, Gone, () => DescribeJobExecution.Handle(_test, "update-firmware", "pump-1", null));
        _test.AssertRefused(ServiceError.ResourceNotFound, Gone, () => CancelJobExecution.Handle(_test, "update-firmware", "pump-1", true, null));
        _test.AssertRefused(
            ServiceError.ResourceNotFound, "Job execution for job update-firmware and thing pump-1 with execution number 1 cannot be found.",
            () => DeleteJobExecution.Handle(_test, "update-firmware", "pump-1", 1, true, null));
        Assert.Equal("reboot", Device.StartNextPendingJobExecution.Handle(_test, "pump-1", null).Execution!.JobId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(30)]
    public void The_job_is_gone_when_the_setting_s_duration_has_passed_and_not_before(int seconds)
    {
        _test.World.Settings = new() { DeletionDuration = Seconds(seconds) };
        _test.CreateJobInStatus("update-firmware", JobStatus.COMPLETED);
        _test.DeleteJob("update-firmware");
        if (seconds > 0)
        {
            _test.Jump(Seconds(seconds) - Milliseconds(1));
            _test.DoDueWork();
            Assert.Equal(JobStatus.DELETION_IN_PROGRESS, DescribeJob.Handle(_test, "update-firmware", null).Job.Status.Value);
            Assert.Equal(Start + Seconds(seconds), Core.Lifecycle.DueWork.NextDue(_test.World));
            _test.Jump(Milliseconds(1));
        }

        _test.DoDueWork();

        _test.AssertRefused(ServiceError.ResourceNotFound, "Job update-firmware cannot be found.", () => DescribeJob.Handle(_test, "update-firmware", null));
        Assert.Equal((0, 0, 0), (_test.Realm.Jobs.Count, _test.Realm.JobDocuments.Count, _test.Realm.Executions.Count));
    }

    [Fact]
    public void On_a_frozen_clock_the_executions_go_and_the_job_stays()
    {
        _test.CreateJobInStatus("update-firmware", JobStatus.COMPLETED);
        _test.DeleteJob("update-firmware");

        _test.DoDueWork();

        Assert.Equal((0, 1), (_test.Realm.Executions.Count, _test.Realm.Jobs.Count));
    }
}
