using System.Text.Json;
using IoTJobsEmulator.Core.State;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>What a job tells its devices to do, byte for byte as it was given. A row of its own, because it never changes.</summary>
public sealed record JobDocument : IRow<string>
{
    public required string JobId { get; init; }

    public required string Text { get; init; }

    public string Key => JobId;

    /// <summary>Whether a text could be sent to devices, whose messages embed it as JSON. An array or a plain value may be.</summary>
    public static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
