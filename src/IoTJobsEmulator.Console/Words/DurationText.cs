using System.Globalization;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>A duration as users type it: <c>90s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>, <c>500ms</c>, or a number of seconds.</summary>
public static class DurationText
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("min", 60), ("m", 60), ("h", 3600), ("d", 86_400)];

    private const double LongestSeconds = 36_600d * 86_400;

    public static bool TryRead(string text, out TimeSpan duration)
    {
        duration = default;
        var given = text.Trim();
        var number = given.TrimEnd([.. "dhimns "]);
        var unit = given[number.Length..].Trim();
        var seconds = unit.Length == 0 ? 1 : Array.Find(Units, known => known.Unit == unit).Seconds;
        if (seconds == 0 || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value * seconds > LongestSeconds)
            return false;
        duration = TimeSpan.FromMilliseconds(Math.Round(value * seconds * 1000));
        return true;
    }
}
