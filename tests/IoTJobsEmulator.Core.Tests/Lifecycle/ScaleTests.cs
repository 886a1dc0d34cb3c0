using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Lifecycle;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;
using Failure = IoTJobsEmulator.Core.Jobs.JobExecutionFailureType;
using Retryable = IoTJobsEmulator.Core.Jobs.RetryableFailureType;

namespace IoTJobsEmulator.Core.Tests.Lifecycle;

/// <summary>What grows with the fleet: turns stay bounded (<see cref="LifecycleTest"/> looks at each), and finding what is due is a look-up.</summary>
public sealed class ScaleTests : LifecycleTest
{
    private const int Size = 20_000;

    private void StartFleet(int size, RetryConfig? retry = null, AbortConfig? abort = null, Func<int, long?>? step = null)
    {
        RollOutAtOnce();
        CreateJob("update-firmware", Fleet("fleet", size), timeout: 10080, retry: retry, abort: abort);
        CatchUp();
        for (var number = 1; number <= size; number++)
            StartNext($"fleet-{number}", step?.Invoke(number));
        Commit();
        Turns.Clear();
    }

    [Fact]
    public void Timers_of_20_000_executions_that_run_out_together_are_20_turns()
    {
        StartFleet(Size);
        Assert.Null(DueWork.Step(World));
        Assert.Equal(At("2026-01-08 00:00"), DueWork.NextDue(World));

        Advance(Days(7));
        Assert.Equal(("COMPLETED: 20000 TIMED_OUT", 20), (Standing("update-firmware"), Turns.Count));
    }

    [Fact]
    public void Retries_of_a_fleet_that_times_out_together_are_bounded_too()
    {
        StartFleet(3_000, retry: RetryOf(Retryable.TIMED_OUT, 1));
        Advance(Days(7));

        Assert.Equal(("IN_PROGRESS: 3000 QUEUED, 3000 TIMED_OUT", 3), (Standing("update-firmware"), Turns.Count));
    }

    [Fact]
    public void One_timer_among_20_000_changes_a_few_rows()
    {
        StartFleet(Size, step: number => number == 12_345 ? 5 : null);
        Advance(Minutes(5));

        Assert.Equal("1 TIMED_OUT v3", Runs("update-firmware", "fleet-12345"));
        Assert.InRange(Assert.Single(Turns).Changes, 2, 3);
    }

    [Fact]
    public void Timers_at_as_many_moments_are_done_one_by_one_in_order()
    {
        // Each step looks up the first of what remains; were it a scan, this would look at fifty million rows.
        StartFleet(10_000, step: number => ((number * 7919L) % 10_007) + 1);
        Announced.Clear();
        Advance(Days(7) - Minutes(1));

        Assert.Equal(("COMPLETED: 10000 TIMED_OUT", 10_000), (Standing("update-firmware"), Turns.Count));
        Assert.Equal(Turns.Select(turn => turn.At).Order(), Turns.Select(turn => turn.At));
        Assert.InRange(Turns.Max(turn => turn.Changes), 2, 3);
    }

    [Fact]
    public void Asking_what_is_due_costs_the_same_for_one_timer_and_for_20_000()
    {
        long Asking()
        {
            DueWork.NextDue(World);
            var before = GC.GetAllocatedBytesForCurrentThread();
            DueWork.NextDue(World);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        StartFleet(2);
        var ofFew = Asking();
        DeleteJob("update-firmware", force: true);
        Advance(Minutes(1));

        CreateJob("rotate-keys", Fleet("others", Size), timeout: 60);
        CatchUp();
        for (var number = 1; number <= Size; number++)
            StartNext($"others-{number}");
        Commit();

        // An enumerator over a set of rows would be bigger for a bigger set.
        Assert.Equal(ofFew, Asking());
    }

    [Fact]
    public void Many_jobs_that_time_out_at_one_moment_are_bounded_turns()
    {
        CreateThings("pump-1");
        foreach (var number in Enumerable.Range(1, 1500))
        {
            CreateJob($"job-{number}", ThingArn("pump-1"), timeout: 10);
            Report("pump-1", $"job-{number}", IN_PROGRESS);
        }
        Advance(Minutes(10));

        Assert.All(Realm.Jobs.All, job => Assert.Equal(JobStatus.COMPLETED, job.Status));
    }

    [Fact]
    public void Many_jobs_that_are_given_up_at_one_moment_are_bounded_turns()
    {
        RollOutAtOnce();
        var fleet = Fleet("fleet", 1200);
        foreach (var number in Enumerable.Range(1, 8))
        {
            CreateJob($"job-{number}", fleet, timeout: 10, abort: AbortWhen(Failure.TIMED_OUT, 1, ofAtLeast: 1));
            CatchUp();
            Report("fleet-1", $"job-{number}", IN_PROGRESS);
        }
        Advance(Minutes(10));

        Assert.All(Realm.Jobs.All, job => Assert.Equal((JobStatus.CANCELED, 1, 1199), (job.Status, job.Counts.TimedOut, job.Counts.Canceled)));
    }

    [Fact]
    public void A_window_closes_and_opens_on_a_fleet_in_turns()
    {
        RollOutAtOnce();
        CreateJob("update-firmware", Fleet("fleet", 5000), isContinuous: true, schedule: Windows("0 2 * * ? *", 60));
        AdvanceTo(At("02:30"));
        Turns.Clear();

        AdvanceTo(At("03:00"));
        Assert.Equal(("SCHEDULED: 5000 QUEUED", 5000, 6), (Standing("update-firmware"), Job("update-firmware").Hidden, Turns.Count));
        AdvanceTo(At("2026-01-02 02:00"));
        Assert.Equal(("IN_PROGRESS: 5000 QUEUED", 0, 12), (Standing("update-firmware"), Job("update-firmware").Hidden, Turns.Count));
    }

    [Fact]
    public void A_job_on_100_000_things_takes_its_100_minutes()
    {
        CreateJob("update-firmware", Fleet("fleet", 100_000));
        Commit();
        AdvanceTo(At("01:38:59"));
        Assert.Equal((99_000, true), (Queued("update-firmware"), View("update-firmware").IsConcurrent));
        AdvanceTo(At("01:39"));

        Assert.Equal((100_000, false), (Queued("update-firmware"), View("update-firmware").IsConcurrent));
        Assert.InRange(Turns.Count, 199, 310);
    }
}
