using System.Text.Json;

namespace IoTJobsEmulator.RobustnessTests.Http;

/// <summary>What every answer must be, whatever was asked.</summary>
internal static class AnswerRules
{
    private static readonly string[] NetTexts = ["System.", "   at ", "Exception:", "Microsoft.AspNetCore", "Path: $", "BytePositionInLine"];

    /// <summary>The statuses of 500 and above that say what the emulator is, and not that it failed.</summary>
    private static readonly int[] NoFailures = [501, 505];

    /// <summary>What is wrong with an answer; null is nothing.</summary>
    public static string? Broken(RawAnswer answer, bool isOfHead)
    {
        if (answer.Status >= 500 && !NoFailures.Contains(answer.Status))
            return "it says that the emulator failed";
        if (answer.Status < 400 || isOfHead)
            return null;
        if (Array.Find(NetTexts, text => answer.Text.Contains(text, StringComparison.Ordinal)) is { } found)
            return $"it shows .NET's own '{found}'";
        if (!answer.Headers.ContainsKey("x-amzn-ErrorType"))
            return "it has no x-amzn-ErrorType";
        try
        {
            using var body = JsonDocument.Parse(answer.Body);
            return body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String && message.GetString()!.Length > 0
                ? null
                : "it has no message";
        }
        catch (JsonException)
        {
            return "it is no JSON";
        }
    }
}
