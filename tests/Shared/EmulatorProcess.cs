using System.Collections.Concurrent;
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

    /// <summary>How many of its last lines are kept.</summary>
    private const int LastLines = 200;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = [];
    private Uri? _url;

    private EmulatorProcess(Process process) => _process = process;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public Uri Url => _url ?? throw new InvalidOperationException("The emulator does not listen yet.");

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Its last lines since <see cref="ReadToTheEnd"/>.</summary>
    public string Said => string.Join('\n', _said);

    public static Task<EmulatorProcess> Start(params string[] arguments) => Begin(arguments).Listening();

    /// <summary>Starts it and does not wait until it listens.</summary>
    public static EmulatorProcess Begin(params string[] arguments) => new(Run("dotnet", Arguments(arguments)));

    /// <summary>Starts it in a shell, behind a command that changes what its process may do, such as <c>ulimit -f 64</c>.</summary>
    public static Task<EmulatorProcess> StartBehind(string command, params string[] arguments) =>
        new EmulatorProcess(Run("bash", ["-c", command + "; exec dotnet \"$@\"", "bash", .. Arguments(arguments)])).Listening();

    /// <summary>Waits until it listens.</summary>
    public async Task<EmulatorProcess> Listening()
    {
        const string Start = "Listening on ";
        _url = new((await Line(Start))[Start.Length..]);
        return this;
    }

    /// <summary>The next line of its output that begins so.</summary>
    public Task<string> Line(string start) => Line($"begins with '{start}'", line => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>The next line of its output that is asked for.</summary>
    public async Task<string> Line(string description, Func<string, bool> isWanted)
    {
        while (await _process.StandardOutput.ReadLineAsync(Cancelled) is { } line)
        {
            if (isWanted(line))
                return line;
        }
        throw new InvalidOperationException($"No line of the output {description}: {await _process.StandardError.ReadToEndAsync(Cancelled)}");
    }

    /// <summary>The ports for devices, by the name that they are printed with; the first of each.</summary>
    public async Task<Dictionary<string, int>> Ports() => (await AllPorts()).ToDictionary(ports => ports.Key, ports => ports.First());

    /// <summary>The ports for devices, by the name that they are printed with.</summary>
    public async Task<ILookup<string, int>> AllPorts() => Regex.Matches(await Line("  devices "), @"(?<name>\w+)://127\.0\.0\.1:(?<port>\d+)")
        .ToLookup(match => match.Groups["name"].Value, match => int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture));

    /// <summary>From now on reads all that it says, so that a long run does not fill the pipe; <see cref="Line(string)"/> cannot be used any more.</summary>
    public void ReadToTheEnd()
    {
        _ = Keep(_process.StandardOutput);
        _ = Keep(_process.StandardError);

        async Task Keep(StreamReader output)
        {
            while (await output.ReadLineAsync(CancellationToken.None) is { } line)
            {
                _said.Enqueue(line);
                while (_said.Count > LastLines && _said.TryDequeue(out var _)) { }
            }
        }
    }

    /// <summary>Runs the program until it ends by itself.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunToExit(params string[] arguments)
    {
        using var process = Run("dotnet", Arguments(arguments, port: null));
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

    /// <summary>Ends it as <c>kill -9</c> does, and waits until it has ended.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private static string[] Arguments(string[] given, string? port = "0") =>
        [typeof(EmulatorOptions).Assembly.Location, .. port is null ? Array.Empty<string>() : ["--port", port], .. given];

    private static Process Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
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
