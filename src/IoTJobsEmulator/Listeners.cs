using System.Net;
using System.Net.Sockets;
using IoTJobsEmulator.Http;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IoTJobsEmulator;

/// <summary>All ports. One that nobody asked for and that is taken already is left out with a warning; HTTP's own is always wanted.</summary>
internal sealed class Listeners(EmulatorOptions options, ILogger<Listeners> log)
{
    private readonly List<(string Name, ListenOptions Listener)> _open = [];
    private string? _refusal;

    /// <summary>Where what listens, once it does; HTTP first.</summary>
    public IEnumerable<(string Name, int Port)> Open => _open.Select(open => (open.Name, ((IPEndPoint)open.Listener.EndPoint).Port));

    /// <summary>Refuses the start where a port that the user has named is taken. Kestrel itself would not say which setting it was.</summary>
    public void Check()
    {
        if (_refusal is not null)
            throw new SettingException(_refusal);
    }

    public void Configure(KestrelServerOptions kestrel)
    {
        Listener.Configure(kestrel, options);
        Listen(kestrel, "mqtt", options.MqttPort, listener => listener.ServeMqtt(isTls: false));
        Listen(kestrel, "mqtts", options.MqttTlsPort, listener => listener.ServeMqtt(isTls: true));
        Listen(kestrel, "https", options.HttpsPort, listener => listener.UseTls(listener.ApplicationServices.GetRequiredService<Certificates>(), isHttp: true));
    }

    private void Listen(KestrelServerOptions kestrel, string name, PortSetting setting, Action<ListenOptions> serve)
    {
        if (setting.Port is not { } port)
            return;
        if (!Listener.Addresses(options).All(address => IsFree(address, port)))
        {
            if (setting.IsGiven)
                _refusal ??= $"--{setting.Name}: port {port} is taken.";
            else
                log.LogWarning("Port {Port} is taken: no {Name}. --{Setting} says another one, 0 a free one, off none.", port, name, setting.Name);
            return;
        }
        Listener.Listen(kestrel, options, port, listener =>
        {
            _open.Add((name, listener));
            serve(listener);
        });
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var trial = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            trial.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
