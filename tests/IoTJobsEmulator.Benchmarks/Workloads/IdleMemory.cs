using IoTJobsEmulator.Benchmarks.Report;
using IoTJobsEmulator.Benchmarks.Servers;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>What a developer's machine spends on an emulator that has done a little and waits.</summary>
internal sealed class IdleMemory() : Workload("idle", "resident memory after a thing and a job, and some seconds of nothing")
{
    private const double Megabyte = 1 << 20;

    public override void Run(Bench bench)
    {
        foreach (var mode in Mode.All)
        {
            List<double> emulators = [], limits = [];
            for (var round = 0; round < Math.Min(bench.Options.Rounds, 3); round++)
            {
                using ServerProcess emulator = bench.Emulator(mode), limit = bench.Limit(new([]));
                foreach (var server in new[] { emulator, limit })
                {
                    using var api = server.Api();
                    api.CreateJob(Names.JobOf(1, 0), api.CreateThing(Names.Thing(1)));
                    api.Control("GET", $"/jobs/{Names.JobOf(1, 0)}");
                }
                Pause.For(2000);
                emulators.Add(emulator.ResidentBytes / Megabyte);
                limits.Add(limit.ResidentBytes / Megabyte);
            }
            bench.Reporter.Add(new("idle memory", mode, "MB", Spread.Of(emulators))
            {
                Limit = "bare Kestrel",
                LimitValue = Spread.Of(limits),
                Ratio = Spread.Ratio(emulators, limits),
                Target = Target.AtMost(95) with { IsOfFigure = true },
            });
        }
    }
}
