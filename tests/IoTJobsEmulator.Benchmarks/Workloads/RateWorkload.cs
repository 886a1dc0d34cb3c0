using IoTJobsEmulator.Benchmarks.Limits;
using IoTJobsEmulator.Benchmarks.Load;
using IoTJobsEmulator.Benchmarks.Report;
using IoTJobsEmulator.Benchmarks.Servers;

namespace IoTJobsEmulator.Benchmarks.Workloads;

/// <summary>How many requests a second are answered over some connections, in both modes, beside the limit.</summary>
internal abstract class RateWorkload(string name, string what) : Workload(name, what)
{
    private const int WarmUpConnections = 8, MostSlices = 6;

    private const double SettledAt = 0.95;

    protected static readonly int[] ConnectionCounts = [1, 8, 32];

    protected virtual IReadOnlyList<Wire> Wires => [Wire.Http];

    /// <summary>Whether the limit with a database has to write what the emulator writes.</summary>
    protected virtual bool Writes => false;

    /// <summary>Whether every round has servers of its own.</summary>
    protected virtual bool NeedsFreshServers => false;

    protected virtual IEnumerable<string> Settings => [];

    /// <summary>What must be there before anything is measured.</summary>
    protected virtual void Prepare(Api api) => api.CreateThing(Names.Thing(1));

    /// <summary>What must be there before each measurement.</summary>
    protected virtual void Refresh(Api api, int connections)
    {
    }

    /// <summary>The requests whose answers the limit repeats, asked of an emulator with one thing; see <see cref="LimitServer.SampleThing"/>.</summary>
    protected abstract IEnumerable<Sample> Samples { get; }

    protected abstract NextRequest Requests(Wire wire, int connections);

    protected virtual Target? Target(string mode, Wire wire, int connections) => null;

    public override void Run(Bench bench)
    {
        var plan = Learn(bench);
        foreach (var mode in Mode.All)
        {
            var results = ConnectionCounts.ToDictionary(count => count, _ => new Dictionary<string, Result>());
            for (var round = 0; round < bench.Options.Rounds;)
            {
                using var emulator = bench.Emulator(mode, Settings);
                using var limit = bench.Limit(Writes && mode == Mode.Database ? plan with { Database = bench.Published.NewFile(".db") } : plan with { Schema = [] });
                var sides = Sides(bench, mode, emulator, limit).Where(side => WarmUp(bench, side)).ToList();
                do
                    foreach (var connections in ConnectionCounts)
                        foreach (var side in sides)
                            Add(results[connections], side, Measure(side, connections, bench.Options.Measurement));
                while (++round < bench.Options.Rounds && !NeedsFreshServers);
            }
            foreach (var connections in ConnectionCounts)
                foreach (var result in results[connections].Values.Where(result => result.Side.Name != Side.Limit))
                    bench.Reporter.Add(Figure(mode, connections, result, results[connections][Beside(result.Side)]));
        }
    }

    private List<Side> Sides(Bench bench, string mode, ServerProcess emulator, ServerProcess limit)
    {
        List<Side> sides = [.. Wires.Select(wire => new Side(wire.ToString(), emulator.Address, wire, emulator)), new(Side.Limit, limit.Address, Wire.Http, limit)];
        if (bench.Options.Peer is { } peer && mode == Mode.Default)
            sides.Add(new(Side.Peer, peer, Wire.Http));
        return sides;
    }

    /// <summary>Drives a side until a request costs its processors no less than before: until its code is compiled as it will stay.</summary>
    private bool WarmUp(Bench bench, Side side)
    {
        try
        {
            using (var api = new Api(side.Http))
            {
                api.Reset();
                Prepare(api);
            }
            var slice = bench.Options.WarmUp / 2;
            var (last, now) = (Measure(side, WarmUpConnections, slice), Measure(side, WarmUpConnections, slice));
            for (var more = 0; more < MostSlices && Cost(now) < SettledAt * Cost(last); more++)
                (last, now) = (now, Measure(side, WarmUpConnections, slice));
            return true;
        }
        catch (BenchmarkException lacks) when (side.Name == Side.Peer)
        {
            Reporter.Say($"The peer lacks {Name}: {lacks.Message}");
            return false;
        }
    }

