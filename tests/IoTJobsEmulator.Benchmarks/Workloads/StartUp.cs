using System.Diagnostics;
using IoTJobsEmulator.Benchmarks.Limits;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;
using IoTJobsEmulator.Benchmarks.Servers;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>From asking for the process to its first answer.</summary>
internal sealed class StartUp() : Workload("start", "start to the first answer, without a database, beside a bare ReadyToRun minimal API")
{
    private const int StartsARound = 3;

    public override void Run(Bench bench)
    {
        List<double> emulators = [], limits = [];
        for (var start = -1; start < bench.Options.Rounds * StartsARound; start++)
        {
            using var emulator = bench.Emulator(Mode.Default);
            var ofEmulator = Milliseconds(emulator);
            using var api = emulator.Api();
            var answer = api.Ask(FirstRequest);
            using var limit = bench.Limit(new([new("GET", "/jobs", answer.ContentType!, answer.Body)]));
            var ofLimit = Milliseconds(limit);
            // The first start of each finds its files on the disk.
            if (start < 0)
                continue;
            emulators.Add(ofEmulator);
            limits.Add(ofLimit);
        }
        bench.Reporter.Add(new("start to first answer", Mode.Default, "ms", Spread.Of(emulators))
        {
            Limit = "bare Kestrel, ReadyToRun",
            LimitValue = Spread.Of(limits),
            Ratio = Spread.Ratio(emulators, limits),
            Target = Target.AtMost(1.1),
        });
    }

    private static byte[] FirstRequest { get; } = AwsRequest.Control("GET", "/jobs");

    /// <summary>From asking for the process to its answer to the first request.</summary>
    public static double Milliseconds(ServerProcess server)
    {
        using var connection = new HttpConnection(server.Address);
        connection.Time(FirstRequest);
        return Stopwatch.GetElapsedTime(server.StartedAt).TotalMilliseconds;
    }
}

/// <summary>The same with a file that has much to load.</summary>
internal sealed class StartWithDatabase() : Workload("start-database", "start to the first answer with a database of 1 000 000 executions, beside reading the same rows with a raw reader")
{
    private const int Jobs = 10;

    public override void Run(Bench bench)
    {
        var (things, file) = (bench.Options.FleetSizes[^1], bench.Published.NewFile(".db"));
        using (var fleet = new Fleet(ServerProcess.Emulator(bench.Published, file, Fleet.Settings), things))
        {
            for (var job = 0; job < Jobs; job++)
                fleet.UntilQueued(fleet.CreateJob());
            fleet.Server.Stop();
        }
        List<double> starts = [], reads = [];
        for (var round = -1; round < Math.Min(bench.Options.Rounds, 3); round++)
        {
            double start;
            using (var emulator = ServerProcess.Emulator(bench.Published, file, Fleet.Settings))
            {
                start = StartUp.Milliseconds(emulator) / 1000;
                emulator.Stop();
            }
            var read = Fleet.Seconds(() => RawReader.ReadAll(file));
            // The first time the file comes from the disk.
            if (round < 0)
                continue;
            starts.Add(start);
            reads.Add(read);
        }
        bench.Reporter.Add(new($"start with {Spread.Text(things * Jobs)} executions", Mode.Database, "s", Spread.Of(starts))
        {
            Limit = "raw reader",
            LimitValue = Spread.Of(reads),
            Ratio = Spread.Ratio(starts, reads),
            Target = Target.AtMost(1.6),
        });
    }
}
