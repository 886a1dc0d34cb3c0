using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace IoTJobsEmulator.Tests;

/// <summary>The program in a process of its own.</summary>
internal sealed class EmulatorProcess : IDisposable
{
    /// <summary>Ends a test that hangs. It is no expectation of speed.</summary>
    private static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private EmulatorProcess(Process process, Uri url) => (_process, Url) = (process, url);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public Uri Url { get; }

    public static async Task<EmulatorProcess> Start(params string[] arguments)
    {
        var process = Run(["--port", "0", .. arguments]);
        while (await process.StandardOutput.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.StartsWith("Listening on ", StringComparison.Ordinal))
                return new(process, new(line["Listening on ".Length..]));
        }
        throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Cancelled));
    }

    /// <summary>The next line of its output that begins so.</summary>
    public async Task<string> Line(string start)
    {
        while (await _process.StandardOutput.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
                return line;
        }
        throw new InvalidOperationException($"No line of the output begins with '{start}'.");
    }

    /// <summary>The ports for devices, by the name that they are printed with; the first of each.</summary>
    public async Task<Dictionary<string, int>> Ports() => (await AllPorts()).ToDictionary(ports => ports.Key, ports => ports.First());

    /// <summary>The ports for devices, by the name that they are printed with.</summary>
    public async Task<ILookup<string, int>> AllPorts() => Regex.Matches(await Line("  devices "), @"(?<name>\w+)://127\.0\.0\.1:(?<port>\d+)")
        .ToLookup(match => match.Groups["name"].Value, match => int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture));

    /// <summary>Runs the program until it ends by itself.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunToExit(params string[] arguments)
    {
        using var process = Run(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancelled), process.StandardError.ReadToEndAsync(Cancelled));
        try
        {
            await process.WaitForExitAsync(Cancelled).WaitAsync(HangGuard, Cancelled);
        }
        finally
        {
            process.Kill();
        }
        return (process.ExitCode, await output, await error);
    }

    public async Task<TcpClient> Connect()
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(Url.Host, Url.Port, Cancelled);
        return connection;
    }

    /// <summary>Sends SIGTERM and waits for the end. Answers the exit code.</summary>
    public async Task<int> Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(Cancelled).WaitAsync(HangGuard, Cancelled);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static Process Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(EmulatorOptions).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_HTTP_PORTS"] = "8080", // as the base image has it
                ["IOTJOBS_MQTT_PORT"] = "off", ["IOTJOBS_MQTT_TLS_PORT"] = "off", ["IOTJOBS_HTTPS_PORT"] = "off", // tests open no fixed ports
            },
        };
        return Process.Start(start)!;
    }
}
