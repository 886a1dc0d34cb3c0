using System.Diagnostics;

namespace IoTJobsEmulator.Tool.Tests;

/// <summary>The tool in a process of its own.</summary>
internal static class Tool
{
    /// <summary>Ends a test that hangs. It is no expectation of speed.</summary>
    private static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(5);

    /// <param name="variables">Variables of its environment.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Process Start(Dictionary<string, string>? variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "iot-jobs-emulator.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["IOTJOBS_URL"] = "", ["NO_COLOR"] = "", ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
        };
        foreach (var (name, value) in variables ?? [])
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static Task<ToolResult> Run(params string[] arguments) => RunWith([], arguments);

    /// <summary>Runs it until it ends by itself.</summary>
    public static async Task<ToolResult> RunWith(Dictionary<string, string> variables, params string[] arguments)
    {
        var cancelled = TestContext.Current.CancellationToken;
        using var process = Start(variables, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancelled), process.StandardError.ReadToEndAsync(cancelled));
        try
        {
            await process.WaitForExitAsync(cancelled).WaitAsync(HangGuard, cancelled);
        }
        finally
        {
            process.Kill();
        }
        return new(process.ExitCode, (await output).Trim(), (await error).Trim());
    }
}

/// <summary>How the tool has ended, and what it has printed.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error);
