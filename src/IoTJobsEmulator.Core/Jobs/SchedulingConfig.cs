using System.Globalization;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>When a job starts and ends, and in which windows it goes on. Source: API_SchedulingConfig.</summary>
public sealed record SchedulingConfig : IStructure
{
    /// <summary>
    /// <c>YYYY-MM-DDTHH:MM</c>, 30 minutes to one year ahead. Seconds, a fraction and <c>Z</c> or an offset may follow; without one it is
    /// UTC. A space may stand for the <c>T</c>.
    /// </summary>
    [StringDateTime] public string? StartTime { get; init; }

    /// <summary>Written as the start; 30 minutes to two years ahead, and at least 30 minutes after the start.</summary>
    [StringDateTime] public string? EndTime { get; init; }

    /// <summary>Only with an end. STOP_ROLLOUT when not given.</summary>
    public EnumText<JobEndBehavior>? EndBehavior { get; init; }

    public ValueList<MaintenanceWindow>? MaintenanceWindows { get; init; }

    private const string ShownFormat = "yyyy-MM-dd HH:mm";

    // The reference gives the date and the time with a space between them and points to ISO 8601, which has a T there. Samples use both.
    private static readonly string[] TimeFormats =
    [
        .. from separator in (string[])["'T'", "' '"]
           from seconds in (string[])["", ":ss", ":ss.FFFFFFF"]
           select $"yyyy-MM-dd{separator}HH:mm{seconds}K",
    ];

    private static readonly TimeSpan Lead = TimeSpan.FromMinutes(30), LongestLeadOfStart = TimeSpan.FromDays(365), LongestLeadOfEnd = TimeSpan.FromDays(2 * 365);

    /// <summary>The moment of a start or end.</summary>
    public static Moment? Parse(string? text) =>
        text is not null
        && DateTimeOffset.TryParseExact(
            TruncateToTicks(text), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Moment.Of(time)
            : null;

    /// <summary>A moment as it reads in a schedule.</summary>
    public static string Format(Moment moment) => moment.AsDateTimeOffset.ToString(ShownFormat, CultureInfo.InvariantCulture);

    /// <summary>Refuses what the service refuses beyond the shape. Its texts for these are not public.</summary>
    public void Check(TargetSelection selection, Moment now)
    {
        if (MaintenanceWindows is { Count: > 0 } windows)
        {
            if (selection != TargetSelection.CONTINUOUS)
                throw ServiceError.InvalidRequest.Because("TargetSelection is invalid. MaintenanceWindow cannot be used with SNAPSHOT job.");
            MaintenanceWindow.CheckAll(windows);
        }
        var start = Check(nameof(StartTime), StartTime, now, LongestLeadOfStart);
        var end = Check(nameof(EndTime), EndTime, now, LongestLeadOfEnd);
        if (end - (start ?? now) < Lead)
            throw ServiceError.InvalidRequest.Because($"EndTime {EndTime} must be at least {Lead.TotalMinutes} minutes after StartTime {StartTime}.");
        if (EndBehavior is not null && EndTime is null)
            throw ServiceError.InvalidRequest.Because("EndBehavior can only be specified with EndTime.");
    }

    /// <summary>Cuts the digits of a fraction that .NET does not read: some clients write nanoseconds.</summary>
    private static string TruncateToTicks(string text)
    {
        const int Ticks = 7, Nanoseconds = 9;
        var fraction = text.IndexOf('.', StringComparison.Ordinal) + 1;
        if (fraction == 0)
            return text;
        var end = text.AsSpan(fraction).IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? text.Length - fraction : end;
        return digits is > Ticks and <= Nanoseconds ? text.Remove(fraction + Ticks, digits - Ticks) : text;
    }

    private static Moment? Check(string member, string? text, Moment now, TimeSpan longestLead)
    {
        if (text is null)
            return null;
        if (Parse(text) is not { } moment)
            throw ServiceError.InvalidRequest.Because($"{member} {text} is invalid. Provide it as YYYY-MM-DD HH:MM in UTC.");
        if (moment - now < Lead)
            throw ServiceError.InvalidRequest.Because($"{member} {text} must be at least {Lead.TotalMinutes} minutes from now.");
        if (moment - now > longestLead)
            throw ServiceError.InvalidRequest.Because($"{member} {text} must be at most {longestLead.TotalDays} days from now.");
        return moment;
    }
}

/// <summary>What becomes of open executions when a job ends.</summary>
public enum JobEndBehavior
{
    STOP_ROLLOUT,
    CANCEL,
    FORCE_CANCEL,
}
