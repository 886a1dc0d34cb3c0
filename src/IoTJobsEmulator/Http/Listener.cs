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
        if (options.Bind == "*")
            kestrel.ListenAnyIP(options.Port);
        else if (options.Bind != "localhost")
            kestrel.Listen(IPAddress.Parse(options.Bind), options.Port);
        else if (options.Port == 0 || !Socket.OSSupportsIPv6)
            kestrel.Listen(IPAddress.Loopback, options.Port);
        else
            kestrel.ListenLocalhost(options.Port);
    }
}
