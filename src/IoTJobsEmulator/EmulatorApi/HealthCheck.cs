using System.Globalization;
using System.Net.Sockets;
using IoTJobsEmulator.Http.Requests;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>Asks the emulator that runs on this machine for its health: for container images, which have no curl.</summary>
internal static class HealthCheck
{
    public const string Argument = "--health-check";

    /// <summary>For an emulator that accepts connections and never answers. Whoever calls the check sets a shorter limit, as the image does.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static async Task<bool> Passes(EmulatorOptions options)
    {
        var host = options.Bind is "*" or "localhost" ? "127.0.0.1" : options.Bind.Contains(':') ? $"[{options.Bind}]" : options.Bind;
        using var direct = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(direct) { Timeout = Timeout };
        try
        {
            using var answer = await client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{options.Port}{HealthChecks.Health}")));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
