namespace IoTJobsEmulator.Http.Access;

/// <summary>
/// The origins whose web pages may call the emulator: its own, and those of the setting <c>allowed-origins</c>. Browsers state the origin of a page
/// in <c>Origin</c>, and in <c>Sec-Fetch-Site</c> how it relates to the address asked; other clients send neither, or an <c>Origin</c> of the host
/// that they address.
/// </summary>
internal sealed class AllowedOrigins(EmulatorOptions options)
{
    private readonly bool _allowsAll = options.AllowedOrigins.Contains(EmulatorOptions.Any);
    private readonly HashSet<string> _allowed = new(options.AllowedOrigins, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the request may be answered. One that a link of another page leads to may: no page sees its answer.</summary>
    public bool Allow(HttpRequest request)
    {
        var (origin, site) = (request.Headers.Origin, request.Headers["Sec-Fetch-Site"]);
        return (origin.Count == 0 && site.Count == 0) || _allowsAll || IsAllowed(request, origin.ToString(), site.ToString());
    }

    private bool IsAllowed(HttpRequest request, string origin, string site) =>
        _allowed.Contains(origin)
        || (site.Length > 0 ? site is "same-origin" or "none" : origin.Length == 0 || IsOwn(origin, request.Host))
        || IsLink(request);

    /// <summary>
    /// Whether an origin is the host that the request is addressed to. Libraries of WebSockets write it with the wrong scheme, without a scheme or
    /// without a port.
    /// </summary>
    private static bool IsOwn(string origin, HostString addressed)
    {
        var scheme = origin.IndexOf("://", StringComparison.Ordinal);
        var own = new HostString(scheme < 0 ? origin : origin[(scheme + "://".Length)..]);
        return own.HasValue && own.Host.Equals(addressed.Host, StringComparison.OrdinalIgnoreCase) && (own.Port is null || own.Port == addressed.Port);
    }

    /// <summary>Whether the browser opens the address as a page of its own, not in a frame.</summary>
    private static bool IsLink(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
}
