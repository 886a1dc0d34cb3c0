using IoTJobsEmulator.Core;
using IoTJobsEmulator.Turns;
using Microsoft.Extensions.Logging.Abstractions;

namespace IoTJobsEmulator.Tests.Turns;

/// <summary>The service sleeps until something is due, and wakes when that changes.</summary>
public sealed class LifecycleServiceTests : IAsyncLifetime
{
    private readonly Stage _stage = new();
    private readonly LifecycleService _service;
    private readonly Moment _start;

    public LifecycleServiceTests()
    {
        _start = _stage.Now;
        _service = new(_stage.Turns, _stage.Machine, NullLogger<LifecycleService>.Instance);
    }

    public async ValueTask InitializeAsync() => await _service.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        _stage.Dispose();
    }

    [Fact]
    public async Task What_falls_due_is_done_when_its_time_has_come()
    {
        await _stage.DeleteJobAt("update-firmware", _start + TimeSpan.FromSeconds(2));
        await Sleeps(TimeSpan.FromSeconds(2));
        Assert.Empty(_stage.Gone);

        _stage.Machine.Pass(TimeSpan.FromSeconds(2));
        await Is(() => _stage.Gone.Count == 1);
    }

    [Fact]
    public async Task What_falls_due_earlier_wakes_the_service()
    {
        await _stage.DeleteJobAt("later", _start + TimeSpan.FromHours(2));
        await Sleeps(TimeSpan.FromHours(2));
        await _stage.DeleteJobAt("sooner", _start + TimeSpan.FromHours(1));
        await Sleeps(TimeSpan.FromHours(1));
        await _stage.DeleteJobAt("now", _start);

        await Is(() => _stage.Gone.Count == 1);
    }

    [Fact]
    public async Task A_frozen_clock_wakes_nobody_until_it_runs_again()
    {
        await _stage.Turns.SetClock(null, frozen: true);
        await _stage.DeleteJobAt("update-firmware", _start + TimeSpan.FromHours(1));
        await Is(() => _stage.Machine.Waiting.Count == 0);
        await _stage.Turns.SetClock(null, frozen: false);

        await Sleeps(TimeSpan.FromHours(1));
    }

    [Theory, InlineData("broken"), InlineData("stuck")]
    public async Task Work_that_fails_or_does_nothing_is_tried_again_after_a_second_and_no_sooner(string jobId)
    {
        var tries = 0;
        _stage.DuringStep = () => tries++;
        await _stage.DeleteJobAt(jobId, _start);
        await Sleeps(TimeSpan.FromSeconds(1));
        Assert.Equal(1, tries);

        _stage.Machine.Pass(TimeSpan.FromSeconds(1));
        await Is(() => tries == 2);
        await Sleeps(TimeSpan.FromSeconds(1));
        Assert.Equal((2, 1), (tries, _stage.Realm.Jobs.Count));
    }

    private Task Sleeps(TimeSpan time) => Is(() => _stage.Machine.Waiting.SequenceEqual([time]));

    /// <summary>The service works on a thread of its own: what it will do is awaited, not timed.</summary>
    private static async Task Is(Func<bool> state)
    {
        while (!state())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
