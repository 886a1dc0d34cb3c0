using IoTJobsEmulator.Benchmarks.Limits;
using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>A job on a whole fleet at once, and its forced deletion, as callers see it over HTTP.</summary>
internal sealed class FanOut() : Workload("fan-out", "a job on a group of 10 000 and of 100 000 things until all are QUEUED, memory, forced deletion until it is gone")
{
    private const double Megabyte = 1 << 20;

    public override void Run(Bench bench)
    {
        foreach (var mode in Mode.All)
            foreach (var things in bench.Options.FleetSizes)
                Run(bench, mode, things);
    }

    private static void Run(Bench bench, string mode, int things)
    {
        using var fleet = new Fleet(bench.Emulator(mode, Fleet.Settings), things);
        using var tables = new FleetTables(bench, mode, things);
        List<double> queued = [], deleted = [], inserts = [], deletes = [], memory = [];
        Round();
        queued.Clear();
        deleted.Clear();
        inserts.Clear();
        deletes.Clear();
        memory.Clear();
        for (var round = 0; round < bench.Options.Rounds; round++)
            Round();

        var isLarge = things == bench.Options.FleetSizes[^1];
        bench.Reporter.Add(new($"fan-out of {Spread.Text(things)}", mode, "s", Spread.Of(queued))
        {
            Limit = "one INSERT … SELECT",
            LimitValue = Spread.Of(inserts),
            Ratio = Spread.Ratio(queued, inserts),
            Target = isLarge ? Target.AtMost(3) : null,
        });
        bench.Reporter.Add(new($"forced deletion of {Spread.Text(things)}", mode, "s", Spread.Of(deleted))
        {
            Limit = "one DELETE",
            LimitValue = Spread.Of(deletes),
            Ratio = Spread.Ratio(deleted, deletes),
            Target = isLarge ? Target.AtMost(mode == Mode.Default ? 7 : 4) : null,
        });
        bench.Reporter.Add(new($"memory with {Spread.Text(things)} QUEUED", mode, "MB", Spread.Of(memory)) { Target = isLarge ? Target.AtMost(300) : null });

        void Round()
        {
            var jobId = "";
            queued.Add(Fleet.Seconds(() => fleet.UntilQueued(jobId = fleet.CreateJob())));
            inserts.Add(Fleet.Seconds(tables.InsertExecutions));
            memory.Add(fleet.Server.ResidentBytes / Megabyte);
            deleted.Add(Fleet.Seconds(() => fleet.Delete(jobId)));
            deletes.Add(Fleet.Seconds(tables.DeleteExecutions));
        }
    }
}
