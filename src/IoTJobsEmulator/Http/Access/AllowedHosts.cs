using System.Net;

namespace IoTJobsEmulator.Http.Access;

/// <summary>
/// The host names that requests may be addressed to. A web page can point a name of its own at this machine (DNS rebinding) and is then of the same
/// origin as the emulator; its requests still state that name. Other addresses than loopback are reached by names that the emulator cannot know,
/// such as those of compose services: bound to them, names are checked only when <c>allowed-hosts</c> is set.
/// </summary>
internal sealed class AllowedHosts
{
    /// <summary>Names and the names under them that nobody can point at this machine except its own user.</summary>
    private static readonly string[] OfThisMachine = ["localhost", "amazonaws.com", "amazonaws.com.cn", "api.aws"];

    private readonly bool _areChecked;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "host.docker.internal" };
    private readonly List<string> _suffixes = [.. OfThisMachine.Select(domain => "." + domain)];

    /// <summary>The Host header that was allowed last: nearly all requests state the same.</summary>
    private string? _last;

    public AllowedHosts(EmulatorOptions options)
    {
        _areChecked = !options.AllowedHosts.Contains(EmulatorOptions.Any) && (options.AllowedHosts.Count > 0 || IsLoopback(options.Bind));
        _names.UnionWith(OfThisMachine);
        if (options.PublicUrl is { } url)
            _names.Add(new Uri(url).Host);
        if (options.Endpoint is { } endpoint)
            _names.Add(new HostString(endpoint).Host);
        foreach (var host in options.AllowedHosts)
        {
            if (host.StartsWith("*.", StringComparison.Ordinal))
                _suffixes.Add(host[1..]);
            else
                _names.Add(host);
        }
    }

    /// <summary>Whether a request with this Host header is served. One without comes from no browser.</summary>
    public bool Allow(HostString host)
    {
        if (!_areChecked || !host.HasValue || host.Value == _last)
            return true;
        if (!IsAllowed(host.Host.TrimEnd('.')))
            return false;
        _last = host.Value;
        return true;
    }

    private bool IsAllowed(string name) =>
        _names.Contains(name) || IPAddress.TryParse(name, out _) || _suffixes.Exists(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    private static bool IsLoopback(string bind) => bind == "localhost" || (IPAddress.TryParse(bind, out var address) && IPAddress.IsLoopback(address));
}
