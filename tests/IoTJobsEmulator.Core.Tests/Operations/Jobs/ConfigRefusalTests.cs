using static IoTJobsEmulator.Core.Jobs.JobExecutionFailureType;
using Api = IoTJobsEmulator.Core.Operations.Jobs;

namespace IoTJobsEmulator.Core.Tests.Operations.Jobs;

/// <summary>What CreateJob and UpdateJob refuse of the configurations that concern time, word for word.</summary>
public sealed class ConfigRefusalTests
{
    private readonly TestRealm _test = new();

    private const string MaximumMissing = "Provide MaximumPerMinute value when ExponentialRate is defined";
    private const string BaseTooGreat = "Exponential rollout baseRatePerMinute should be less than maximumPerMinute.";
    private const string NoCriterion = "Provide either NumberOfNotifiedThings or NumberOfSucceededThings when RateIncreaseCriteria is defined";
    private const string BothCriteria = "Provide only one of NumberOfNotifiedThings or NumberOfSucceededThings when RateIncreaseCriteria is defined";
    private const string AllWithOther = "A retryCriteria with failure type ALL must be used by itself.";

    public ConfigRefusalTests()
    {
        _test.CreateThings("pump-1");
        _test.CreateJob("running", thing: "pump-1");
        _test.CreateJob("with-retries", thing: "pump-1", retry: Retries((Retryable.FAILED, 3), (Retryable.TIMED_OUT, 2)));
    }

    [Theory]
    [InlineData(0L, "0")]
    [InlineData(10081L, "10081")]
    [InlineData(-1L, "-1")]
    [InlineData(null, "null")]
    public void A_timeout_is_1_to_10080_minutes(long? minutes, string shown) => BothRefuse(
        $"Provide valid timeout value, inProgressTimeoutInMinutes cannot be {shown}.", timeout: Timeout(minutes));

    [Fact]
    public void The_bounds_of_a_timeout_are_taken() => BothTake(timeouts: [Timeout(1), Timeout(10080)]);

