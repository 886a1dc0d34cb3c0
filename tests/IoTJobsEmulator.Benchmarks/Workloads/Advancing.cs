using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>The clock turned over everything that a fleet's job has to do, beside the fan-out that does it all at once.</summary>
internal sealed class Advancing() : Workload(
    "advance", "advancing the clock over a paced rollout to 100 000 things, over a week of as many simulated devices, and over timeouts, all due at once and retried")
{
    /// <summary>Each device calls twice, and a call is an operation with all that follows from it; the fan-out only makes rows.</summary>
    private const double SimulationTarget = 16;

    private const double Megabyte = 1 << 20;

    /// <summary>One in twenty fails, and a few are not heard of again.</summary>
    private const string Devices = """
        {"things":"pump-*","picksUp":"5s","takes":{"from":"30s","to":"3m"},"outcomes":{"SUCCEEDED":940,"FAILED":50,"silent":10},"seed":1}
        """;

    private const string Retries = """
        "timeoutConfig":{"inProgressTimeoutInMinutes":60},"jobExecutionsRetryConfig":{"criteriaList":[{"failureType":"ALL","numberOfRetries":5}]},
        """;

    public override void Run(Bench bench)
    {
        foreach (var mode in Mode.All)
            Run(bench, mode, bench.Options.FleetSizes[^1]);
    }

    private static void Run(Bench bench, string mode, int things)
    {
        using var fleet = new Fleet(bench.Emulator(mode, Fleet.Settings), things);
        fleet.FreezeClock();
        List<double> fanOuts = [], rollouts = [], timeouts = [], simulations = [], memory = [];
        Round();
        fanOuts.Clear();
        rollouts.Clear();
        timeouts.Clear();
        simulations.Clear();
        memory.Clear();
        for (var round = 0; round < Math.Min(bench.Options.Rounds, 3); round++)
            Round();
        Report($"paced rollout to {Spread.Text(things)}", rollouts, Target.AtMost(4));
        Report($"{Spread.Text(things)} timeouts at once, with retries", timeouts, Target.AtMost(3));
        Report($"a week of {Spread.Text(things)} simulated devices", simulations, Target.AtMost(SimulationTarget));
        bench.Reporter.Add(new($"memory after a week of {Spread.Text(things)} simulated devices", mode, "MB", Spread.Of(memory)));

        void Round()
        {
            fleet.Rollout("paced");
            var jobId = "";
            rollouts.Add(Fleet.Seconds(() => jobId = fleet.RollOutByClock()));
            Demand(jobId);
            fleet.Delete(jobId);

            fleet.Api.Control("PUT", "/_emulator/simulators/pumps", Devices);
            simulations.Add(Fleet.Seconds(() =>
            {
                jobId = fleet.CreateJob(Retries);
                fleet.Advance(7 * 24 * 60);
            }));
            memory.Add(fleet.Server.ResidentBytes / Megabyte);
            DemandCompleted(jobId);
            fleet.Api.Control("DELETE", "/_emulator/simulators/pumps", "");
            fleet.Delete(jobId);

            fleet.Rollout("immediate");
            fanOuts.Add(Fleet.Seconds(() => fleet.UntilQueued(jobId = fleet.CreateJob(Fleet.TimesOut))));
            fleet.StartAll();
            timeouts.Add(Fleet.Seconds(() => fleet.Advance(2)));
            Demand(jobId);
            fleet.Delete(jobId);
        }

        void Demand(string jobId)
        {
            if (fleet.Queued(jobId) is var queued && queued != things)
                throw new BenchmarkException($"After the clock was advanced {queued} of {things} executions of {jobId} are QUEUED.");
        }

        void DemandCompleted(string jobId)
        {
            if (fleet.Api.Control("GET", $"/jobs/{jobId}").GetProperty("job").GetProperty("status").GetString() is var status && status != "COMPLETED")
                throw new BenchmarkException($"After a week of simulated devices {jobId} is {status}.");
        }

        void Report(string what, List<double> seconds, Target target) => bench.Reporter.Add(new(what, mode, "s", Spread.Of(seconds))
        {
            Limit = "the fan-out",
            LimitValue = Spread.Of(fanOuts),
            Ratio = Spread.Ratio(seconds, fanOuts),
            Target = target,
        });
    }
}
