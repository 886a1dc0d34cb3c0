using System.Net;
using System.Net.Sockets;
using IoTJobsEmulator.Http.Errors;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Mqtt;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IoTJobsEmulator;

/// <summary>
/// The ports that Kestrel listens on. When a port is taken that the user has not set, a warning is logged and the emulator starts without it;
/// the HTTP port must be free.
/// </summary>
internal sealed class KestrelEndpoints(EmulatorOptions options, ILogger<KestrelEndpoints> log)
{
    private const string Mqtt = "mqtt", Https = "https", Taken = "is taken", Foreign = "is not an address of this machine";

    private readonly List<(string Scheme, ListenOptions Endpoint)> _optional = [];
    private readonly HashSet<int> _used = [];
    private ListenOptions? _http;
    private string? _refusal;

    /// <summary>The ports beside the HTTP port that are listened on, once Kestrel has started.</summary>
    public IEnumerable<(string Scheme, int Port)> OptionalPorts => _optional.Select(open => (open.Scheme, ((IPEndPoint)open.Endpoint.EndPoint).Port));

    /// <summary>The HTTP port, once Kestrel has started; before that the one of the settings. Null on a server without ports.</summary>
    public int? HttpPort => (_http?.EndPoint as IPEndPoint)?.Port;

    /// <summary>The first port of HTTPS that is listened on, once Kestrel has started; null when there is none.</summary>
    public int? HttpsPort => OptionalPorts.Where(open => open.Scheme == Https).Select(open => (int?)open.Port).FirstOrDefault();

    /// <summary>Whether a port with TLS is listened on.</summary>
    public bool HasTls => _optional.Exists(open => open.Scheme != Mqtt);

    /// <summary>Refuses to start when an address or a port that the user has set cannot be listened on. The exception of Kestrel would not name the setting.</summary>
    /// <exception cref="SettingException">Names the setting and what is wrong with it.</exception>
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
        if (Addresses().Select(address => Obstacle(address, port: 0)).Contains(Foreign))
            _refusal = $"--bind: {options.Bind} {Foreign}.";
        _used.Add(options.Port);
        Listen(kestrel, options.Port, endpoint =>
        {
            _http = endpoint;
            KestrelErrors.GiveBodies(endpoint);
        });
        ListenIfFree(kestrel, Mqtt, options.MqttPort, MqttListeners.ServeMqtt);
        ListenIfFree(kestrel, "mqtts", options.MqttTlsPort, MqttListeners.ServeMqttOverTls);
        ListenIfFree(kestrel, Https, options.HttpsPort, endpoint =>
        {
            endpoint.ServeHttpsAndMqtt();
            KestrelErrors.GiveBodies(endpoint);
        });
    }

    private void ListenIfFree(KestrelServerOptions kestrel, string scheme, PortSetting setting, Action<ListenOptions> serve)
    {
        foreach (var port in setting.Ports)
        {
            if (Obstacle(port) is not { } obstacle)
            {
                Listen(kestrel, port, endpoint =>
                {
                    _optional.Add((scheme, endpoint));
                    serve(endpoint);
                });
            }
            else if (setting.IsGiven)
                _refusal ??= $"--{setting.Name}: port {port} {obstacle}.";
            else
                log.LogWarning("Port {Port} {Obstacle}: there is no {Scheme}. Set --{Setting} to another port, to 0 for a free one, or to off.", port, obstacle, scheme, setting.Name);
        }
    }

    /// <summary>Why a port cannot be listened on; null when it can. A port is taken by another program, or by the emulator itself.</summary>
    private string? Obstacle(int port) =>
        Addresses().Select(address => Obstacle(address, port)).FirstOrDefault(obstacle => obstacle is not null)
        ?? (port == 0 || _used.Add(port) ? null : Taken);

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

    private static string? Obstacle(IPAddress address, int port)
    {
        try
        {
            using var trial = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            trial.Bind(new IPEndPoint(address, port));
            return null;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode switch
            {
                SocketError.AccessDenied => "is not allowed to this user, as ports below 1024 are on many systems",
                SocketError.AddressNotAvailable or SocketError.InvalidArgument or SocketError.AddressFamilyNotSupported => Foreign,
                _ => Taken,
            };
        }
    }
}
