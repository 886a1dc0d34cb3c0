using System.Globalization;
using IoTJobsEmulator.Testing;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary>Prints an event on a line: <c>12:00:01.250  execution     update-firmware pump-1 #1 QUEUED</c>, in colours where the output is a terminal and NO_COLOR is not set.</summary>
internal static class EventPrinter
{
    private const int TypeWidth = 12;

    private static readonly bool HasColours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public static void Print(EmulatorEvent happened)
    {
        Write(string.Create(CultureInfo.InvariantCulture, $"{happened.Time.UtcDateTime:HH:mm:ss.fff}  "));
        Write(Name(happened.Type).PadRight(TypeWidth) + "  ", ColourOf(happened.Type));
        Write(string.Join(' ', Subject(happened)));
        if (happened.Status is { } status)
            Write(" " + status, ColourOf(status));
        if (happened.Change is { } change && (happened.Status is null || change == EventChange.Deleted))
            Write(" " + Name(change));
        Write(string.Concat(Rest(happened).Select(part => "  " + part)));
        Console.WriteLine();
    }

    /// <summary>What it is about. The account is named at the end.</summary>
    private static IEnumerable<string> Subject(EmulatorEvent happened)
    {
        string?[] names =
        [
            happened.JobId, happened.Thing, happened.ExecutionNumber is { } number ? string.Create(CultureInfo.InvariantCulture, $"#{number}") : null,
            happened.Group ?? happened.GroupId, happened.ClientId, happened.Topic,
            happened.Frozen switch { true => "frozen", false => "runs", null => null },
        ];
        return names.OfType<string>().Select(OnOneLine);
    }

    private static IEnumerable<string> Rest(EmulatorEvent happened)
    {
        if (happened.Counts is { Count: > 0 } counts)
            yield return string.Join(' ', counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key}={count.Value}")));
        if (happened.StatusDetails is { Count: > 0 } details)
            yield return string.Join(' ', details.Select(detail => $"{detail.Key}={OnOneLine(detail.Value)}"));
        if (happened.Reason is { } reason)
            yield return reason;
        if (happened.Account is { } account)
            yield return $"{account}/{happened.Region}";
    }

    /// <summary>What callers chose may have line breaks, and what a terminal takes for commands.</summary>
    private static string OnOneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static ConsoleColor? ColourOf(EventType type) => type switch
    {
        EventType.Job => ConsoleColor.Blue,
        EventType.Execution => ConsoleColor.Cyan,
        EventType.Clock or EventType.Reset or EventType.Restore => ConsoleColor.Magenta,
        _ => null,
    };

    private static ConsoleColor? ColourOf(string status) => status switch
    {
        "SUCCEEDED" or "COMPLETED" => ConsoleColor.Green,
        "FAILED" or "REJECTED" or "TIMED_OUT" => ConsoleColor.Red,
        "CANCELED" or "REMOVED" or "DELETION_IN_PROGRESS" => ConsoleColor.Yellow,
        _ => null,
    };

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();

    private static void Write(string text, ConsoleColor? colour = null)
    {
        if (text.Length == 0)
            return;
        if (HasColours && colour is { } given)
            Console.ForegroundColor = given;
        Console.Write(text);
        if (HasColours && colour is not null)
            Console.ResetColor();
    }
}
