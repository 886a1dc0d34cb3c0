using IoTJobsEmulator.Core;
using IoTJobsEmulator.Turns;
using Microsoft.Extensions.Logging.Abstractions;

namespace IoTJobsEmulator.Tests.Turns;

/// <summary>The service sleeps until something is due, and wakes when that changes.</summary>
public sealed class LifecycleServiceTests : IAsyncLifetime
{
    private readonly TurnGateFixture _fixture = new();
    private readonly LifecycleService _service;
    private readonly Moment _start;

    public LifecycleServiceTests()
    {
        _start = _fixture.Now;
        _service = new(_fixture.DueWork, _fixture.Machine, NullLogger<LifecycleService>.Instance);
    }

    public async ValueTask InitializeAsync() => await _service.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public async Task What_falls_due_is_done_when_its_time_has_come()
    {
        await _fixture.DeleteJobAt("update-firmware", _start + TimeSpan.FromSeconds(2));
        await Sleeps(TimeSpan.FromSeconds(2));
        Assert.Empty(_fixture.Gone);

        _fixture.Machine.Pass(TimeSpan.FromSeconds(2));
        await Is(() => _fixture.Gone.Count == 1);
    }

    [Fact]
    public async Task What_falls_due_earlier_wakes_the_service()
    {
        await _fixture.DeleteJobAt("later", _start + TimeSpan.FromHours(2));
        await Sleeps(TimeSpan.FromHours(2));
        await _fixture.DeleteJobAt("sooner", _start + TimeSpan.FromHours(1));
        await Sleeps(TimeSpan.FromHours(1));
        await _fixture.DeleteJobAt("now", _start);

        await Is(() => _fixture.Gone.Count == 1);
    }

    [Fact]
    public async Task A_frozen_clock_wakes_nobody_until_it_runs_again()
    {
        await _fixture.ClockControl.Set(null, frozen: true, TestContext.Current.CancellationToken);
        await _fixture.DeleteJobAt("update-firmware", _start + TimeSpan.FromHours(1));
        await Is(() => _fixture.Machine.Waiting.Count == 0);
        await _fixture.ClockControl.Set(null, frozen: false, TestContext.Current.CancellationToken);

        await Sleeps(TimeSpan.FromHours(1));
    }

    [Theory, InlineData("broken"), InlineData("stuck")]
    public async Task Work_that_fails_or_does_nothing_is_tried_again_after_a_second_and_no_sooner(string jobId)
    {
        var tries = 0;
        _fixture.DuringStep = () => tries++;
        await _fixture.DeleteJobAt(jobId, _start);
        await Sleeps(TimeSpan.FromSeconds(1));
        Assert.Equal(1, tries);

        _fixture.Machine.Pass(TimeSpan.FromSeconds(1));
        await Is(() => tries == 2);
        await Sleeps(TimeSpan.FromSeconds(1));
        Assert.Equal((2, 1), (tries, _fixture.Realm.Jobs.Count));
    }

    private Task Sleeps(TimeSpan time) => Is(() => _fixture.Machine.Waiting.SequenceEqual([time]));

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
