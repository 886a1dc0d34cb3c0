using System.Globalization;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>Moments and durations as they are read, in UTC.</summary>
public static class Times
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
        [("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("min", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1))];

    /// <summary>The day: <c>2026-01-31</c>.</summary>
    public static string Day(Moment moment) => Format(moment, "yyyy-MM-dd");

    /// <summary>To the second: <c>2026-01-31 14:05:09 UTC</c>.</summary>
    public static string Second(Moment moment) => Format(moment, "yyyy-MM-dd HH:mm:ss 'UTC'");

    /// <summary>To the millisecond: <c>2026-01-31 14:05:09.123 UTC</c>.</summary>
    public static string Exact(Moment moment) => Format(moment, "yyyy-MM-dd HH:mm:ss.fff 'UTC'");

    /// <summary>The time of the day, with the date when it is another day than the reference.</summary>
    public static string TimeOfDay(Moment moment, Moment reference) =>
        Format(moment, moment.AsDateTimeOffset.Date == reference.AsDateTimeOffset.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm");

    /// <summary>How a moment lies to now: <c>12 s ago</c>, <c>in 3 min 5 s</c>, <c>now</c>.</summary>
    public static string Relative(Moment moment, Moment now)
    {
        var distance = moment - now;
        if (distance.Duration() < TimeSpan.FromSeconds(1))
            return "now";
        return distance > TimeSpan.Zero ? $"in {Length(distance)}" : $"{Length(distance.Negate())} ago";
    }

    /// <summary>A duration in its two largest units: <c>2 d 4 h</c>, <c>1 min 30 s</c>, <c>350 ms</c>.</summary>
    public static string Length(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
            return string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalMilliseconds} ms");
        var first = Array.FindIndex(Units, unit => duration >= unit.Length);
        var (unit, length) = Units[first];
        var text = string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks} {unit}");
        if (first + 1 == Units.Length)
            return text;
        var (smaller, small) = Units[first + 1];
        var rest = duration.Ticks % length.Ticks / small.Ticks;
        return rest == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text} {rest} {smaller}");
    }

    private static string Format(Moment moment, string format) => moment.AsDateTimeOffset.ToString(format, CultureInfo.InvariantCulture);
}
