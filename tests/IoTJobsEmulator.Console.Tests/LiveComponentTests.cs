using Bunit;
using IoTJobsEmulator.WebConsole.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IoTJobsEmulator.WebConsole.Tests;

/// <summary>How often a page loads and renders.</summary>
public sealed class LiveComponentTests : IDisposable
{
    private static readonly TimeSpan Frame = TimeSpan.FromSeconds(1) / 6;

    private readonly BunitContext _browser = new();
    private readonly FakeEmulator _emulator = new();
    private readonly FakeTimeProvider _machine = new();

    public LiveComponentTests() => _browser.Services.AddSingleton<IEmulator>(_emulator).AddSingleton<TimeProvider>(_machine);

    public void Dispose() => _browser.Dispose();

    [Fact]
    public void However_many_changes_come_it_loads_once_a_frame()
    {
        var page = _browser.Render<Counting>();
        Assert.Equal(1, page.Instance.Loads);
        for (var change = 0; change < 1000; change++)
            _emulator.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, page.Instance.Loads);
        _machine.Advance(Frame);
        page.WaitForAssertion(() => Assert.Equal(2, page.Instance.Loads));
    }

    [Fact]
    public void Without_a_change_it_loads_nothing_and_renders_once_a_second()
    {
        var page = _browser.Render<Counting>();
        for (var frame = 0; frame < 18; frame++)
        {
            _machine.Advance(Frame);
            page.WaitForAssertion(() => Assert.Equal(frame + 1, page.Instance.Polls));
        }
        Assert.Equal(1, page.Instance.Loads);
        Assert.InRange(page.RenderCount, 3, 5);
    }

    [Fact]
    public void Once_left_it_follows_no_more()
    {
        var page = _browser.Render<Counting>();
        var counting = page.Instance;
        counting.Dispose();
        _emulator.Pass(TimeSpan.FromSeconds(1));
        _machine.Advance(Frame);
        _machine.Advance(Frame);
        Assert.Equal((1, 0), (counting.Loads, counting.Polls));
    }

    [Fact]
    public void An_action_that_outlives_its_page_is_ended_and_does_not_fail()
    {
        var counting = _browser.Render<Counting>().Instance;
        Assert.False(counting.WhenLeft.IsCancellationRequested);
        counting.Dispose();
        Assert.True(counting.WhenLeft.IsCancellationRequested);
    }

    private sealed class Counting : LiveComponent
    {
        public int Loads { get; private set; }

        public int Polls { get; private set; }

        public CancellationToken WhenLeft => Gone;

        protected override Task Load()
        {
            Loads++;
            return Task.CompletedTask;
        }

        protected override Task<bool> Poll()
        {
            Polls++;
            return Task.FromResult(false);
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Loads);
    }
}
