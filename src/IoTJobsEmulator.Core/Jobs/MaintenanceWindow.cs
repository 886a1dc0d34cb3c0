using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>A recurring window in which a job's executions are rolled out. Source: API_MaintenanceWindow; the developer guide, "Recurring maintenance windows".</summary>
public sealed record MaintenanceWindow : IStructure
{
    /// <summary>
    /// The most windows of a job or template; AWS documents no limit. One for each day of the week at three times are 21, and one
    /// expression may name many times. Each is read when a window opens or closes and when the job is described.
    /// </summary>
    public const int MaxPerJob = 25;

    private const string Prefix = "cron(", Suffix = ")";

    /// <summary>What the guide's table allows in each field besides numbers: the library takes more.</summary>
    private static readonly string[] Wildcards = [",-*/", ",-*/", ",-*?/LW", ",-*/", ",-*?L#", ",-*/"];

    private const int Month = 3, DayOfWeek = 4;

    /// <summary>A cron expression of six fields, in UTC: <c>cron(minutes hours day-of-month month day-of-week year)</c>.</summary>
    [Required, CronExpression] public string? StartTime { get; init; }

    /// <summary>In minutes, 1 to 1430 (23 hours 50 minutes).</summary>
    [Required, DurationInMinutes] public int? DurationInMinutes { get; init; }

    private TimeSpan Duration => TimeSpan.FromMinutes(DurationInMinutes!.Value);

    /// <summary>
    /// When a window that is open at a moment closes, or null when none is. Another window, or the next
    /// opening of the same one, may be open at that moment: the caller asks again then.
    /// </summary>
    public static Moment? OpenUntil(IEnumerable<MaintenanceWindow> windows, Moment now)
    {
        Moment? until = null;
        foreach (var window in windows)
        {
            if (window.OpeningAfter(now - window.Duration) is { } opening && opening <= now)
                until = Earlier(until, opening + window.Duration);
        }
        return until;
    }

    /// <summary>The first opening after a moment, or null when there is none any more.</summary>
    public static Moment? NextOpening(IEnumerable<MaintenanceWindow> windows, Moment now) => Openings(windows, now).Cast<Moment?>().FirstOrDefault();

    /// <summary>All openings after a moment, in order, each once.</summary>
    public static IEnumerable<Moment> Openings(IEnumerable<MaintenanceWindow> windows, Moment now)
    {
        var coming = new PriorityQueue<MaintenanceWindow, Moment>();
        foreach (var window in windows)
            AwaitNext(window, now);
        while (coming.TryPeek(out _, out var opening))
        {
            yield return opening;
            while (coming.TryPeek(out var window, out var same) && same == opening)
            {
                coming.Dequeue();
                AwaitNext(window, opening);
            }
        }

        void AwaitNext(MaintenanceWindow window, Moment after)
        {
            if (window.OpeningAfter(after) is { } next)
                coming.Enqueue(window, next);
        }
    }

    private static Moment? Earlier(Moment? a, Moment? b) => a is null || b < a ? b ?? a : a;

    /// <summary>Refuses more windows than <see cref="MaxPerJob"/>, and what is no cron expression. The service's texts for these are not public.</summary>
    public static void CheckAll(IReadOnlyList<MaintenanceWindow> windows)
    {
        if (windows.Count > MaxPerJob)
            throw ServiceError.InvalidRequest.Because($"MaintenanceWindows is invalid. A job can have at most {MaxPerJob} maintenance windows.");
        foreach (var window in windows)
            window.Check();
    }

    /// <summary>Refuses what is no cron expression.</summary>
    public void Check()
    {
        if (Fields() is null || !Quartz.CronExpression.IsValidExpression(Expression))
            throw ServiceError.InvalidRequest.Because($"MaintenanceWindow startTime {StartTime} is invalid. Provide it as cron(minutes hours day-of-month month day-of-week year).");
    }

    // The library expects seven fields, the first of which is the seconds.
    private string Expression => $"0 {Fields()}";

    private Moment? OpeningAfter(Moment moment) =>
        new Quartz.CronExpression(Expression) { TimeZone = TimeZoneInfo.Utc }.GetNextValidTimeAfter(moment.AsDateTimeOffset) is { } next ? Moment.Of(next) : null;

    private string? Fields()
    {
        var text = StartTime!;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || !text.EndsWith(Suffix, StringComparison.Ordinal))
            return null;
        var fields = text[Prefix.Length..^Suffix.Length].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == Wildcards.Length && fields.Index().All(field => IsAllowed(field.Index, field.Item)) ? string.Join(' ', fields) : null;
    }

    private static bool IsAllowed(int field, string text) => text.All(character =>
        char.IsAsciiDigit(character) || Wildcards[field].Contains(character) || (field is Month or DayOfWeek && char.IsAsciiLetter(character)));
}
