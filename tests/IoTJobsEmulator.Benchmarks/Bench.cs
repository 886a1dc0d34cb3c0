using System.Text.Json;
using IoTJobsEmulator.Benchmarks.Limits;
using IoTJobsEmulator.Benchmarks.Report;
using IoTJobsEmulator.Benchmarks.Servers;

namespace IoTJobsEmulator.Benchmarks;

/// <summary>What every workload needs: the programs, the options, and somewhere to report to.</summary>
internal sealed record Bench(Options Options, Published Published, Reporter Reporter)
{
    /// <summary>An emulator in a mode, with what a workload needs besides.</summary>
    public ServerProcess Emulator(string mode, params IEnumerable<string> settings) =>
        ServerProcess.Emulator(Published, mode == Mode.Database ? Published.NewFile(".db") : null, settings);

    public ServerProcess Limit(LimitPlan plan)
    {
        var file = Published.NewFile(".json");
        File.WriteAllText(file, JsonSerializer.Serialize(plan));
        return new(Published.Limit, LimitServer.Argument, file);
    }
}

/// <summary>How the emulator keeps its state.</summary>
internal static class Mode
{
    public const string Default = "default", Database = "--database";

    public static IReadOnlyList<string> All { get; } = [Default, Database];
}