    [Fact]
    public void An_empty_rollout_is_the_default_for_a_new_job_and_nothing_for_an_update()
    {
        Create(new() { JobExecutionsRolloutConfig = new() });

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "Provide MaximumPerMinute value or provide ExponentialRate and MaximumPerMinute",
            () => _test.UpdateJob("running", new() { JobExecutionsRolloutConfig = new() }));
    }

    [Fact]
    public void An_exponential_rate_needs_a_maximum() => BothRefuse(MaximumMissing, rollout: Exponential(100, 50, 2, notified: 1) with { MaximumPerMinute = null });

    [Fact]
    public void An_exponential_rate_begins_below_the_maximum()
    {
        BothRefuse(BaseTooGreat, rollout: Exponential(100, 100, 2, notified: 1));
        BothRefuse(BaseTooGreat, rollout: Exponential(100, 101, 2, notified: 1));
        Create(new() { JobExecutionsRolloutConfig = Exponential(100, 99, 2, notified: 1) });
    }

    [Fact]
    public void An_exponential_rate_has_exactly_one_criterion()
    {
        BothRefuse(NoCriterion, rollout: Exponential(100, 50, 2));
        BothRefuse(BothCriteria, rollout: Exponential(100, 50, 2, notified: 1, succeeded: 1));
    }

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(-0.5, "-0.5")]
    public void An_abort_needs_a_threshold(double percentage, string shown) => BothRefuse(
        $"ThresholdPercentage value {shown} for AbortCriteria must have value greater than 0", abort: AbortWhen(FAILED, percentage, ofAtLeast: 1));

    [Fact]
    public void Retries_of_all_failures_stand_alone() => BothRefuse(
        AllWithOther, retry: Retries((Retryable.ALL, 0), (Retryable.FAILED, 0)));

    [Fact]
    public void Retries_of_one_thing_are_at_most_10_in_sum()
    {
        Create(new() { JobExecutionsRetryConfig = Retries((Retryable.FAILED, 5), (Retryable.TIMED_OUT, 5)) });

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "The sum of numberOfRetries over all retryCriteria cannot be greater than 10.",
            () => Create(new() { JobExecutionsRetryConfig = Retries((Retryable.FAILED, 6), (Retryable.TIMED_OUT, 5)) }));
    }

    [Fact]
    public void A_failure_type_is_retried_by_one_criterion() => _test.AssertRefused(
        ServiceError.InvalidRequest,
        "Each failure type can be used in only one retryCriteria.",
        () => Create(new() { JobExecutionsRetryConfig = Retries((Retryable.FAILED, 1), (Retryable.FAILED, 2)) }));

    [Fact]
    public void Retries_of_timeouts_need_no_timeout_because_steps_have_timers() =>
        Create(new() { JobExecutionsRetryConfig = Retries(Retryable.TIMED_OUT, 1) });

    [Fact]
    public void After_creation_retries_can_only_be_given_up()
    {
        const string NotZero = "The number of retries cannot be updated to any number other than 0.";
        _test.AssertRefused(ServiceError.InvalidRequest, NotZero, () => _test.UpdateJob("with-retries", WithRetries((Retryable.FAILED, 4), (Retryable.TIMED_OUT, 2))));
        _test.AssertRefused(ServiceError.InvalidRequest, NotZero, () => _test.UpdateJob("with-retries", WithRetries((Retryable.FAILED, 0), (Retryable.TIMED_OUT, 2))));
        // The number is looked at before anything else.
        _test.AssertRefused(ServiceError.InvalidRequest, NotZero, () => _test.UpdateJob("with-retries", WithRetries((Retryable.ALL, 1))));
        _test.AssertRefused(ServiceError.InvalidRequest, NotZero, () => _test.UpdateJob("running", WithRetries((Retryable.FAILED, 1))));
    }

    [Fact]
    public void A_job_without_retries_gets_none() => _test.AssertRefused(
        ServiceError.InvalidRequest,
        "RetryConfig cannot be updated if the job has no RetryConfig defined during creation.",
        () => _test.UpdateJob("running", WithRetries((Retryable.FAILED, 0))));

    [Fact]
    public void Retries_are_given_up_for_the_failure_types_that_there_are()
    {
        const string Mismatch = "FailureTypes must match existing FailureTypes defined in RetryConfig.";
        _test.AssertRefused(ServiceError.InvalidRequest, Mismatch, () => _test.UpdateJob("with-retries", WithRetries((Retryable.FAILED, 0))));
        _test.AssertRefused(ServiceError.InvalidRequest, Mismatch, () => _test.UpdateJob("with-retries", WithRetries((Retryable.ALL, 0))));

        _test.UpdateJob("with-retries", WithRetries((Retryable.TIMED_OUT, 0), (Retryable.FAILED, 0)));
        Assert.Equal([0, 0], _test.View("with-retries").JobExecutionsRetryConfig!.CriteriaList!.Select(criteria => criteria.NumberOfRetries));
    }

    [Theory]
    [InlineData("2026-01-01 00:29", null, null, "StartTime 2026-01-01 00:29 must be at least 30 minutes from now.")]
    [InlineData(null, "2026-01-01 00:29", null, "EndTime 2026-01-01 00:29 must be at least 30 minutes from now.")]
    [InlineData("2027-01-01 00:01", null, null, "StartTime 2027-01-01 00:01 must be at most 365 days from now.")]
    [InlineData(null, "2028-01-01 00:01", null, "EndTime 2028-01-01 00:01 must be at most 730 days from now.")]
    [InlineData(null, null, JobEndBehavior.CANCEL, "EndBehavior can only be specified with EndTime.")]
    public void A_schedule_keeps_to_its_limits(string? start, string? end, JobEndBehavior? behavior, string message) =>
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => Create(new() { SchedulingConfig = Scheduled(start, end, behavior) }));

    [Fact]
    public void A_snapshot_has_no_maintenance_windows() => _test.AssertRefused(
        ServiceError.InvalidRequest,
        "TargetSelection is invalid. MaintenanceWindow cannot be used with SNAPSHOT job.",
        () => Create(new() { SchedulingConfig = Windows("0 2 * * ? *", 60) }));

    [Fact]
    public void An_update_says_something_about_a_job_that_is_not_finished()
    {
        _test.AssertRefused(ServiceError.InvalidRequest, "Update Job request for job running cannot be empty.", () => _test.UpdateJob("running", new()));
        _test.CancelJob("running");
        _test.AssertRefused(ServiceError.InvalidRequest, "Job running in status CANCELED cannot be updated.", () => _test.UpdateJob("running", new() { TimeoutConfig = Timeout(5) }));
        _test.AssertRefused(ServiceError.ResourceNotFound, "Job unknown cannot be found.", () => _test.UpdateJob("unknown", new() { Description = "x" }));
    }

    // Shapes: checked before the operation is called, all together, in the order of the members.

    [Fact]
    public void The_shapes_of_a_rollout_are_checked() => BothViolate(
        [
            "Value '1001' at 'jobExecutionsRolloutConfig.maximumPerMinute': have value less than or equal to 1000",
            "Value '0' at 'jobExecutionsRolloutConfig.exponentialRate.baseRatePerMinute': have value greater than or equal to 1",
            "Value '5.1' at 'jobExecutionsRolloutConfig.exponentialRate.incrementFactor': have value less than or equal to 5",
            "Value '0' at 'jobExecutionsRolloutConfig.exponentialRate.rateIncreaseCriteria.numberOfNotifiedThings': have value greater than or equal to 1",
        ],
        rollout: Exponential(1001, 0, 5.1, notified: 0));

    [Fact]
    public void The_members_of_an_exponential_rate_are_required() => BothViolate(
        [
            "Value '0' at 'jobExecutionsRolloutConfig.maximumPerMinute': have value greater than or equal to 1",
            "Value null at 'jobExecutionsRolloutConfig.exponentialRate.baseRatePerMinute': not be null",
            "Value null at 'jobExecutionsRolloutConfig.exponentialRate.incrementFactor': not be null",
            "Value null at 'jobExecutionsRolloutConfig.exponentialRate.rateIncreaseCriteria': not be null",
        ],
        rollout: new() { MaximumPerMinute = 0, ExponentialRate = new() });

    [Fact]
    public void The_shapes_of_an_abort_are_checked() => BothViolate(
        [
            "Value '0' at 'abortConfig.criteriaList.1.member.minNumberOfExecutedThings': have value greater than or equal to 1",
            "Value 'SUCCEEDED' at 'abortConfig.criteriaList.1.member.failureType': satisfy enum value set: [ALL, TIMED_OUT, FAILED, REJECTED]",
            "Value 'STOP' at 'abortConfig.criteriaList.1.member.action': satisfy enum value set: [CANCEL]",
            "Value '101.0' at 'abortConfig.criteriaList.1.member.thresholdPercentage': have value less than or equal to 100",
            "Value null at 'abortConfig.criteriaList.2.member.minNumberOfExecutedThings': not be null",
            "Value null at 'abortConfig.criteriaList.2.member.failureType': not be null",
            "Value null at 'abortConfig.criteriaList.2.member.action': not be null",
            "Value null at 'abortConfig.criteriaList.2.member.thresholdPercentage': not be null",
        ],
        abort: new()
        {
            CriteriaList = new([new() { FailureType = new("SUCCEEDED"), Action = new("STOP"), ThresholdPercentage = 101, MinNumberOfExecutedThings = 0 }, new()]),
        });

    [Fact]
    public void An_abort_has_a_criterion()
    {
        BothViolate(["Value '[]' at 'abortConfig.criteriaList': have length greater than or equal to 1"], abort: new() { CriteriaList = [] });
        BothViolate(["Value null at 'abortConfig.criteriaList': not be null"], abort: new());
    }

    [Fact]
    public void The_shapes_of_retries_are_checked() => BothViolate(
        [
            "Value 'REJECTED' at 'jobExecutionsRetryConfig.criteriaList.1.member.failureType': satisfy enum value set: [ALL, TIMED_OUT, FAILED]",
            "Value '11' at 'jobExecutionsRetryConfig.criteriaList.1.member.numberOfRetries': have value less than or equal to 10",
            "Value null at 'jobExecutionsRetryConfig.criteriaList.2.member.failureType': not be null",
            "Value '-1' at 'jobExecutionsRetryConfig.criteriaList.2.member.numberOfRetries': have value greater than or equal to 0",
        ],
        retry: new() { CriteriaList = new([new() { FailureType = new("REJECTED"), NumberOfRetries = 11 }, new() { NumberOfRetries = -1 }]) });

    [Fact]
    public void Retries_have_one_or_two_criteria()
    {
        BothViolate(["Value '[]' at 'jobExecutionsRetryConfig.criteriaList': have length greater than or equal to 1"], retry: new() { CriteriaList = [] });
        BothViolate(
            [
                "Value '[RetryCriteria(failureType=FAILED, numberOfRetries=1), RetryCriteria(failureType=FAILED, numberOfRetries=1), RetryCriteria(failureType=FAILED, numberOfRetries=1)]'"
                + " at 'jobExecutionsRetryConfig.criteriaList': have length less than or equal to 2",
            ],
            retry: Retries((Retryable.FAILED, 1), (Retryable.FAILED, 1), (Retryable.FAILED, 1)));
    }

    [Fact]
    public void The_shapes_of_a_schedule_are_checked() => Assert.Equal(
        [
            "Value '' at 'schedulingConfig.startTime': have length greater than or equal to 1",
            $"Value '{new string('9', 65)}' at 'schedulingConfig.endTime': have length less than or equal to 64",
            "Value 'STOP' at 'schedulingConfig.endBehavior': satisfy enum value set: [STOP_ROLLOUT, CANCEL, FORCE_CANCEL]",
            "Value null at 'schedulingConfig.maintenanceWindows.1.member.startTime': not be null",
            "Value '0' at 'schedulingConfig.maintenanceWindows.1.member.durationInMinutes': have value greater than or equal to 1",
            "Value '' at 'schedulingConfig.maintenanceWindows.2.member.startTime': have length greater than or equal to 1",
            "Value '1431' at 'schedulingConfig.maintenanceWindows.2.member.durationInMinutes': have value less than or equal to 1430",
        ],
        TestRealm.Violations(Api.CreateJob.Handle, _test.Realm, "new", Full(new()
        {
            SchedulingConfig = new()
            {
                StartTime = "",
                EndTime = new('9', 65),
                EndBehavior = new("STOP"),
                MaintenanceWindows = new([new() { DurationInMinutes = 0 }, new() { StartTime = "", DurationInMinutes = 1431 }]),
            },
        })));

    [Fact]
    public void An_update_lists_rollout_then_retries_then_abort() => Assert.Equal(
        ["jobExecutionsRolloutConfig.maximumPerMinute", "jobExecutionsRetryConfig.criteriaList", "abortConfig.criteriaList"],
        TestRealm.Violations(Api.UpdateJob.Handle, _test.Realm, "running", null, new Api.UpdateJob.Request
        {
            AbortConfig = new(),
            JobExecutionsRetryConfig = new(),
            JobExecutionsRolloutConfig = PerMinute(0),
        }).Select(violation => violation.Split('\'').First(part => part.Contains('.', StringComparison.Ordinal))));

    [Theory]
    [InlineData(0L)]
    [InlineData(-2L)]
    [InlineData(10081L)]
    public void A_step_timer_is_1_to_10080_minutes_or_minus_1(long minutes)
    {
        var message = $"Provide valid timeout value, stepTimeoutInMinutes cannot be {minutes}.";
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => _test.Report("pump-1", "running", JobExecutionStatus.IN_PROGRESS, stepTimeoutInMinutes: minutes));
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => _test.StartNext("pump-1", stepTimeoutInMinutes: minutes));
    }

    private void BothRefuse(string message, RolloutConfig? rollout = null, AbortConfig? abort = null, RetryConfig? retry = null, TimeoutConfig? timeout = null)
    {
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => Create(NewJob(rollout, abort, retry, timeout)));
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => _test.UpdateJob("with-retries", Update(rollout, abort, retry, timeout)));
    }

    private void BothTake(params TimeoutConfig[] timeouts)
    {
        foreach (var (index, timeout) in timeouts.Index())
        {
            Api.CreateJob.Handle(_test, $"taken-{index}", Full(new() { TimeoutConfig = timeout }));
            _test.UpdateJob("running", new() { TimeoutConfig = timeout });
            Assert.Equal(timeout, _test.View("running").TimeoutConfig);
        }
    }

    private void BothViolate(string[] violations, RolloutConfig? rollout = null, AbortConfig? abort = null, RetryConfig? retry = null)
    {
        Assert.Equal(violations, TestRealm.Violations(Api.CreateJob.Handle, _test.Realm, "new", Full(NewJob(rollout, abort, retry, null))));
        Assert.Equal(violations, TestRealm.Violations(Api.UpdateJob.Handle, _test.Realm, "running", null, Update(rollout, abort, retry, null)));
    }

    private static Api.CreateJob.Request NewJob(RolloutConfig? rollout, AbortConfig? abort, RetryConfig? retry, TimeoutConfig? timeout) =>
        new() { JobExecutionsRolloutConfig = rollout, AbortConfig = abort, JobExecutionsRetryConfig = retry, TimeoutConfig = timeout };

    private static Api.UpdateJob.Request Update(RolloutConfig? rollout, AbortConfig? abort, RetryConfig? retry, TimeoutConfig? timeout) =>
        new() { JobExecutionsRolloutConfig = rollout, AbortConfig = abort, JobExecutionsRetryConfig = retry, TimeoutConfig = timeout };

    private static Api.UpdateJob.Request WithRetries(params (Retryable, int)[] criteria) => new() { JobExecutionsRetryConfig = Retries(criteria) };

    private void Create(Api.CreateJob.Request request)
    {
        Api.CreateJob.Handle(_test, "new", Full(request));
        _test.DeleteJob("new", force: true);
        _test.Advance(Minutes(1));
    }

    private static Api.CreateJob.Request Full(Api.CreateJob.Request request) => request with { Targets = new([ThingArn("pump-1")]), Document = "{}" };
}
