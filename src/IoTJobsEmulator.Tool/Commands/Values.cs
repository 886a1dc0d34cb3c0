using System.CommandLine.Parsing;
using System.Globalization;
using IoTJobsEmulator.Testing;

namespace IoTJobsEmulator.Tool.Commands;

/// <summary>Reads values of the command line. What is refused is said in the words of the settings: <c>by: 'soon' is not a number of seconds, ...</c></summary>
internal static class Values
{
    public static TimeSpan Duration(ArgumentResult given) => DurationOf(given, given.Tokens[0].Value) ?? default;

    public static TimeSpan? OptionalDuration(ArgumentResult given) => DurationOf(given, given.Tokens[0].Value);

    /// <summary>A moment of ISO 8601; in UTC when it names no offset.</summary>
    public static DateTimeOffset? Moment(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return moment;
        Refuse(given, text, "a moment such as 2026-01-01T00:00:00Z");
        return null;
    }

    /// <summary>Two durations, the shortest and the longest, as in <c>30s..3m</c>; one stands for both.</summary>
    public static SimulatedWork? Range(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        var parts = text.Split("..");
        if (parts.Length <= 2 && DurationConverter.TryRead(parts[0], out var from) && DurationConverter.TryRead(parts[^1], out var to))
            return new(from, to);
        Refuse(given, text, "two durations such as 30s..3m, or one");
        return null;
    }

    /// <summary>How often executions end how, as in <c>SUCCEEDED=95,FAILED=5</c>.</summary>
    public static SimulatedOutcomes? Outcomes(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        var outcomes = new SimulatedOutcomes();
        foreach (var part in text.Split(','))
        {
            var (name, value) = part.Split('=', 2) is [var left, var right] ? (left, right) : (part, "");
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            switch (name.ToUpperInvariant())
            {
                case "SUCCEEDED" when isNumber: outcomes = outcomes with { Succeeded = number }; break;
                case "FAILED" when isNumber: outcomes = outcomes with { Failed = number }; break;
                case "REJECTED" when isNumber: outcomes = outcomes with { Rejected = number }; break;
                case "SILENT" when isNumber: outcomes = outcomes with { Silent = number }; break;
                default:
                    Refuse(given, text, "numbers of SUCCEEDED, FAILED, REJECTED and silent, such as SUCCEEDED=95,FAILED=5");
                    return null;
            }
        }
        return outcomes;
    }

    private static TimeSpan? DurationOf(ArgumentResult given, string text)
    {
        if (DurationConverter.TryRead(text, out var duration))
            return duration;
        Refuse(given, text, DurationConverter.Forms);
        return null;
    }

    private static void Refuse(ArgumentResult given, string text, string expected) =>
        given.AddError($"{(given.Parent is OptionResult option ? option.Option.Name : given.Argument.Name)}: '{text}' is not {expected}.");
}
