using System.Text.Json;

namespace IoTJobsEmulator.RobustnessTests.Http;

/// <summary>What every answer must be, whatever was asked.</summary>
internal static class AnswerRules
{
    /// <summary>
    /// Answers of Kestrel's own, without a body, to what it cannot read as HTTP. AWS answers these in its own form. The emulator should, too: then
    /// the list becomes empty.
    /// </summary>
    public static readonly IReadOnlySet<int> KestrelsOwn = new HashSet<int> { 400, 405, 408, 411, 413, 414, 431, 505 };

    private static readonly string[] NetTexts = ["System.", "   at ", "Exception:", "Microsoft.AspNetCore", "Path: $", "BytePositionInLine"];

    /// <summary>The statuses of 500 and above that say what the emulator is, and not that it failed.</summary>
    private static readonly int[] NoFailures = [501, 505];

    /// <summary>What is wrong with an answer; null is nothing.</summary>
    public static string? Broken(RawAnswer answer, bool isOfHead)
    {
        if (answer.Status >= 500 && !NoFailures.Contains(answer.Status))
            return "it says that the emulator failed";
        if (answer.Status < 400 || isOfHead || IsKestrelsOwn(answer))
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

    /// <summary>An answer that no code of the emulator has seen: it would have a request id.</summary>
    public static bool IsKestrelsOwn(RawAnswer answer) =>
        KestrelsOwn.Contains(answer.Status) && answer.Body.Length == 0 && !answer.Headers.ContainsKey("x-amzn-RequestId");
}
