using System.Globalization;

namespace IoTJobsEmulator.Http;

/// <summary>Asks the emulator that runs on this machine whether it is well: for images, which carry no curl.</summary>
internal static class HealthCheck
{
    public const string Argument = "--health-check";

    public static async Task<bool> Passes(EmulatorOptions options)
    {
        var host = options.Bind is "*" or "localhost" ? "127.0.0.1" : options.Bind.Contains(':') ? $"[{options.Bind}]" : options.Bind;
        using var direct = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(direct) { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var answer = await client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{options.Port}/_emulator/health")));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
