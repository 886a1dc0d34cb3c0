namespace IoTJobsEmulator.Http.Access;

/// <summary>
/// Refuses requests, WebSockets included, to host names that are not this machine's, and of web pages of other origins. Without this any page
/// that the user visits could call the emulator.
/// </summary>
internal sealed class CallerCheck(RequestDelegate next, EmulatorOptions options)
{
    private readonly AllowedHosts _hosts = new(options);
    private readonly AllowedOrigins _origins = new(options);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!_hosts.Allow(request.Host))
        {
            throw new CallerRefusedException(
                $"The host name {request.Host.Host} is not one of this machine's. The setting allowed-hosts names others that are served");
        }
        if (!_origins.Allow(request))
        {
            var origin = request.Headers.Origin is [{ Length: > 0 } stated] ? stated : "other origins";
            throw new CallerRefusedException($"Web pages of {origin} may not call the emulator. The setting allowed-origins names those that may");
        }
        return next(context);
    }
}

/// <summary>The emulator does not serve this caller. The message names the setting that would change it.</summary>
internal sealed class CallerRefusedException(string message) : Exception(message);
