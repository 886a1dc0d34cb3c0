using IoTJobsEmulator.Core.Operations.Jobs;

namespace IoTJobsEmulator.Core.Tests.Operations.Jobs;

public sealed class CancelJobTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void Refuses_a_job_that_is_not_there() =>
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job reboot cannot be found.", () => CancelJob.Handle(_test, "reboot", null, null));

    [Theory]
    [InlineData(JobStatus.COMPLETED)]
    [InlineData(JobStatus.CANCELED)]
    [InlineData(JobStatus.DELETION_IN_PROGRESS)]
    public void Refuses_a_job_that_is_finished(JobStatus status)
    {
        _test.CreateJobInStatus("update-firmware", status);
        _test.AssertRefused(
            ServiceError.InvalidRequest, $"Job update-firmware in status {status} cannot be canceled.", () => CancelJob.Handle(_test, "update-firmware", true, null));
    }

    [Fact]
    public void Cancels_what_is_queued_and_keeps_reason_and_comment()
    {
        _test.CreateThings("pump-1", "pump-2");
        CreateJob.Handle(_test, "update-firmware", new()
        {
            Targets = new([ThingArn("pump-1"), ThingArn("pump-2")]),
            Document = "{}",
            Description = "the second version",
        });
        _test.Report("pump-2", "update-firmware", JobExecutionStatus.IN_PROGRESS);
        _test.Commit();
        var (job, queued) = (_test.Job("update-firmware"), _test.Execution("update-firmware", "pump-1"));
        _test.Jump(Minutes(1));
        var now = Start + Minutes(1);

        var answer = CancelJob.Handle(_test, "update-firmware", null, new() { ReasonCode = "WRONG", Comment = "wrong version" });

        Assert.Equal(new(JobArn("update-firmware"), "update-firmware", "the second version"), answer);
        var canceled = job with { Status = JobStatus.CANCELED, ReasonCode = "WRONG", Comment = "wrong version", LastUpdatedAt = now };
        Assert.Equal(
            [
                (job, canceled),
                (queued, queued with { Status = JobExecutionStatus.CANCELED, VersionNumber = 2, LastUpdatedAt = now }),
                (canceled, canceled with { Counts = new() { Canceled = 1, InProgress = 1 } }),
            ],
            _test.TakeChanges());
    }

    [Fact]
    public void What_runs_may_finish_and_the_job_stays_canceled()
    {
        _test.CreateThings("pump-1");
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.IN_PROGRESS);
        _test.CancelJob("update-firmware");

        _test.Report("pump-1", "update-firmware", JobExecutionStatus.SUCCEEDED);

        Assert.Equal(("1 SUCCEEDED v3", JobStatus.CANCELED, (Moment?)null), (_test.Runs("update-firmware", "pump-1"), _test.Job("update-firmware").Status, _test.Job("update-firmware").CompletedAt));
        Assert.Equal(new() { Succeeded = 1 }, _test.Job("update-firmware").Counts);
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(null, true, true)]
    [InlineData(false, true, false)]
    [InlineData(null, null, false)]
    public void Force_may_stand_in_the_query_or_in_the_body(bool? inQuery, bool? inBody, bool isForced)
    {
        _test.CreateThings("pump-1");
        _test.CreateJob("update-firmware", thing: "pump-1");
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.IN_PROGRESS);

        CancelJob.Handle(_test, "update-firmware", inQuery, new() { Force = inBody });

        Assert.Equal((isForced, isForced ? "1 CANCELED v3" : "1 IN_PROGRESS v2"), (_test.Job("update-firmware").ForceCanceled, _test.Runs("update-firmware", "pump-1")));
        Assert.Equal(isForced, _test.Execution("update-firmware", "pump-1").ForceCanceled);
    }

    [Fact]
    public void Nothing_joins_a_job_that_is_canceled()
    {
        _test.CreateGroup("site");
        _test.CreateJob("update-firmware", group: "site", isContinuous: true);
        _test.CancelJob("update-firmware");

        _test.CreateThings("pump-1");
        _test.Join("pump-1", "site");

        Assert.Equal(("", 0, false), (_test.Runs("update-firmware", "pump-1"), _test.Realm.WaitingTargets.Count, _test.Job("update-firmware").HasWork));
    }
}
