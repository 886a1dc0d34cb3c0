using IoTJobsEmulator.Core.Simulators;

namespace IoTJobsEmulator.Core.Tests.Simulators;

/// <summary>What is drawn for a device: the same whenever it is asked, in the proportions that are given, between the bounds.</summary>
public sealed class SimulatedBehaviorTests
{
    private static readonly SimulatedBehavior Behavior = new()
    {
        TakesFrom = 30_000,
        TakesTo = 180_000,
        Outcomes = new() { Succeeded = 950, Failed = 30, Rejected = 10, Silent = 10 },
        Offline = 10,
        Seed = 7,
    };

    /// <summary>Written down once: a version of the emulator that draws otherwise would play every recorded run otherwise.</summary>
    [Theory]
    [InlineData("pump-1", "update-firmware", 1, "SUCCEEDED", 85)]
    [InlineData("pump-1", "update-firmware", 2, "SUCCEEDED", 122)]
    [InlineData("pump-2", "update-firmware", 1, "SUCCEEDED", 180)]
    [InlineData("Pump:2_x", "a", 9007199254740993, "FAILED", 33)]
    [InlineData("pump-2", "b", 1, "FAILED", 81)]
    [InlineData("pump-28", "b", 1, "silent", 82)]
    [InlineData("pump-63", "b", 1, "REJECTED", 178)]
    public void A_draw_is_the_same_in_every_version(string thing, string job, long number, string outcome, int seconds)
    {
        Assert.Equal(outcome, Behavior.OutcomeOf(thing, job, number).ToString());
        Assert.Equal(seconds, Behavior.DurationOf(thing, job, number).TotalSeconds);
    }

    [Fact]
    public void Outcomes_come_in_their_proportions()
    {
        var drawn = Enumerable.Range(0, 100_000).Select(thing => Behavior.OutcomeOf($"pump-{thing}", "update-firmware", 1)).CountBy(outcome => outcome).ToDictionary();
        Assert.InRange(drawn[SimulatedOutcome.SUCCEEDED], 94_500, 95_500);
        Assert.InRange(drawn[SimulatedOutcome.FAILED], 2_700, 3_300);
        Assert.InRange(drawn[SimulatedOutcome.REJECTED], 800, 1_200);
        Assert.InRange(drawn[SimulatedOutcome.silent], 800, 1_200);
        Assert.InRange(Enumerable.Range(0, 100_000).Count(thing => Behavior.IsOffline($"pump-{thing}")), 9_500, 10_500);
    }

    [Fact]
    public void An_outcome_without_a_weight_never_comes()
    {
        var failing = Behavior with { Outcomes = new() { Failed = 1 }, Offline = 0 };
        Assert.All(Enumerable.Range(0, 1000), thing => Assert.Equal((SimulatedOutcome.FAILED, false), (failing.OutcomeOf($"pump-{thing}", "one", thing), failing.IsOffline($"pump-{thing}"))));
        Assert.All(Enumerable.Range(0, 1000), thing => Assert.True((Behavior with { Offline = 100 }).IsOffline($"pump-{thing}")));
    }

    [Fact]
    public void Durations_reach_both_bounds_and_are_whole_seconds_between_whole_seconds()
    {
        var seconds = Enumerable.Range(0, 10_000).Select(number => Behavior.DurationOf("pump-1", "one", number).TotalSeconds).ToHashSet();
        Assert.Equal(Enumerable.Range(30, 151).Select(second => (double)second), seconds.Order());
        var fine = Behavior with { TakesFrom = 0, TakesTo = 9, Progress = [new(50, null)] };
        Assert.Equal(Enumerable.Range(0, 10).Select(number => (double)number), Enumerable.Range(0, 1000).Select(number => fine.DurationOf("pump-1", "one", number).TotalMilliseconds).Distinct().Order());
        Assert.Equal(Milliseconds(4), fine.TimeOf(fine.Progress[0], Milliseconds(9)));
        Assert.Equal(Seconds(22), Behavior.TimeOf(new(50, null), Seconds(45)));
    }

    [Fact]
    public void Another_seed_thing_job_or_number_is_another_draw()
    {
        List<TimeSpan> Drawn(int seed, string thing, string job, int from) =>
            [.. Enumerable.Range(from, 20).Select(number => (Behavior with { Seed = seed }).DurationOf(thing, job, number))];
        var drawn = Drawn(7, "pump-1", "one", 1);
        Assert.Equal(drawn, Drawn(7, "pump-1", "one", 1));
        Assert.NotEqual(drawn, Drawn(8, "pump-1", "one", 1));
        Assert.NotEqual(drawn, Drawn(-7, "pump-1", "one", 1));
        Assert.NotEqual(drawn, Drawn(7, "pump-2", "one", 1));
        Assert.NotEqual(drawn, Drawn(7, "pump-1", "two", 1));
        Assert.NotEqual(drawn, Drawn(7, "pump-1", "one", 2));
    }
}
