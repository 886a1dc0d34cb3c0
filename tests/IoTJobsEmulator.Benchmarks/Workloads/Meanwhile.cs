using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;
using IoTJobsEmulator.Benchmarks.Servers;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>What others wait for while a fleet moves: reads and small writes, a request a millisecond each, during each kind of work on all of its things.</summary>
internal sealed class Meanwhile() : Workload("meanwhile", "p99 of other requests while a large job is queued, cancelled, deleted, timed out and rolled out by the clock, and when nothing else goes on")
{
    private static readonly byte[] Describe = AwsRequest.Control("GET", $"/jobs/{Names.JobOf(0, 0)}"), List = AwsRequest.Control("GET", "/jobs?maxResults=25");

    private int _created;

    public override void Run(Bench bench)
    {
        foreach (var mode in Mode.All)
            Run(bench, mode);
    }

    private void Run(Bench bench, string mode)
    {
        using var fleet = new Fleet(bench.Emulator(mode, Fleet.Settings), bench.Options.FleetSizes[^1]);
        fleet.FreezeClock();
        fleet.Api.CreateJob(Names.JobOf(0, 0), Names.ThingArn(0));
        var create = new Numbered(AwsRequest.Control("PUT", $"/jobs/{Names.JobOf(0)}", JobBody.For(Names.ThingArn(0))));
        NextRequest reads = turn => turn % 2 == 0 ? Describe : List, writes = _ => create.With(++_created);
        List<Seen> idle = [];
        var during = new List<(string What, List<Seen> Rounds)>();
        for (var round = -1; round < bench.Options.Rounds; round++)
        {
            if (round == 0) // the first was for the compiler
            {
                idle.Clear();
                during.Clear();
            }
            idle.Add(Measure(fleet.Server, reads, writes, () => Pause.For(bench.Options.Measurement.TotalMilliseconds)));
            Round();
        }
        foreach (var (what, rounds) in during)
        {
            Report($"reads' p99 during {what}", rounds, seen => seen.Reads);
            Report($"small writes' p99 during {what}", rounds, seen => seen.Writes);
        }

        void Round()
        {
            var jobId = "";
            While("the fan-out", () => fleet.UntilQueued(jobId = fleet.CreateJob()));
            While("the cancellation", () => fleet.Cancel(jobId));
            While("the deletion", () => fleet.Delete(jobId));
            fleet.UntilQueued(jobId = fleet.CreateJob(Fleet.TimesOut));
            fleet.StartAll();
            While("the timeouts", () => fleet.Advance(2));
            fleet.Delete(jobId);
            fleet.Rollout("paced");
            While("the clock's rollout", () => jobId = fleet.RollOutByClock());
            fleet.Delete(jobId);
            fleet.Rollout("immediate");
        }

        void While(string what, Action work)
        {
            var seen = Measure(fleet.Server, reads, writes, work);
            if (during.Find(known => known.What == what) is { Rounds: { } rounds })
                rounds.Add(seen);
            else
                during.Add((what, [seen]));
        }

        void Report(string what, List<Seen> rounds, Func<Seen, Latencies> which)
        {
            var all = new Latencies();
            rounds.ForEach(seen => all.Add(which(seen)));
            bench.Reporter.Add(new(what, mode, "ms", P99(rounds, which))
            {
                P50 = all.Quantile(0.5),
                P99 = all.Quantile(0.99),
                Longest = all.Quantile(1),
                Limit = "when nothing else goes on",
                LimitValue = P99(idle, which),
                Ratio = Spread.Ratio(rounds.Select(seen => which(seen).Quantile(0.99)), idle.Select(seen => which(seen).Quantile(0.99))),
                Target = Target.AtMost(3),
            });
        }
    }

    private static Spread P99(List<Seen> rounds, Func<Seen, Latencies> which) => Spread.Of(rounds.Select(seen => which(seen).Quantile(0.99)));

    private static Seen Measure(ServerProcess server, NextRequest reads, NextRequest writes, Action during)
    {
        var seen = new Seen(new(), new());
        using var ended = new ManualResetEventSlim();
        Thread[] threads = [Asker(reads, seen.Reads), Asker(writes, seen.Writes)];
        during();
        ended.Set();
        foreach (var thread in threads)
            thread.Join();
        return seen;

        Thread Asker(NextRequest next, Latencies latencies)
        {
            var thread = new Thread(() =>
            {
                using var connection = new HttpConnection(server.Address);
                for (var turn = 0; !ended.IsSet; turn++)
                {
                    latencies.Add(connection.Time(next(turn).Span));
                    Pause.For(1);
                }
            });
            thread.Start();
            return thread;
        }
    }

    private sealed record Seen(Latencies Reads, Latencies Writes);
}
