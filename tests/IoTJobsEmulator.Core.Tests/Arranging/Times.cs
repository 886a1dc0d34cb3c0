using System.Globalization;

namespace IoTJobsEmulator.Core.Tests.Arranging;

/// <summary>Moments and durations, in one word each.</summary>
internal static class Times
{
    public static TimeSpan Milliseconds(double number) => TimeSpan.FromMilliseconds(number);

    public static TimeSpan Seconds(double number) => TimeSpan.FromSeconds(number);

    public static TimeSpan Minutes(double number) => TimeSpan.FromMinutes(number);

    public static TimeSpan Hours(double number) => TimeSpan.FromHours(number);

    public static TimeSpan Days(double number) => TimeSpan.FromDays(number);

    /// <summary>A moment in UTC: <c>12:05</c> is on the first day, <c>2026-01-02 12:05</c> on whatever day.</summary>
    public static Moment At(string time) => Moment.Of(DateTimeOffset.Parse(
        time.Contains('-', StringComparison.Ordinal) ? time : $"2026-01-01 {time}", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
}
