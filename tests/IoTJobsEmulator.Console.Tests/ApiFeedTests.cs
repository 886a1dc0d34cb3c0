using System.Text.Json.Nodes;
using IoTJobsEmulator.WebConsole.Queries;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>How a page follows a list of the emulator whose entries have numbers.</summary>
public sealed class ApiFeedTests
{
    private readonly FakeEmulator _emulator = new();
    private readonly ApiFeed _feed = new("/_emulator/requests", "requests", kept: 3);

    [Fact]
    public async Task It_asks_for_what_comes_after_the_last_entry_and_keeps_the_newest()
    {
        Lists(1, 2);
        Assert.True(await Follow());
        Lists(3, 4);
        Assert.True(await Follow());
        Assert.False(await Follow());
        Assert.Equal([4, 3, 2], Numbers());
        Assert.Equal("/_emulator/requests?after=4", _emulator.Asked[^1].Path);
    }

    [Fact]
    public async Task Asked_for_twice_at_once_an_entry_is_there_once()
    {
        var both = new TaskCompletionSource<ApiAnswer>();
        _emulator.Answer = (asked, _) => asked.Path.EndsWith("after=0", StringComparison.Ordinal) ? both.Task : Task.FromResult(Answer());
        var (frame, action) = (Follow(), Follow());
        both.SetResult(Answer(1, 2));
        await Task.WhenAll(frame, action);
        Assert.Equal([2, 1], Numbers());
    }

    [Fact]
    public async Task A_reset_empties_it_and_numbers_go_on()
    {
        Lists(1, 2);
        await Follow();
        _emulator.Resets++;
        Assert.True(await Follow());
        Assert.Empty(_feed.NewestFirst);
        Lists(3);
        await Follow();
        Assert.Equal([3], Numbers());
    }

    private Task<bool> Follow() => _feed.Follow(_emulator, _emulator.DefaultTenant, TestContext.Current.CancellationToken);

    private IEnumerable<long> Numbers() => _feed.NewestFirst.Select(entry => (long)entry["number"]!);

    /// <summary>What the emulator has: of it answers those after the number that is asked for.</summary>
    private void Lists(params long[] numbers) => _emulator.Answer = (asked, _) =>
        Task.FromResult(Answer([.. numbers.Where(number => number > long.Parse(asked.Path.Split("after=")[1], System.Globalization.CultureInfo.InvariantCulture))]));

    private static ApiAnswer Answer(params long[] numbers) =>
        new(200, null, new JsonObject { ["requests"] = new JsonArray([.. numbers.Select(number => new JsonObject { ["number"] = number })]) }.ToJsonString());
}
