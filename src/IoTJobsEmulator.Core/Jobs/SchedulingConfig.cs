using System.Globalization;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Core.Jobs;

/// <summary>When a job starts and ends, and in which windows it goes on. Source: API_SchedulingConfig.</summary>
public sealed record SchedulingConfig : IStructure
{
    /// <summary><c>YYYY-MM-DD HH:MM</c>, UTC; 30 minutes to one year ahead.</summary>
    [StringDateTime] public string? StartTime { get; init; }

    /// <summary><c>YYYY-MM-DD HH:MM</c>, UTC; 30 minutes to two years ahead, and at least 30 minutes after the start.</summary>
    [StringDateTime] public string? EndTime { get; init; }

    /// <summary>Only with an end. STOP_ROLLOUT when not given.</summary>
    public EnumText<JobEndBehavior>? EndBehavior { get; init; }

    public ValueList<MaintenanceWindow>? MaintenanceWindows { get; init; }

    /// <summary>The moment of a start or end, or null when the text is not of the form.</summary>
    public static Moment? Read(string text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Moment.Of(time)
            : null;
}

/// <summary>What becomes of open executions when a job ends.</summary>
public enum JobEndBehavior
{
    STOP_ROLLOUT,
    CANCEL,
    FORCE_CANCEL,
}

/// <summary>A window that opens again and again. Source: API_MaintenanceWindow.</summary>
public sealed record MaintenanceWindow : IStructure
{
    /// <summary>A cron expression of six fields, in UTC, wrapped in <c>cron(...)</c>.</summary>
    [Required, CronExpression] public string? StartTime { get; init; }

    /// <summary>In minutes, 1 to 1430 (23 hours 50 minutes).</summary>
    [Required, DurationInMinutes] public int? DurationInMinutes { get; init; }
}
