using System.Globalization;
using System.Net;

namespace IoTJobsEmulator.Benchmarks;

/// <summary>What the benchmark is told on its command line.</summary>
internal sealed record Options
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/IoTJobsEmulator.Benchmarks -- [OPTION]...

          --only NAME,...   only these workloads; --list names them
          --rounds N        how often each is measured, the emulator and its limit in turn (5; quick 1)
          --quick           small fleets and short rounds: to see that all works, not for figures to keep
          --peer URL        another endpoint that speaks the API, as http://127.0.0.1:5000, beside the emulator where it has what is needed
          --json FILE       every figure as a line of JSON
          --list            the workloads
        """;

    public IReadOnlyList<string> Only { get; private init; } = [];

    public int Rounds => GivenRounds ?? (IsQuick ? 1 : 5);

    public bool IsQuick { get; private init; }

    private int? GivenRounds { get; init; }

    public IPEndPoint? Peer { get; private init; }

    public string? JsonFile { get; private init; }

    public bool IsList { get; private init; }

    /// <summary>How long one measurement of a rate takes.</summary>
    public TimeSpan Measurement => TimeSpan.FromSeconds(IsQuick ? 0.3 : 0.5);

    /// <summary>How long a server is driven at the least before anything is measured, so that its code is compiled as it will stay.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(IsQuick ? 0.7 : 2);

    /// <summary>How many things there are in the groups that jobs are for.</summary>
    public IReadOnlyList<int> FleetSizes => IsQuick ? [1_000, 10_000] : [10_000, 100_000];

    public static Options Read(string[] arguments)
    {
        var options = new Options();
        var at = 0;
        for (; at < arguments.Length; at++)
            options = arguments[at] switch
            {
                "--quick" => options with { IsQuick = true },
                "--list" => options with { IsList = true },
                "--only" => options with { Only = Value().Split(',') },
                "--rounds" => options with { GivenRounds = int.Parse(Value(), CultureInfo.InvariantCulture) },
                "--peer" => options with { Peer = EndPoint(new Uri(Value())) },
                "--json" => options with { JsonFile = Value() },
                var unknown => throw new BenchmarkException($"Unknown option {unknown}.\n{Usage}"),
            };
        return options;

        string Value() => ++at < arguments.Length ? arguments[at] : throw new BenchmarkException($"{arguments[at - 1]} needs a value.\n{Usage}");
    }

    private static IPEndPoint EndPoint(Uri url) =>
        new(Dns.GetHostAddresses(url.Host).First(address => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork), url.Port);
}
