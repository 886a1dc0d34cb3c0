using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;
using IoTJobsEmulator.Benchmarks.Servers;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>What others wait for while a fleet's job is queued and deleted: reads and small writes, a request a millisecond each.</summary>
internal sealed class Meanwhile() : Workload("meanwhile", "p99 of other requests during the fan-out and the deletion of a large job, and when nothing else goes on")
{
    private static readonly byte[] Describe = AwsRequest.Control("GET", $"/jobs/{Names.JobOf(0, 0)}"), List = AwsRequest.Control("GET", "/jobs?maxResults=25");

    private int _created;

    public override void Run(Bench bench)
    {
        foreach (var mode in Mode.All)
        {
            using var fleet = new Fleet(bench.Emulator(mode, Fleet.Settings), bench.Options.FleetSizes[^1]);
            fleet.Api.CreateJob(Names.JobOf(0, 0), Names.ThingArn(0));
            var create = new Numbered(AwsRequest.Control("PUT", $"/jobs/{Names.JobOf(0)}", JobBody.For(Names.ThingArn(0))));
            NextRequest reads = turn => turn % 2 == 0 ? Describe : List, writes = _ => create.With(++_created);
            var jobId = "";
            Measure(fleet.Server, reads, writes, () => fleet.UntilQueued(jobId = fleet.CreateJob()));
            Measure(fleet.Server, reads, writes, () => fleet.Delete(jobId));
            List<Seen> idle = [], queuing = [], deleting = [];
            for (var round = 0; round < bench.Options.Rounds; round++)
            {
                idle.Add(Measure(fleet.Server, reads, writes, () => Pause.For(bench.Options.Measurement.TotalMilliseconds)));
                queuing.Add(Measure(fleet.Server, reads, writes, () => fleet.UntilQueued(jobId = fleet.CreateJob())));
                deleting.Add(Measure(fleet.Server, reads, writes, () => fleet.Delete(jobId)));
            }
            Report("reads' p99 during the fan-out", queuing, seen => seen.Reads);
            Report("small writes' p99 during the fan-out", queuing, seen => seen.Writes);
            Report("reads' p99 during the deletion", deleting, seen => seen.Reads);
            Report("small writes' p99 during the deletion", deleting, seen => seen.Writes);

            void Report(string what, List<Seen> during, Func<Seen, Latencies> which)
            {
                var all = new Latencies();
                during.ForEach(seen => all.Add(which(seen)));
                bench.Reporter.Add(new(what, mode, "ms", P99(during, which))
                {
                    P50 = all.Quantile(0.5),
                    P99 = all.Quantile(0.99),
                    Longest = all.Quantile(1),
                    Limit = "when nothing else goes on",
                    LimitValue = P99(idle, which),
                    Ratio = Spread.Ratio(during.Select(seen => which(seen).Quantile(0.99)), idle.Select(seen => which(seen).Quantile(0.99))),
                    Target = Target.AtMost(5),
                });
            }
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
