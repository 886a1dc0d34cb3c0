using static IoTJobsEmulator.Core.Jobs.JobExecutionFailureType;

namespace IoTJobsEmulator.Core.Tests.Jobs;

/// <summary>Source: the developer guide, "Job abort configuration"; API_AbortCriteria.</summary>
public sealed class AbortConfigTests
{
    private static readonly JobExecutionCounts Mixed = new() { Succeeded = 4, Failed = 3, Rejected = 2, TimedOut = 1 };

    [Theory]
    [InlineData(FAILED, 30, true)]
    [InlineData(FAILED, 30.01, false)]
    [InlineData(REJECTED, 20, true)]
    [InlineData(REJECTED, 20.01, false)]
    [InlineData(TIMED_OUT, 10, true)]
    [InlineData(TIMED_OUT, 10.01, false)]
    [InlineData(ALL, 60, true)]
    [InlineData(ALL, 60.01, false)]
    public void Failures_of_its_type_are_counted_and_the_threshold_itself_is_enough(JobExecutionFailureType type, double percentage, bool isMet) =>
        Assert.Equal(isMet, AbortWhen(type, percentage, ofAtLeast: 10).IsMet(Mixed));

    [Theory]
    [InlineData(33.33, 1, 3, true)]
    [InlineData(33.34, 1, 3, false)]
    [InlineData(66.66, 2, 3, true)]
    [InlineData(66.67, 2, 3, false)]
    [InlineData(0.01, 1, 10_000, true)]
    [InlineData(0.01, 1, 10_001, false)]
    [InlineData(0.07, 7, 10_000, true)]
    [InlineData(29.29, 2929, 10_000, true)]
    [InlineData(99.99, 9_999, 10_000, true)]
    [InlineData(100, 9_999, 10_000, false)]
    [InlineData(100, 1, 1, true)]
    public void Percentages_are_exact_to_two_decimals(double percentage, int failed, int executed, bool isMet) =>
        Assert.Equal(isMet, AbortWhen(FAILED, percentage, ofAtLeast: 1).IsMet(new() { Failed = failed, Succeeded = executed - failed }));

    [Fact]
    public void Nothing_is_given_up_before_enough_things_were_executed()
    {
        Assert.False(AbortWhen(FAILED, 1, ofAtLeast: 5).IsMet(new() { Failed = 4, Queued = 1000, InProgress = 1000 }));
        Assert.True(AbortWhen(FAILED, 1, ofAtLeast: 5).IsMet(new() { Failed = 4, Succeeded = 1, Queued = 1000, InProgress = 1000 }));
    }

    [Fact]
    public void Open_executions_are_not_among_those_executed() =>
        Assert.True(AbortWhen(FAILED, 100, ofAtLeast: 1).IsMet(new() { Failed = 1, Queued = 9, InProgress = 9 }));

    [Fact]
    public void The_first_criterion_that_is_met_decides_wherever_it_stands()
    {
        Assert.True(AbortWhen((FAILED, 99, 10), (REJECTED, 20, 10)).IsMet(Mixed));
        Assert.True(AbortWhen((REJECTED, 20, 10), (FAILED, 99, 10)).IsMet(Mixed));
        Assert.True(AbortWhen((REJECTED, 20, 11), (ALL, 20, 10)).IsMet(Mixed));
        Assert.False(AbortWhen((FAILED, 99, 10), (REJECTED, 20, 11)).IsMet(Mixed));
    }

    [Fact]
    public void Nothing_executed_is_no_failure() => Assert.False(AbortWhen(ALL, 0.01, ofAtLeast: 1).IsMet(new() { Queued = 5 }));
}
