using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Jobs;

/// <summary>Source: the developer guide, "Job execution retry configuration"; API_RetryCriteria.</summary>
public sealed class RetryConfigTests
{
    [Theory]
    // A budget for failures: timeouts neither earn from it nor use it up.
    [InlineData("FAILED 2", FAILED, 0, 0, true)]
    [InlineData("FAILED 2", FAILED, 1, 0, true)]
    [InlineData("FAILED 2", FAILED, 2, 0, false)]
    [InlineData("FAILED 2", TIMED_OUT, 0, 0, false)]
    [InlineData("FAILED 0", FAILED, 0, 0, false)]
    // One for timeouts.
    [InlineData("TIMED_OUT 1", TIMED_OUT, 0, 0, true)]
    [InlineData("TIMED_OUT 1", TIMED_OUT, 1, 1, false)]
    [InlineData("TIMED_OUT 1", FAILED, 0, 0, false)]
    // Two of them, each for its own.
    [InlineData("FAILED 2, TIMED_OUT 1", FAILED, 1, 1, true)]
    [InlineData("FAILED 2, TIMED_OUT 1", FAILED, 2, 1, true)]
    [InlineData("FAILED 2, TIMED_OUT 1", FAILED, 3, 1, false)]
    [InlineData("FAILED 2, TIMED_OUT 1", TIMED_OUT, 2, 0, true)]
    [InlineData("FAILED 2, TIMED_OUT 1", TIMED_OUT, 3, 1, false)]
    // One common budget for both.
    [InlineData("ALL 3", FAILED, 2, 1, true)]
    [InlineData("ALL 3", TIMED_OUT, 2, 2, true)]
    [InlineData("ALL 3", FAILED, 3, 1, false)]
    [InlineData("ALL 3", TIMED_OUT, 3, 0, false)]
    [InlineData("ALL 10", FAILED, 9, 5, true)]
    [InlineData("ALL 10", FAILED, 10, 5, false)]
    // What is never retried.
    [InlineData("ALL 10", SUCCEEDED, 0, 0, false)]
    [InlineData("ALL 10", REJECTED, 0, 0, false)]
    [InlineData("ALL 10", REMOVED, 0, 0, false)]
    [InlineData("ALL 10", CANCELED, 0, 0, false)]
    public void A_failure_earns_another_attempt_while_its_budget_lasts(string config, JobExecutionStatus status, int retries, int ofThemAfterTimeouts, bool earns)
    {
        var finished = new JobExecution
        {
            JobId = "update-firmware",
            ThingName = "pump-1",
            ExecutionNumber = retries + 1,
            Ordinal = 1,
            QueuedAt = Start,
            LastUpdatedAt = Start,
            Status = status,
            RetryAttempt = retries,
            RetriesOfTimeouts = ofThemAfterTimeouts,
        };

        Assert.Equal(earns, Config(config).ShouldRetry(finished));
    }

    private static RetryConfig Config(string text) => Retries([.. text.Split(", ").Select(one => one.Split(' '))
        .Select(words => (Enum.Parse<Retryable>(words[0]), int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture)))]);
}
