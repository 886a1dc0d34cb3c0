using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IoTJobsEmulator.Http;

/// <summary>Where the emulator listens, and what it takes at most.</summary>
internal static class Listener
{
    public static void Configure(KestrelServerOptions kestrel, EmulatorOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = Body.MaxBytes;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        Listen(kestrel, options, options.Port, _ => { });
    }

    /// <summary>Listens on a port of the address in the settings.</summary>
    public static void Listen(KestrelServerOptions kestrel, EmulatorOptions options, int port, Action<ListenOptions> configure)
    {
        if (options.Bind == "*")
            kestrel.ListenAnyIP(port, configure);
        else if (options.Bind != "localhost")
            kestrel.Listen(IPAddress.Parse(options.Bind), port, configure);
        else if (port == 0 || !Socket.OSSupportsIPv6)
            kestrel.Listen(IPAddress.Loopback, port, configure);
        else
            kestrel.ListenLocalhost(port, configure);
    }

    /// <summary>The addresses that a port is listened on.</summary>
    public static IPAddress[] Addresses(EmulatorOptions options) => options.Bind switch
    {
        "*" => [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any],
        "localhost" => Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback],
        _ => [IPAddress.Parse(options.Bind)],
    };
}
