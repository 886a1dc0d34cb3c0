using System.Diagnostics;
using System.Net;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>What a test does around its own work: makes a job, ends it, and waits until nothing is left of it.</summary>
internal sealed class JobLife() : Workload("job-life", "CreateJob, CancelJob, DeleteJob and DescribeJob until it is gone, one job after another")
{
    private const int Jobs = 200;

    public override void Run(Bench bench)
    {
        foreach (var mode in Mode.All)
        {
            using var emulator = bench.Emulator(mode, "--deletion-duration", "0");
            Measure(bench, mode, emulator.Address);
        }
        if (bench.Options.Peer is { } peer)
            try
            {
                Measure(bench, Side.Peer, peer);
            }
            catch (BenchmarkException lacks)
            {
                Reporter.Say($"The peer lacks {Name}: {lacks.Message}");
            }
    }

    private static void Measure(Bench bench, string mode, IPEndPoint address)
    {
        using var api = new Api(address);
        api.Reset();
        var thing = api.CreateThing(Names.Thing(1));
        using var connection = new HttpConnection(address) { DemandsSuccess = false };
        var number = 0;
        var all = new Latencies();
        Live(all);
        all = new();
        List<double> rounds = [];
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            var lives = new Latencies();
            Live(lives);
            all.Add(lives);
            rounds.Add(lives.Quantile(0.5));
        }
        bench.Reporter.Add(new("create, cancel, delete, gone", mode, "ms", Spread.Of(rounds))
        {
            Connections = 1,
            P50 = all.Quantile(0.5),
            P99 = all.Quantile(0.99),
            Longest = all.Quantile(1),
        });

        void Live(Latencies lives)
        {
            for (var i = 0; i < Jobs; i++)
            {
                var job = $"/jobs/{Names.JobOf(1, ++number)}";
                var (create, cancel, delete, describe) = (
                    AwsRequest.Control("PUT", job, JobBody.For(thing)), AwsRequest.Control("PUT", job + "/cancel", "{}"),
                    AwsRequest.Control("DELETE", job), AwsRequest.Control("GET", job));
                var began = Stopwatch.GetTimestamp();
                Demand(create);
                Demand(cancel);
                Demand(delete);
                do
                    connection.Time(describe);
                while (connection.Status == 200);
                lives.Add(Stopwatch.GetTimestamp() - began);
            }
        }

        void Demand(byte[] request)
        {
            connection.Time(request);
            if (connection.Status != 200)
                throw new BenchmarkException($"Answered {connection.Status}: {System.Text.Encoding.UTF8.GetString(connection.Body.Span)}");
        }
    }
}
