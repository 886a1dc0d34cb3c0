using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>The clock turned over everything that a fleet's job has to do, beside the fan-out that does it all at once.</summary>
internal sealed class Advancing() : Workload("advance", "advancing the clock over a paced rollout to 100 000 things, and over their timeouts, all due at once and retried")
{
    private const int ThingsAMinute = 1000;

    private const string TimesOut = """
        "timeoutConfig":{"inProgressTimeoutInMinutes":1},"jobExecutionsRetryConfig":{"criteriaList":[{"failureType":"TIMED_OUT","numberOfRetries":1}]},
        """;

    public override void Run(Bench bench)
    {
        foreach (var mode in Mode.All)
            Run(bench, mode, bench.Options.FleetSizes[^1]);
    }

    private static void Run(Bench bench, string mode, int things)
    {
        using var fleet = new Fleet(bench.Emulator(mode, Fleet.Settings), things);
        fleet.Api.Control("PUT", "/_emulator/clock", """{"frozen":true}""");
        List<double> fanOuts = [], rollouts = [], timeouts = [];
        Round();
        fanOuts.Clear();
        rollouts.Clear();
        timeouts.Clear();
        for (var round = 0; round < Math.Min(bench.Options.Rounds, 3); round++)
            Round();
        Report($"paced rollout to {Spread.Text(things)}", rollouts, Target.AtMost(4));
        Report($"{Spread.Text(things)} timeouts at once, with retries", timeouts, Target.AtMost(3));

        void Round()
        {
            Rollout("paced");
            var jobId = "";
            rollouts.Add(Fleet.Seconds(() =>
            {
                jobId = fleet.CreateJob();
                Advance((things / ThingsAMinute) + 1);
            }));
            Demand(jobId);
            fleet.Delete(jobId);

            Rollout("immediate");
            fanOuts.Add(Fleet.Seconds(() => fleet.UntilQueued(jobId = fleet.CreateJob(TimesOut))));
            fleet.StartAll();
            timeouts.Add(Fleet.Seconds(() => Advance(2)));
            Demand(jobId);
            fleet.Delete(jobId);
        }

        void Rollout(string mode) => fleet.Api.Control("PATCH", "/_emulator/settings", $$"""{"rollout":"{{mode}}"}""");

        void Advance(int minutes) => fleet.Api.Control("POST", "/_emulator/clock/advance", $$"""{"by":"{{minutes}}m"}""");

        void Demand(string jobId)
        {
            if (fleet.Queued(jobId) is var queued && queued != things)
                throw new BenchmarkException($"After the clock was advanced {queued} of {things} executions of {jobId} are QUEUED.");
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
