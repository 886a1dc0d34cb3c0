using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using IoTJobsEmulator.Benchmarks.Load;

namespace IoTJobsEmulator.Benchmarks.Servers;

/// <summary>A server in a process of its own. It tells its addresses on its standard output, which is read to the end so that it never blocks.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const string Banner = "Listening on http://", MqttBanner = "mqtt://";

    private static readonly TimeSpan BetweenReads = TimeSpan.FromMilliseconds(5);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly ManualResetEventSlim _listens = new();

    public ServerProcess(string program, params IEnumerable<string> arguments)
    {
        StartedAt = Stopwatch.GetTimestamp();
        _process = Children.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true });
        new Thread(ReadOutput) { IsBackground = true }.Start();
        _listens.Wait();
        if (Address is not null)
            return;
        _process.WaitForExit();
        throw new BenchmarkException($"{program} {string.Join(' ', arguments)} ended with {_process.ExitCode} before it listened:\n{_said}");
    }

    /// <summary>The emulator with its default settings but for the ports.</summary>
    public static ServerProcess Emulator(Published published, string? database, params IEnumerable<string> settings) => new(published.Emulator,
        ["--port", "0", "--mqtt-port", "0", "--mqtt-tls-port", "0", "--https-port", "0", .. database is null ? Array.Empty<string>() : ["--database", database], .. settings]);

    /// <summary>When the process was asked for.</summary>
    public long StartedAt { get; }

    public IPEndPoint Address { get; private set; } = null!;

    /// <summary>Where it speaks MQTT, if it does.</summary>
    public IPEndPoint? MqttAddress { get; private set; }

    /// <summary>What of its memory is resident, in bytes.</summary>
    public long ResidentBytes => Status("VmRSS:");

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public int Id => _process.Id;

    public Api Api() => new(Address);

    /// <summary>Asks the server to end, and waits until it has.</summary>
    public void Stop()
    {
        using (var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Children.End(_process);
        _listens.Dispose();
    }

    // A log line at a time would cost the machine more than the server's writing of it.
    private void ReadOutput()
    {
        var output = _process.StandardOutput.BaseStream;
        var buffer = new byte[1 << 16];
        while (output.Read(buffer) is var count and > 0)
            if (Address is null)
                Hear(Encoding.UTF8.GetString(buffer, 0, count));
            else
                Pause.For(BetweenReads.TotalMilliseconds);
        if (Address is null)
            _listens.Set();
    }

    private void Hear(string text)
    {
        var said = _said.Append(text).ToString();
        if (Find(said, Banner) is not { } address)
            return;
        // The banner is written at once, so what it says of MQTT is there, too.
        MqttAddress = Find(said, MqttBanner);
        Address = address;
        _listens.Set();
    }

    private static IPEndPoint? Find(string said, string prefix)
    {
        var at = said.IndexOf(prefix, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var rest = said[(at + prefix.Length)..];
        var end = rest.AsSpan().IndexOfAny(",\n ");
        return end > 0 && IPEndPoint.TryParse(rest[..end], out var address) ? address : null;
    }

    private long Status(string name)
    {
        foreach (var line in File.ReadLines($"/proc/{Id}/status"))
            if (line.StartsWith(name, StringComparison.Ordinal))
                return long.Parse(line[name.Length..^2].Trim(), CultureInfo.InvariantCulture) * 1024;
        throw new BenchmarkException($"/proc/{Id}/status has no {name}");
    }
}
