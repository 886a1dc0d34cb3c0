using IoTJobsEmulator.Core.Operations.Jobs;

namespace IoTJobsEmulator.Core.Tests.Operations.Jobs;

public sealed class UpdateJobTests
{
    private readonly TestRealm _test = new();

    [Fact]
    public void Refuses_an_update_of_nothing_even_of_a_job_that_is_not_there()
    {
        _test.AssertRefused(ServiceError.InvalidRequest, "Update Job request for job reboot cannot be empty.", () => UpdateJob.Handle(_test, "reboot", null, null));
        _test.AssertRefused(ServiceError.InvalidRequest, "Update Job request for job reboot cannot be empty.", () => UpdateJob.Handle(_test, "reboot", null, new()));
    }

    [Fact]
    public void Refuses_what_needs_only_the_request_before_it_looks_anything_up()
    {
        (string Message, UpdateJob.Request Request)[] refusals =
        [
            ("Provide valid timeout value, inProgressTimeoutInMinutes cannot be null.", new() { TimeoutConfig = new() }),
            ("Provide MaximumPerMinute value or provide ExponentialRate and MaximumPerMinute", new() { JobExecutionsRolloutConfig = new() }),
            ("Provide MaximumPerMinute value when ExponentialRate is defined", new() { JobExecutionsRolloutConfig = Exponential(null, 1, 2, notified: 1) }),
            ("Given role operator is invalid.", new() { PresignedUrlConfig = new() { RoleArn = "operator" } }),
            (
                "A retryCriteria with failure type ALL must be used by itself.",
                new() { JobExecutionsRetryConfig = Retries((Retryable.ALL, 0), (Retryable.FAILED, 0)) }),
            (
                "ThresholdPercentage value -1.0 for AbortCriteria must have value greater than 0",
                new() { AbortConfig = AbortWhen(Failure.ALL, -1, ofAtLeast: 1) }),
        ];

        foreach (var (message, request) in refusals)
            _test.AssertRefused(ServiceError.InvalidRequest, message, () => UpdateJob.Handle(_test, "reboot", null, request));
    }

    [Fact]
    public void Refuses_more_retries_even_of_a_job_that_is_not_there() => _test.AssertRefused(
        ServiceError.InvalidRequest, "The number of retries cannot be updated to any number other than 0.",
        () => UpdateJob.Handle(_test, "reboot", null, new() { JobExecutionsRetryConfig = Retries(Retryable.ALL, 1) }));

    [Fact]
    public void Refuses_a_job_that_is_not_there_but_not_another_namespace()
    {
        _test.CreateJobInStatus("update-firmware", JobStatus.IN_PROGRESS);
        var request = new UpdateJob.Request { Description = "new" };
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job reboot cannot be found.", () => UpdateJob.Handle(_test, "reboot", null, request));
        UpdateJob.Handle(_test, "update-firmware", "fleet", request);
        Assert.Equal("new", _test.Job("update-firmware").Description);
    }

    [Theory]
    [InlineData(JobStatus.COMPLETED)]
    [InlineData(JobStatus.CANCELED)]
    [InlineData(JobStatus.DELETION_IN_PROGRESS)]
    public void Refuses_a_job_that_is_finished(JobStatus status)
    {
        _test.CreateJobInStatus("update-firmware", status);
        _test.AssertRefused(
            ServiceError.InvalidRequest, $"Job update-firmware in status {status} cannot be updated.",
            () => UpdateJob.Handle(_test, "update-firmware", null, new() { Description = "new" }));
    }

    [Fact]
    public void Retries_can_only_be_given_up()
    {
        _test.CreateJobInStatus("update-firmware", JobStatus.IN_PROGRESS);
        Refuse("The number of retries cannot be updated to any number other than 0.", (Retryable.FAILED, 1));
        Refuse("RetryConfig cannot be updated if the job has no RetryConfig defined during creation.", (Retryable.FAILED, 0));

        _test.Realm.Jobs.Change("update-firmware", job => job with { RetryConfig = Retries((Retryable.FAILED, 2), (Retryable.TIMED_OUT, 3)) });
        Refuse("The number of retries cannot be updated to any number other than 0.", (Retryable.ALL, 1));
        Refuse("FailureTypes must match existing FailureTypes defined in RetryConfig.", (Retryable.FAILED, 0));

        // Stored as sent, in any order.
        var none = Retries((Retryable.TIMED_OUT, 0), (Retryable.FAILED, 0));
        UpdateJob.Handle(_test, "update-firmware", null, new() { JobExecutionsRetryConfig = none });
        Assert.Equal(none, _test.Job("update-firmware").RetryConfig);

        void Refuse(string message, params (Retryable, int)[] criteria) => _test.AssertRefused(
            ServiceError.InvalidRequest, message, () => UpdateJob.Handle(_test, "update-firmware", null, new() { JobExecutionsRetryConfig = Retries(criteria) }));
    }

    [Fact]
    public void Replaces_each_member_that_is_given_as_a_whole()
    {
        _test.CreateJobInStatus("update-firmware", JobStatus.IN_PROGRESS);
        _test.Realm.Jobs.Change("update-firmware", job => job with { RolloutConfig = Exponential(10, 1, 2, notified: 1), Description = "old", AbortConfig = new() });
        var before = _test.Job("update-firmware");
        _test.Commit();
        _test.Jump(Minutes(1));

        UpdateJob.Handle(_test, "update-firmware", null, new() { JobExecutionsRolloutConfig = new() { MaximumPerMinute = 5 }, PresignedUrlConfig = new() { ExpiresInSec = 60 } });

        Assert.Equal(
            [
                (before, before with
                {
                    RolloutConfig = new() { MaximumPerMinute = 5 },
                    PresignedUrlConfig = new() { ExpiresInSec = 60 },
                    LastUpdatedAt = Start + Minutes(1),
                }),
            ],
            _test.TakeChanges());

        var criteria = AbortWhen(Failure.ALL, 1, ofAtLeast: 1);
        UpdateJob.Handle(_test, "update-firmware", null, new() { Description = "new", AbortConfig = criteria, TimeoutConfig = Timeout(7) });

        var after = _test.Job("update-firmware");
        Assert.Equal(("new", criteria, 7, 5), (after.Description, after.AbortConfig, after.TimeoutConfig?.InProgressTimeoutInMinutes, after.RolloutConfig?.MaximumPerMinute));
    }

    [Fact]
    public void A_job_that_waits_for_its_start_can_be_updated()
    {
        _test.CreateJobInStatus("update-firmware", JobStatus.SCHEDULED);
        UpdateJob.Handle(_test, "update-firmware", null, new() { Description = "new" });
        Assert.Equal("new", _test.Job("update-firmware").Description);
    }

    [Fact]
    public void A_new_timeout_concerns_executions_that_start_afterwards()
    {
        _test.CreateThings("pump-1", "pump-2");
        _test.CreateJob("update-firmware", targets: [ThingArn("pump-1"), ThingArn("pump-2")], timeoutInMinutes: 10);
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.IN_PROGRESS);

        UpdateJob.Handle(_test, "update-firmware", null, new() { TimeoutConfig = Timeout(5) });
        _test.Report("pump-1", "update-firmware", JobExecutionStatus.IN_PROGRESS);
        _test.Report("pump-2", "update-firmware", JobExecutionStatus.IN_PROGRESS);

        Assert.Equal(Start + Minutes(10), _test.Execution("update-firmware", "pump-1").TimesOutAt);
        Assert.Equal(Start + Minutes(5), _test.Execution("update-firmware", "pump-2").TimesOutAt);
    }
}
