using IoTJobsEmulator.Core;
using IoTJobsEmulator.Turns;

namespace IoTJobsEmulator.Tests.Turns;

/// <summary>The clock runs, is frozen, set and advanced; what falls due on the way is done at its own moment.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly TurnGateFixture _fixture = new();
    private readonly Moment _start;

    public ClockTests() => _start = _fixture.Now;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_frozen_clock_stands_until_it_is_let_run()
    {
        await _fixture.ClockControl.Set(null, frozen: true, TestContext.Current.CancellationToken);
        _fixture.Machine.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(_start, _fixture.Now);

        await _fixture.ClockControl.Set(null, frozen: false, TestContext.Current.CancellationToken);
        Assert.Equal(_start, _fixture.Now);
        _fixture.Machine.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(_start + TimeSpan.FromMinutes(5), _fixture.Now);
    }

    [Fact]
    public async Task A_clock_that_is_set_runs_on_from_there()
    {
        await _fixture.ClockControl.Set(new(0), frozen: null, TestContext.Current.CancellationToken);
        _fixture.Machine.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal("1970-01-01T00:00:01.000Z", _fixture.Now.ToString());
    }

    [Fact]
    public async Task A_frozen_clock_stays_frozen_when_it_is_advanced()
    {
        await _fixture.ClockControl.Set(null, frozen: true, TestContext.Current.CancellationToken);
        await _fixture.ClockControl.Advance(TimeSpan.FromDays(7), TestContext.Current.CancellationToken);
        _fixture.Machine.Pass(TimeSpan.FromHours(1));

        Assert.Equal(_start + TimeSpan.FromDays(7), _fixture.Now);
    }

    [Fact]
    public async Task Advancing_stops_between_two_turns_when_the_caller_goes()
    {
        await _fixture.ClockControl.Set(null, frozen: true, TestContext.Current.CancellationToken);
        await _fixture.DeleteJobAt("first", _start + TimeSpan.FromHours(1));
        await _fixture.DeleteJobAt("second", _start + TimeSpan.FromHours(2));
        await _fixture.DeleteJobAt("third", _start + TimeSpan.FromHours(3));
        using var caller = new CancellationTokenSource();
        _fixture.DuringStep = () =>
        {
            if (_fixture.Gone.Count == 1)
                caller.Cancel();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.ClockControl.Advance(TimeSpan.FromDays(1), caller.Token).AsTask());
        Assert.Equal((2, _start + TimeSpan.FromHours(2)), (_fixture.Gone.Count, _fixture.Now));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.ClockControl.Set(_start + TimeSpan.FromDays(1), null, caller.Token).AsTask());
        Assert.Equal((2, _start + TimeSpan.FromHours(2)), (_fixture.Gone.Count, _fixture.Now));

        await _fixture.ClockControl.Advance(TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
        Assert.Equal((3, _start + TimeSpan.FromHours(3)), (_fixture.Gone.Count, _fixture.Now));
    }

    [Fact]
    public async Task The_clock_stops_only_where_something_must_happen_at_its_own_moment()
    {
        using var runner = new ClockControl(_fixture.Turns, _fixture.Clock, _fixture.DueWorkThatMayWait);
        await runner.Set(null, frozen: true, TestContext.Current.CancellationToken);
        await _fixture.DeleteJobAt("may-wait", _start + TimeSpan.FromHours(1));
        await _fixture.DeleteJobAt("may-wait-too", _start + TimeSpan.FromHours(2));
        await _fixture.DeleteJobAt("must-be", _start + TimeSpan.FromHours(3));
        await _fixture.DeleteJobAt("may-wait-as-well", _start + TimeSpan.FromHours(4));
        await _fixture.DeleteJobAt("may-wait-longer", _start + TimeSpan.FromHours(24));

        await runner.Advance(TimeSpan.FromHours(5), TestContext.Current.CancellationToken);

        var (stop, end) = (_start + TimeSpan.FromHours(3), _start + TimeSpan.FromHours(5));
        Assert.Equal([("may-wait", stop), ("may-wait-too", stop), ("must-be", stop), ("may-wait-as-well", end)], _fixture.Gone);
        Assert.Equal(end, _fixture.Now);
    }

    [Fact]
    public async Task Advancing_does_what_falls_due_in_order_of_time_each_at_its_own_moment()
    {
        await _fixture.ClockControl.Set(null, frozen: true, TestContext.Current.CancellationToken);
        await _fixture.DeleteJobAt("third", _start + TimeSpan.FromDays(3));
        await _fixture.DeleteJobAt("first", _start + TimeSpan.FromHours(1));
        await _fixture.DeleteJobAt("second", _start + TimeSpan.FromHours(2));
        await _fixture.DeleteJobAt("overdue", _start - TimeSpan.FromHours(2));

        await _fixture.ClockControl.Advance(TimeSpan.FromDays(1), TestContext.Current.CancellationToken);

        Assert.Equal(
            [("overdue", _start), ("first", _start + TimeSpan.FromHours(1)), ("second", _start + TimeSpan.FromHours(2))], _fixture.Gone);
        Assert.Equal(_start + TimeSpan.FromDays(1), _fixture.Now);
    }

    [Fact]
    public async Task Setting_the_clock_ahead_is_advancing_and_setting_it_back_runs_nothing()
    {
        await _fixture.DeleteJobAt("update-firmware", _start + TimeSpan.FromHours(1));

        await _fixture.ClockControl.Set(_start - TimeSpan.FromDays(1), frozen: true, TestContext.Current.CancellationToken);
        Assert.Empty(_fixture.Gone);

        await _fixture.ClockControl.Set(_start + TimeSpan.FromHours(1), frozen: null, TestContext.Current.CancellationToken);
        Assert.Equal([("update-firmware", _start + TimeSpan.FromHours(1))], _fixture.Gone);
    }

    [Fact]
    public async Task Requests_go_on_between_the_steps_of_an_advance()
    {
        var seen = new List<(Moment At, int Gone)>();
        Thread? request = null;
        await _fixture.ClockControl.Set(null, frozen: true, TestContext.Current.CancellationToken);
        await _fixture.DeleteJobAt("first", _start + TimeSpan.FromHours(1));
        await _fixture.DeleteJobAt("second", _start + TimeSpan.FromHours(2));
        _fixture.DuringStep = () =>
        {
            // Comes to the gate during the first step, and so has its turn before the second.
            if (request is not null)
                return;
            request = new(() => _fixture.Turns.Take(_fixture.Realm, () =>
            {
                seen.Add((_fixture.Realm.Now, _fixture.Gone.Count));
                return 0;
            }).AsTask().Wait());
            request.Start();
            while (!request.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
                Thread.Yield();
        };

        await _fixture.ClockControl.Advance(TimeSpan.FromDays(1), TestContext.Current.CancellationToken);

        Assert.Equal([(_start + TimeSpan.FromHours(1), 1)], seen);
        Assert.Equal(2, _fixture.Gone.Count);
    }

    [Fact]
    public async Task A_reset_ends_an_advance()
    {
        await _fixture.DeleteJobAt("first", _start + TimeSpan.FromHours(1));
        await _fixture.DeleteJobAt("second", _start + TimeSpan.FromHours(2));
        Task? reset = null;
        _fixture.DuringStep = () => reset ??= Task.Factory.StartNew(
            () => _fixture.Replacement.Reset().AsTask(), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

        await _fixture.ClockControl.Advance(TimeSpan.FromDays(1), TestContext.Current.CancellationToken);
        await reset!;

        Assert.Equal((0, _start), (_fixture.Realm.Jobs.Count, _fixture.Now));
    }

    [Fact]
    public async Task Due_work_that_fails_or_does_nothing_ends_the_advance_and_changes_nothing()
    {
        await _fixture.DeleteJobAt("broken", _start + TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _fixture.ClockControl.Advance(TimeSpan.FromDays(1), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal((1, _start), (_fixture.Realm.Jobs.Count, _fixture.Now));

        await _fixture.Replacement.Reset();
        await _fixture.DeleteJobAt("stuck", _start + TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _fixture.ClockControl.Advance(TimeSpan.FromDays(1), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal((1, _start), (_fixture.Realm.Jobs.Count, _fixture.Now));
    }

    [Theory, InlineData(253_402_300_800_000), InlineData(long.MinValue)]
    public async Task A_moment_that_no_calendar_has_is_refused(long milliseconds)
    {
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => _fixture.ClockControl.Set(new(milliseconds), null, TestContext.Current.CancellationToken).AsTask());

        Assert.Equal((ServiceError.InvalidRequest, _start), (refusal.Error, _fixture.Now));
    }
}
