using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IoTJobsEmulator.Benchmarks.Servers;

/// <summary>A real broker on this machine, if there is one.</summary>
internal sealed class Mosquitto : IDisposable
{
    private static readonly string[] Programs = ["mosquitto", "/usr/sbin/mosquitto"];

    private readonly Process _process;

    private Mosquitto(Process process, IPEndPoint address) => (_process, Address) = (process, address);

    public IPEndPoint Address { get; }

    /// <summary>Null where it is not installed.</summary>
    public static Mosquitto? Start(Published published)
    {
        var address = FreePort();
        var settings = published.NewFile(".conf");
        File.WriteAllText(settings, string.Create(CultureInfo.InvariantCulture, $"listener {address.Port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nlog_type none\n"));
        foreach (var program in Programs)
            try
            {
                var process = Children.Start(new ProcessStartInfo(program, ["-c", settings]) { RedirectStandardError = true });
                UntilItListens(process, address);
                return new(process, address);
            }
            catch (Win32Exception)
            {
                // It is not there.
            }
        return null;
    }

    public void Dispose() => Children.End(_process);

    private static void UntilItListens(Process process, IPEndPoint address)
    {
        while (!process.HasExited)
            try
            {
                using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                probe.Connect(address);
                return;
            }
            catch (SocketException)
            {
                Pause.For(10);
            }
        throw new BenchmarkException($"mosquitto ended with {process.ExitCode}: {process.StandardError.ReadToEnd()}");
    }

    private static IPEndPoint FreePort()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)listener.LocalEndPoint!;
    }
}
