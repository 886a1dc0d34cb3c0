using System.Net;
using System.Net.Sockets;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IoTJobsEmulator;

/// <summary>
/// The ports that Kestrel listens on. When a port is taken that the user has not set, a warning is logged and the emulator starts without it;
/// the HTTP port must be free.
/// </summary>
internal sealed class KestrelEndpoints(EmulatorOptions options, ILogger<KestrelEndpoints> log)
{
    private readonly List<(string Scheme, ListenOptions Endpoint)> _optional = [];
    private string? _refusal;

    /// <summary>The ports beside the HTTP port that are listened on, once Kestrel has started.</summary>
    public IEnumerable<(string Scheme, int Port)> OptionalPorts => _optional.Select(open => (open.Scheme, ((IPEndPoint)open.Endpoint.EndPoint).Port));

    /// <summary>Refuses to start when a port that the user has set is taken. The exception of Kestrel would not name the setting.</summary>
    /// <exception cref="SettingException">Names the setting and the port.</exception>
    public void Check()
    {
        if (_refusal is not null)
            throw new SettingException(_refusal);
    }

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        Listen(kestrel, options.Port, _ => { });
        ListenIfFree(kestrel, "mqtt", options.MqttPort, endpoint => endpoint.ServeMqtt(isTls: false));
        ListenIfFree(kestrel, "mqtts", options.MqttTlsPort, endpoint => endpoint.ServeMqtt(isTls: true));
        ListenIfFree(kestrel, "https", options.HttpsPort, endpoint => endpoint.UseTls(endpoint.ApplicationServices.GetRequiredService<Certificates>(), isHttp: true));
    }

    private void ListenIfFree(KestrelServerOptions kestrel, string scheme, PortSetting setting, Action<ListenOptions> serve)
    {
        if (setting.Port is not { } port)
            return;
        if (!Addresses().All(address => IsFree(address, port)))
        {
            if (setting.IsGiven)
                _refusal ??= $"--{setting.Name}: port {port} is taken.";
            else
                log.LogWarning("Port {Port} is taken: there is no {Scheme}. Set --{Setting} to another port, to 0 for a free one, or to off.", port, scheme, setting.Name);
            return;
        }
        Listen(kestrel, port, endpoint =>
        {
            _optional.Add((scheme, endpoint));
            serve(endpoint);
        });
    }

    private void Listen(KestrelServerOptions kestrel, int port, Action<ListenOptions> serve)
    {
        if (options.Bind == "*")
            kestrel.ListenAnyIP(port, serve);
        else if (options.Bind != "localhost")
            kestrel.Listen(IPAddress.Parse(options.Bind), port, serve);
        else if (port == 0 || !Socket.OSSupportsIPv6)
            kestrel.Listen(IPAddress.Loopback, port, serve);
        else
            kestrel.ListenLocalhost(port, serve);
    }

    private IPAddress[] Addresses() => options.Bind switch
    {
        "*" => [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any],
        "localhost" => Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback],
        _ => [IPAddress.Parse(options.Bind)],
    };

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
