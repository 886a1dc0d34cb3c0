namespace IoTJobsEmulator.Core.Tests.Jobs;

/// <summary>Source: the developer guide, "Job rollout rate"; API_JobExecutionsRolloutConfig.</summary>
public sealed class RolloutConfigTests
{
    [Theory]
    [InlineData(0, 50)]
    [InlineData(999, 50)]
    [InlineData(1000, 100)]
    [InlineData(1999, 100)]
    [InlineData(2000, 200)]
    [InlineData(3000, 400)]
    [InlineData(4000, 800)]
    [InlineData(5000, 1000)]
    [InlineData(100_000_000, 1000)]
    public void The_published_table_grows_from_50_by_2_with_each_1000_things_up_to_the_maximum(int things, int perMinute)
    {
        Assert.Equal(perMinute, Exponential(1000, 50, 2, notified: 1000).RatePerMinute(new() { Queued = things }));
        Assert.Equal(perMinute, Exponential(1000, 50, 2, succeeded: 1000).RatePerMinute(new() { Succeeded = things }));
    }

    [Fact]
    public void Every_execution_was_notified_however_it_stands()
    {
        var rate = Exponential(1000, 10, 3, notified: 8);

        Assert.Equal(30, rate.RatePerMinute(new() { Queued = 1, InProgress = 1, Succeeded = 1, Failed = 1, TimedOut = 1, Rejected = 1, Removed = 1, Canceled = 1 }));
    }

    [Fact]
    public void Only_what_succeeded_counts_for_a_criterion_of_succeeded_things() =>
        Assert.Equal(10, Exponential(1000, 10, 3, succeeded: 1).RatePerMinute(new() { Queued = 5, InProgress = 5, Failed = 5, TimedOut = 5, Rejected = 5, Removed = 5, Canceled = 5 }));

    [Theory]
    [InlineData(50, 1.5, 1, 75)]
    [InlineData(50, 1.5, 2, 112)]
    [InlineData(50, 1.5, 3, 168)]
    [InlineData(1, 1.1, 7, 1)]
    [InlineData(1, 1.1, 8, 2)]
    [InlineData(100, 2.3, 1, 230)] // as doubles 229.99999999999997
    [InlineData(100, 1.1, 2, 121)]
    [InlineData(10, 4.7, 1, 47)]
    public void Fractions_are_cut_off(int @base, double factor, int steps, int perMinute) =>
        Assert.Equal(perMinute, Exponential(1000, @base, factor, notified: 1).RatePerMinute(new() { Queued = steps }));

    [Fact]
    public void No_whole_rate_is_lost_to_binary_fractions()
    {
        for (var @base = 1; @base < 1000; @base++)
        {
            for (var tenths = 11; tenths <= 50; tenths++)
                Assert.Equal(Math.Min(@base * tenths / 10, 1000), Exponential(1000, @base, tenths / 10.0, notified: 1).RatePerMinute(new() { Queued = 1 }));
        }
    }

    [Fact]
    public void A_constant_rate_is_its_maximum_1000_when_not_given()
    {
        Assert.Equal(1000, new RolloutConfig().RatePerMinute(new()));
        Assert.Equal(7, PerMinute(7).RatePerMinute(new() { Queued = 100_000 }));
    }
}
