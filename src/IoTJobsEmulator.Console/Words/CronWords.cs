using System.Globalization;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>The usual cron expressions of maintenance windows in words. Others are shown as they are.</summary>
public static class CronWords
{
    private const string Prefix = "cron(", Suffix = ")";

    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    /// <summary><c>every day at 02:00 UTC</c>; null for an expression with more than names, numbers, lists and ranges.</summary>
    /// <param name="expression"><c>cron(minutes hours day-of-month month day-of-week year)</c>.</param>
    public static string? Of(string expression)
    {
        if (!expression.StartsWith(Prefix, StringComparison.Ordinal) || !expression.EndsWith(Suffix, StringComparison.Ordinal))
            return null;
        var fields = expression[Prefix.Length..^Suffix.Length].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is not [var minutes, var hours, var day, var month, var weekday, var year])
            return null;
        var (days, times) = (DayWords(day, weekday), TimeWords(minutes, hours));
        var inMonths = month == "*" ? "" : Listed(month, Months) is { } months ? $" in {months}" : null;
        var inYear = year == "*" ? "" : IsNumber(year) ? $" of {year}" : null;
        return days is null || times is null || inMonths is null || inYear is null ? null : $"{days}{inMonths}{inYear} at {times} UTC";
    }

    private static string? DayWords(string day, string weekday) => (IsAny(day), IsAny(weekday)) switch
    {
        (true, true) => "every day",
        (true, false) => Listed(weekday, Days) is { } days ? $"every {days}" : null,
        (false, true) when day == "L" => "on the last day of the month",
        (false, true) => Listed(day, null) is { } days ? $"on day {days} of the month" : null,
        _ => null,
    };

    private static string? TimeWords(string minutes, string hours)
    {
        if (hours == "*")
            return minutes.Split(',').All(IsNumber) ? $"minute {minutes.Replace(",", ", ", StringComparison.Ordinal)} of every hour" : null;
        if (!hours.Split(',').All(IsNumber) || !minutes.Split(',').All(IsNumber))
            return null;
        var times = from hour in hours.Split(',')
                    from minute in minutes.Split(',')
                    select $"{hour.PadLeft(2, '0')}:{minute.PadLeft(2, '0')}";
        return string.Join(", ", times);
    }

    /// <summary>A list of numbers or names, with ranges: <c>MON to FRI</c>. Number 1 is the first of the names.</summary>
    private static string? Listed(string field, string[]? names)
    {
        List<string> words = [];
        foreach (var part in field.Split(','))
        {
            var ends = part.Split('-').Select(end => Named(end, names)).ToList();
            if (ends.Count > 2 || ends.Contains(null))
                return null;
            words.Add(string.Join(" to ", ends));
        }
        return string.Join(", ", words);
    }

    private static string? Named(string text, string[]? names)
    {
        if (names is null)
            return IsNumber(text) ? text : null;
        if (Array.Find(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known)
            return known;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= names.Length
            ? names[number - 1]
            : null;
    }

    private static bool IsAny(string field) => field is "*" or "?";

    private static bool IsNumber(string text) => text.Length is > 0 and <= 4 && text.All(char.IsAsciiDigit);
}
