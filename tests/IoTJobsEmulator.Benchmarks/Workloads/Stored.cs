using System.Diagnostics;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;
using IoTJobsEmulator.Benchmarks.Servers;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>What one request costs where little is stored and where much is, asked in turn; and what much needs of memory.</summary>
internal sealed class Stored() : Workload("stored", "one DescribeJob, StartNextPendingJobExecution and CreateJob with 1 000 and with 1 000 000 executions stored; memory of each")
{
    private const int FewThings = 1_000, Jobs = 10;

    /// <summary>Each thing of the small fleet starts its job once; the first of them are not measured.</summary>
    private const int PairsARound = 100, MostRounds = (FewThings / PairsARound) - 1;

    public override void Run(Bench bench)
    {
        using var few = Warm(bench, FewThings);
        using var many = Warm(bench, bench.Options.FleetSizes[^1]);
        var fewJob = few.CreateJob();
        few.UntilQueued(fewJob);
        var before = Memory.Settled(many.Server);
        var manyJob = "";
        for (var job = 0; job < Jobs; job++)
            many.UntilQueued(manyJob = many.CreateJob());
        var after = Memory.Settled(many.Server);
        var stored = many.Things * Jobs;
        bench.Reporter.Add(new($"heap of an execution, {Spread.Text(stored)} QUEUED", Mode.Default, "bytes", Spread.Of((after.Live - before.Live) / (double)stored)) { Target = Target.AtMost(450) });
        bench.Reporter.Add(new("resident memory of an execution, what the collector keeps included", Mode.Default, "bytes", Spread.Of((after.Resident - before.Resident) / (double)stored)));

        Compare("DescribeJob", (fleet, _) => AwsRequest.Control("GET", $"/jobs/{(fleet == few ? fewJob : manyJob)}"));
        Compare("StartNextPendingJobExecution", (_, turn) => AwsRequest.Device("PUT", $"/things/{Names.Thing(1 + turn)}/jobs/$next", "{}"));
        Compare("CreateJob", (_, turn) => AwsRequest.Control("PUT", $"/jobs/{Names.JobOf(0, turn)}", JobBody.For(Names.ThingArn(0))));

        void Compare(string operation, Func<Fleet, int, byte[]> request)
        {
            using HttpConnection ofFew = new(few.Api.Address), ofMany = new(many.Api.Address);
            List<double> fewer = [], more = [];
            var all = new Latencies();
            for (var round = 0; round <= Math.Min(bench.Options.Rounds, MostRounds); round++)
            {
                Latencies little = new(), much = new();
                for (var pair = 0; pair < PairsARound; pair++)
                {
                    var turn = (round * PairsARound) + pair;
                    little.Add(ofFew.Time(request(few, turn)));
                    much.Add(ofMany.Time(request(many, turn)));
                }
                if (round == 0)
                    continue;
                fewer.Add(little.Quantile(0.5));
                more.Add(much.Quantile(0.5));
                all.Add(much);
            }
            bench.Reporter.Add(new($"{operation} with {Spread.Text(stored)} stored", Mode.Default, "ms", Spread.Of(more))
            {
                Connections = 1,
                P50 = all.Quantile(0.5),
                P99 = all.Quantile(0.99),
                Longest = all.Quantile(1),
                Limit = $"with {Spread.Text(FewThings)}",
                LimitValue = Spread.Of(fewer),
                Ratio = Spread.Ratio(more, fewer),
                Target = Target.AtMost(1.3),
            });
        }
    }

    /// <summary>
    /// A fleet on an emulator that has run each of these operations long enough to be compiled as it will stay, and has had the
    /// same larger fleet before: else the smaller one would stand there as the slower.
    /// </summary>
    private static Fleet Warm(Bench bench, int things)
    {
        var larger = new Fleet(bench.Emulator(Mode.Default, Fleet.Settings), bench.Options.FleetSizes[^1]);
        larger.UntilQueued(larger.CreateJob());
        using (var api = larger.Api)
        {
            var began = Stopwatch.GetTimestamp();
            for (var turn = 1; turn <= larger.Things && Stopwatch.GetElapsedTime(began) < bench.Options.WarmUp; turn++)
            {
                api.CreateJob(Names.JobOf(0, turn), Names.ThingArn(0));
                api.Device("PUT", $"/things/{Names.Thing(turn)}/jobs/$next", "{}");
                api.Control("GET", $"/jobs/{Names.JobOf(0, turn)}");
            }
            api.Reset();
        }
        return new(larger.Server, things);
    }

    /// <summary>What is alive on the heap, and what is resident once the collector has given back what it will.</summary>
    private sealed record Memory(long Live, long Resident)
    {
        public static Memory Settled(ServerProcess server)
        {
            var live = GarbageCollection.LiveBytes(server.Id);
            var least = server.ResidentBytes;
            // Memory is given back bit by bit.
            for (var unchanged = 0; unchanged < 5; unchanged++)
            {
                Pause.For(200);
                if (server.ResidentBytes < least * 0.995)
                    unchanged = 0;
                least = Math.Min(least, server.ResidentBytes);
            }
            return new(live, least);
        }
    }
}
