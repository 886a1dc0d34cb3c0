using System.Globalization;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core.Jobs;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>The body of UpdateJobExecution as a form gives it.</summary>
public static class DeviceUpdate
{
    /// <param name="status">The status.</param>
    /// <param name="details">A line for each detail, <c>name=value</c>; empty for none.</param>
    /// <param name="expectedVersion">As typed; what is no number is sent as text, for the API to refuse.</param>
    /// <param name="stepTimeoutInMinutes">Likewise.</param>
    public static string Json(JobExecutionStatus status, string details, string expectedVersion, string stepTimeoutInMinutes)
    {
        var body = new JsonObject { ["status"] = status.ToString() };
        var pairs = new JsonObject();
        foreach (var line in details.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            pairs[equals < 0 ? line : line[..equals].TrimEnd()] = equals < 0 ? "" : line[(equals + 1)..].TrimStart();
        }
        if (pairs.Count > 0)
            body["statusDetails"] = pairs;
        AddNumber(body, "expectedVersion", expectedVersion);
        AddNumber(body, "stepTimeoutInMinutes", stepTimeoutInMinutes);
        return body.ToJsonString();
    }

    private static void AddNumber(JsonObject body, string name, string text)
    {
        if (text.Trim() is not { Length: > 0 } given)
            return;
        body[name] = long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : given;
    }
}
