using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Tests.Turns;

/// <summary>The clock runs, stands, is set and is advanced; what falls due on the way is done at its own moment.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly Stage _stage = new();
    private readonly Moment _start;

    public ClockTests() => _start = _stage.Now;

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_frozen_clock_stands_until_it_is_let_run()
    {
        await _stage.Turns.SetClock(null, frozen: true);
        _stage.Machine.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(_start, _stage.Now);

        await _stage.Turns.SetClock(null, frozen: false);
        Assert.Equal(_start, _stage.Now);
        _stage.Machine.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(_start + TimeSpan.FromMinutes(5), _stage.Now);
    }

    [Fact]
    public async Task A_clock_that_is_set_runs_on_from_there()
    {
        await _stage.Turns.SetClock(new(0), frozen: null);
        _stage.Machine.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal("1970-01-01T00:00:01.000Z", _stage.Now.ToString());
    }

    [Fact]
    public async Task A_frozen_clock_stays_frozen_when_it_is_advanced()
    {
        await _stage.Turns.SetClock(null, frozen: true);
        await _stage.Turns.Advance(TimeSpan.FromDays(7));
        _stage.Machine.Pass(TimeSpan.FromHours(1));

        Assert.Equal(_start + TimeSpan.FromDays(7), _stage.Now);
    }

    [Fact]
    public async Task Advancing_does_what_falls_due_in_order_of_time_each_at_its_own_moment()
    {
        await _stage.Turns.SetClock(null, frozen: true);
        await _stage.DeleteJobAt("third", _start + TimeSpan.FromDays(3));
        await _stage.DeleteJobAt("first", _start + TimeSpan.FromHours(1));
        await _stage.DeleteJobAt("second", _start + TimeSpan.FromHours(2));
        await _stage.DeleteJobAt("overdue", _start - TimeSpan.FromHours(2));

        await _stage.Turns.Advance(TimeSpan.FromDays(1));

        Assert.Equal(
            [("overdue", _start), ("first", _start + TimeSpan.FromHours(1)), ("second", _start + TimeSpan.FromHours(2))], _stage.Gone);
        Assert.Equal(_start + TimeSpan.FromDays(1), _stage.Now);
    }

    [Fact]
    public async Task Setting_the_clock_ahead_is_advancing_and_setting_it_back_runs_nothing()
    {
        await _stage.DeleteJobAt("update-firmware", _start + TimeSpan.FromHours(1));

        await _stage.Turns.SetClock(_start - TimeSpan.FromDays(1), frozen: true);
        Assert.Empty(_stage.Gone);

        await _stage.Turns.SetClock(_start + TimeSpan.FromHours(1), frozen: null);
        Assert.Equal([("update-firmware", _start + TimeSpan.FromHours(1))], _stage.Gone);
    }

    [Fact]
    public async Task Requests_go_on_between_the_steps_of_an_advance()
    {
        var seen = new List<(Moment At, int Gone)>();
        Thread? request = null;
        await _stage.Turns.SetClock(null, frozen: true);
        await _stage.DeleteJobAt("first", _start + TimeSpan.FromHours(1));
        await _stage.DeleteJobAt("second", _start + TimeSpan.FromHours(2));
        _stage.DuringStep = () =>
        {
            // Comes to the gate during the first step, and so has its turn before the second.
            if (request is not null)
                return;
            request = new(() => _stage.Turns.Take(_stage.Realm, () =>
            {
                seen.Add((_stage.Realm.Now, _stage.Gone.Count));
                return 0;
            }).AsTask().Wait());
            request.Start();
            while (!request.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
                Thread.Yield();
        };

        await _stage.Turns.Advance(TimeSpan.FromDays(1));

        Assert.Equal([(_start + TimeSpan.FromHours(1), 1)], seen);
        Assert.Equal(2, _stage.Gone.Count);
    }

    [Fact]
    public async Task A_reset_ends_an_advance()
    {
        await _stage.DeleteJobAt("first", _start + TimeSpan.FromHours(1));
        await _stage.DeleteJobAt("second", _start + TimeSpan.FromHours(2));
        Task? reset = null;
        _stage.DuringStep = () => reset ??= Task.Factory.StartNew(
            () => _stage.Turns.Reset().AsTask(), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

        await _stage.Turns.Advance(TimeSpan.FromDays(1));
        await reset!;

        Assert.Equal((0, _start), (_stage.Realm.Jobs.Count, _stage.Now));
    }

    [Fact]
    public async Task Due_work_that_fails_or_does_nothing_ends_the_advance_and_changes_nothing()
    {
        await _stage.DeleteJobAt("broken", _start + TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _stage.Turns.Advance(TimeSpan.FromDays(1)).AsTask());
        Assert.Equal((1, _start), (_stage.Realm.Jobs.Count, _stage.Now));

        await _stage.Turns.Reset();
        await _stage.DeleteJobAt("stuck", _start + TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _stage.Turns.Advance(TimeSpan.FromDays(1)).AsTask());
        Assert.Equal((1, _start), (_stage.Realm.Jobs.Count, _stage.Now));
    }

    [Theory, InlineData(253_402_300_800_000), InlineData(long.MinValue)]
    public async Task A_moment_that_no_calendar_has_is_refused(long milliseconds)
    {
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => _stage.Turns.SetClock(new(milliseconds), null).AsTask());

        Assert.Equal((ServiceError.InvalidRequest, _start), (refusal.Error, _stage.Now));
    }
}
