using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>What grows with the fleet: turns stay bounded (<see cref="TestRealm"/> looks at each), and finding what is due is a look-up.</summary>
public sealed class ScaleTests
{
    private readonly TestRealm _test = new();

    private const int Size = 20_000;

    private void StartFleet(int size, RetryConfig? retry = null, AbortConfig? abort = null, Func<int, long?>? step = null)
    {
        _test.RollOutAtOnce();
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", size), timeoutInMinutes: 10080, retry: retry, abort: abort);
        _test.DoDueWork();
        for (var number = 1; number <= size; number++)
            _test.StartNext($"fleet-{number}", step?.Invoke(number));
        _test.Commit();
        _test.Turns.Clear();
    }

    [Fact]
    public void Timers_of_20_000_executions_that_run_out_together_are_20_turns()
    {
        StartFleet(Size);
        Assert.Null(DueWork.Step(_test.World));
        Assert.Equal(At("2026-01-08 00:00"), DueWork.NextDue(_test.World));

        _test.Advance(Days(7));
        Assert.Equal(("COMPLETED: 20000 TIMED_OUT", 20_000 / DueWork.ChangesPerTurn), (_test.Standing("update-firmware"), _test.Turns.Count));
    }

    [Fact]
    public void Retries_of_a_fleet_that_times_out_together_are_bounded_too()
    {
        StartFleet(3_000, retry: Retries(Retryable.TIMED_OUT, 1));
        _test.Advance(Days(7));

        Assert.Equal(("IN_PROGRESS: 3000 QUEUED, 3000 TIMED_OUT", 2 * 3000 / DueWork.ChangesPerTurn), (_test.Standing("update-firmware"), _test.Turns.Count));
    }

    [Fact]
    public void One_timer_among_20_000_changes_a_few_rows()
    {
        StartFleet(Size, step: number => number == 12_345 ? 5 : null);
        _test.Advance(Minutes(5));

        Assert.Equal("1 TIMED_OUT v3", _test.Runs("update-firmware", "fleet-12345"));
        Assert.InRange(Assert.Single(_test.Turns).Changes, 2, 3);
    }

    [Fact]
    public void Timers_at_as_many_moments_are_done_one_by_one_in_order()
    {
        // Each step looks up the first of what remains; were it a scan, this would look at fifty million rows.
        StartFleet(10_000, step: number => ((number * 7919L) % 10_007) + 1);
        _test.Announced.Clear();
        _test.Advance(Days(7) - Minutes(1));

        Assert.Equal(("COMPLETED: 10000 TIMED_OUT", 10_000), (_test.Standing("update-firmware"), _test.Turns.Count));
        Assert.Equal(_test.Turns.Select(turn => turn.At).Order(), _test.Turns.Select(turn => turn.At));
        Assert.InRange(_test.Turns.Max(turn => turn.Changes), 2, 3);
    }

    [Fact]
    public void Asking_what_is_due_costs_the_same_for_one_timer_and_for_20_000()
    {
        long Asking()
        {
            DueWork.NextDue(_test.World);
            var before = GC.GetAllocatedBytesForCurrentThread();
            DueWork.NextDue(_test.World);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        StartFleet(2);
        var ofFew = Asking();
        _test.DeleteJob("update-firmware", force: true);
        _test.Advance(Minutes(1));

        _test.CreateJob("rotate-keys", group: _test.CreateFleet("others", Size), timeoutInMinutes: 60);
        _test.DoDueWork();
        for (var number = 1; number <= Size; number++)
            _test.StartNext($"others-{number}");
        _test.Commit();

        // An enumerator over a set of rows would be bigger for a bigger set.
        Assert.Equal(ofFew, Asking());
    }

    [Fact]
    public void Many_jobs_that_time_out_at_one_moment_are_bounded_turns()
    {
        _test.CreateThings("pump-1");
        foreach (var number in Enumerable.Range(1, 1500))
        {
            _test.CreateJob($"job-{number}", thing: "pump-1", timeoutInMinutes: 10);
            _test.Report("pump-1", $"job-{number}", IN_PROGRESS);
        }
        _test.Advance(Minutes(10));

        Assert.All(_test.Realm.Jobs.All, job => Assert.Equal(JobStatus.COMPLETED, job.Status));
    }

    [Fact]
    public void Many_jobs_that_are_given_up_at_one_moment_are_bounded_turns()
    {
        _test.RollOutAtOnce();
        var fleet = _test.CreateFleet("fleet", 1200);
        foreach (var number in Enumerable.Range(1, 8))
        {
            _test.CreateJob($"job-{number}", group: fleet, timeoutInMinutes: 10, abort: AbortWhen(Failure.TIMED_OUT, 1, ofAtLeast: 1));
            _test.DoDueWork();
            _test.Report("fleet-1", $"job-{number}", IN_PROGRESS);
        }
        _test.Advance(Minutes(10));

        Assert.All(_test.Realm.Jobs.All, job => Assert.Equal((JobStatus.CANCELED, 1, 1199), (job.Status, job.Counts.TimedOut, job.Counts.Canceled)));
    }

    [Fact]
    public void A_window_closes_and_opens_on_a_fleet_in_turns()
    {
        _test.RollOutAtOnce();
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 5000), isContinuous: true, schedule: Windows("0 2 * * ? *", 60));
        _test.AdvanceTo(At("02:30"));
        _test.Turns.Clear();

        _test.AdvanceTo(At("03:00"));
        Assert.Equal(("SCHEDULED: 5000 QUEUED", 5000, (5000 / DueWork.ChangesPerTurn) + 1), (_test.Standing("update-firmware"), _test.Job("update-firmware").HiddenCount, _test.Turns.Count));
        _test.AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal(("IN_PROGRESS: 5000 QUEUED", 0, 2 * ((5000 / DueWork.ChangesPerTurn) + 1)), (_test.Standing("update-firmware"), _test.Job("update-firmware").HiddenCount, _test.Turns.Count));
    }

    [Fact]
    public void A_job_on_100_000_things_takes_its_100_minutes()
    {
        _test.CreateJob("update-firmware", group: _test.CreateFleet("fleet", 100_000));
        _test.Commit();
        _test.AdvanceTo(At("01:38:59"));
        Assert.Equal((99_000, true), (_test.Queued("update-firmware"), _test.View("update-firmware").IsConcurrent));
        _test.AdvanceTo(At("01:39"));

        Assert.Equal((100_000, false), (_test.Queued("update-firmware"), _test.View("update-firmware").IsConcurrent));
        Assert.InRange(_test.Turns.Count, 99 + (99_000 / DueWork.ChangesPerTurn), 110 + (3 * 100_000 / DueWork.ChangesPerTurn));
    }
}
