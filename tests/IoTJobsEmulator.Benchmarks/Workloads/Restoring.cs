using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>A snapshot of a fleet's job, and its restore, beside the fan-out that made the job.</summary>
internal sealed class Restoring() : Workload("restore", "a snapshot of a world of 100 000 executions, and its restore: when every execution has changed since, and when nothing has")
{
    private const string Snapshot = "/_emulator/snapshots/queued";

    public override void Run(Bench bench)
    {
        foreach (var mode in Mode.All)
            Run(bench, mode, bench.Options.FleetSizes[^1]);
    }

    private static void Run(Bench bench, string mode, int things)
    {
        using var fleet = new Fleet(bench.Emulator(mode, Fleet.Settings), things);
        List<double> fanOuts = [], taken = [], changed = [], unchanged = [];
        Round();
        fanOuts.Clear();
        taken.Clear();
        changed.Clear();
        unchanged.Clear();
        for (var round = 0; round < Math.Min(bench.Options.Rounds, 3); round++)
            Round();
        Report($"snapshot of {Spread.Text(things)} executions", taken, null);
        Report($"restore, {Spread.Text(things)} executions changed", changed, Target.AtMost(2));
        Report($"restore, none of {Spread.Text(things)} changed", unchanged, null);

        void Round()
        {
            var jobId = "";
            fanOuts.Add(Fleet.Seconds(() => fleet.UntilQueued(jobId = fleet.CreateJob())));
            taken.Add(Fleet.Seconds(() => fleet.Api.Control("PUT", Snapshot)));
            fleet.StartAll();
            changed.Add(Fleet.Seconds(() => fleet.Api.Control("POST", Snapshot + "/restore")));
            if (fleet.Queued(jobId) is var queued && queued != things)
                throw new BenchmarkException($"After the restore {queued} of {things} executions of {jobId} are QUEUED.");
            unchanged.Add(Fleet.Seconds(() => fleet.Api.Control("POST", Snapshot + "/restore")));
            fleet.Delete(jobId);
        }

        void Report(string what, List<double> seconds, Target? target) => bench.Reporter.Add(new(what, mode, "s", Spread.Of(seconds))
        {
            Limit = "the fan-out",
            LimitValue = Spread.Of(fanOuts),
            Ratio = Spread.Ratio(seconds, fanOuts),
            Target = target,
        });
    }
}