    private Measured Measure(Side side, int connections, TimeSpan atMost)
    {
        using (var api = new Api(side.Http))
            Refresh(api, connections);
        var opened = side.Connect(connections);
        try
        {
            var before = side.ProcessorTime;
            var measured = LoadLoop.Run(opened, Requests(side.Wire, connections), atMost);
            return measured with { ServersTime = side.ProcessorTime - before };
        }
        finally
        {
            foreach (var connection in opened)
                connection.Dispose();
        }
    }

    private static void Add(Dictionary<string, Result> results, Side side, Measured measured)
    {
        if (!results.TryGetValue(side.Name, out var result))
            results.Add(side.Name, result = new(side));
        result.Rates.Add(measured.PerSecond);
        result.Microseconds.Add(Cost(measured));
        result.Latencies.Add(measured.Latencies);
    }

    private static double Cost(Measured measured) => measured.ServersTime.TotalMicroseconds / measured.Latencies.Count;

    /// <summary>Over MQTT the limit is what the same emulator does over HTTP.</summary>
    private static string Beside(Side side) => side.Wire == Wire.Http ? Side.Limit : Wire.Http.ToString();

    private Figure Figure(string mode, int connections, Result result, Result limit) => new(
        Name + (result.Side.Wire switch { Wire.MqttQos0 => ", MQTT QoS 0", Wire.MqttQos1 => ", MQTT QoS 1", _ => "" }), result.Side.Name == Side.Peer ? Side.Peer : mode, "per s", Spread.Of(result.Rates))
    {
        Connections = connections,
        Limit = result.Side.Wire != Wire.Http ? "over HTTP" : Writes && mode == Mode.Database ? "raw grouped writer" : "bare Kestrel",
        LimitValue = Spread.Of(limit.Rates),
        Ratio = Spread.Ratio(result.Rates, limit.Rates),
        Target = result.Side.Name == Side.Peer ? null : Target(mode, result.Side.Wire, connections),
        ServersMicroseconds = result.Side.Server is null ? null : Spread.Of(result.Microseconds).Median,
        LimitsMicroseconds = Spread.Of(limit.Microseconds).Median,
        P50 = result.Latencies.Quantile(0.5),
        P99 = result.Latencies.Quantile(0.99),
        Longest = result.Latencies.Quantile(1),
    };

    /// <summary>Lets an emulator answer each kind of request once, and sees which rows it wrote.</summary>
    private LimitPlan Learn(Bench bench)
    {
        var file = bench.Published.NewFile(".db");
        using var emulator = ServerProcess.Emulator(bench.Published, file, Settings);
        using var api = emulator.Api();
        Prepare(api);
        api.CreateThing(LimitServer.SampleThing);
        using var database = new SampleDatabase(file);
        List<LimitRoute> routes = [];
        foreach (var sample in Samples)
        {
            var answer = api.Ask(sample.Request);
            if (answer.Status != 200)
                throw new BenchmarkException($"{sample.Method} {sample.Pattern} answered {answer.Status} {answer.Text}");
            // What follows from a request in the background is written a moment after its answer.
            Pause.For(50);
            var rows = database.NewChanges();
            if (routes.FindIndex(route => route.Method == sample.Method && route.Pattern == sample.Pattern) is var known and >= 0)
                routes[known] = routes[known] with { Rows = [.. routes[known].Rows, rows] };
            else
                routes.Add(new(sample.Method, sample.Pattern, answer.ContentType ?? "", answer.Body) { Rows = [rows] });
        }
        return new(routes) { Schema = database.Schema };
    }

    private sealed record Result(Side Side)
    {
        public List<double> Rates { get; } = [];

        /// <summary>What each request cost the server's processors.</summary>
        public List<double> Microseconds { get; } = [];

        public Latencies Latencies { get; } = new();
    }
}

/// <summary>A kind of request, and one of it.</summary>
internal sealed record Sample(string Method, string Pattern, byte[] Request);

/// <summary>How things and jobs are called: equally long, so that the sample's bytes are those of the others.</summary>
internal static class Names
{
    public static string Thing(int number) => Numbered.Text("pump-" + Numbered.Slot, number);

    public static string ThingArn(int number) => "arn:aws:iot:us-east-1:123456789012:thing/" + Thing(number);

    /// <summary>The n-th job of a thing, with a slot for n.</summary>
    public static string JobOf(int thing) => $"{Thing(thing)}-{Numbered.Slot}";

    public static string JobOf(int thing, int number) => Numbered.Text(JobOf(thing), number);
}
