using static IoTJobsEmulator.Core.Jobs.TargetSelection;

namespace IoTJobsEmulator.Core.Tests.Jobs;

/// <summary>The limits of a schedule, at noon of the first day. Source: the developer guide, "Job scheduling".</summary>
public sealed class SchedulingConfigTests
{
    private readonly TestRealm _test = new();

    private static readonly Moment Noon = At("12:00");

    [Fact]
    public void A_job_has_only_so_many_windows()
    {
        Many(MaintenanceWindow.MaxPerJob).Check(CONTINUOUS, Noon);
        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "MaintenanceWindows is invalid. A job can have at most 25 maintenance windows.",
            () => Many(MaintenanceWindow.MaxPerJob + 1).Check(CONTINUOUS, Noon));

        static SchedulingConfig Many(int number) =>
            new() { MaintenanceWindows = new(Enumerable.Repeat(new MaintenanceWindow { StartTime = "cron(0 2 * * ? *)", DurationInMinutes = 60 }, number)) };
    }

    [Theory]
    [InlineData("2026-01-01 12:30", null)]
    [InlineData("2027-01-01 12:00", null)]
    [InlineData(null, "2026-01-01 12:30")]
    [InlineData(null, "2028-01-01 12:00")]
    [InlineData("2026-01-01 12:30", "2026-01-01 13:00")]
    [InlineData("2027-01-01 12:00", "2028-01-01 12:00")]
    [InlineData(null, null)]
    public void A_schedule_within_the_limits_is_taken(string? start, string? end)
    {
        Scheduled(start, end).Check(SNAPSHOT, Noon);
        Scheduled(start, end).Check(CONTINUOUS, Noon);
    }

    [Theory]
    [InlineData("2026-01-01 12:29", null, "StartTime 2026-01-01 12:29 must be at least 30 minutes from now.")]
    [InlineData("2025-12-31 12:00", null, "StartTime 2025-12-31 12:00 must be at least 30 minutes from now.")]
    [InlineData("2027-01-01 12:01", null, "StartTime 2027-01-01 12:01 must be at most 365 days from now.")]
    [InlineData(null, "2026-01-01 12:29", "EndTime 2026-01-01 12:29 must be at least 30 minutes from now.")]
    [InlineData(null, "2028-01-01 12:01", "EndTime 2028-01-01 12:01 must be at most 730 days from now.")]
    [InlineData("2026-01-02 12:00", "2026-01-02 12:29", "EndTime 2026-01-02 12:29 must be at least 30 minutes after StartTime 2026-01-02 12:00.")]
    [InlineData("2026-01-02 12:00", "2026-01-01 13:00", "EndTime 2026-01-01 13:00 must be at least 30 minutes after StartTime 2026-01-02 12:00.")]
    [InlineData("2026-01-01T12:29", null, "StartTime 2026-01-01T12:29 must be at least 30 minutes from now.")]
    [InlineData("2026-01-01T14:29+02:00", null, "StartTime 2026-01-01T14:29+02:00 must be at least 30 minutes from now.")]
    [InlineData("2026-01-02", null, "StartTime 2026-01-02 is invalid. Provide it as YYYY-MM-DD HH:MM in UTC.")]
    [InlineData("2026-01-02_12:00", null, "StartTime 2026-01-02_12:00 is invalid. Provide it as YYYY-MM-DD HH:MM in UTC.")]
    [InlineData("2026-01-02T12:00 Z", null, "StartTime 2026-01-02T12:00 Z is invalid. Provide it as YYYY-MM-DD HH:MM in UTC.")]
    [InlineData("2026-01-02T12:00+25:00", null, "StartTime 2026-01-02T12:00+25:00 is invalid. Provide it as YYYY-MM-DD HH:MM in UTC.")]
    [InlineData("2026-02-30 12:00", null, "StartTime 2026-02-30 12:00 is invalid. Provide it as YYYY-MM-DD HH:MM in UTC.")]
    [InlineData(null, "tomorrow", "EndTime tomorrow is invalid. Provide it as YYYY-MM-DD HH:MM in UTC.")]
    [InlineData(null, "2026-1-2 12:00", "EndTime 2026-1-2 12:00 is invalid. Provide it as YYYY-MM-DD HH:MM in UTC.")]
    public void A_time_outside_the_limits_is_refused_and_its_member_named(string? start, string? end, string message) =>
        _test.AssertRefused(ServiceError.InvalidRequest, message, () => Scheduled(start, end).Check(SNAPSHOT, Noon));

    [Fact]
    public void An_end_behavior_needs_an_end()
    {
        Scheduled(end: "2026-01-02 12:00", behavior: JobEndBehavior.CANCEL).Check(SNAPSHOT, Noon);

        _test.AssertRefused(ServiceError.InvalidRequest, "EndBehavior can only be specified with EndTime.", () => Scheduled(behavior: JobEndBehavior.CANCEL).Check(SNAPSHOT, Noon));
    }

    [Fact]
    public void Maintenance_windows_are_for_continuous_jobs()
    {
        Windows("0 2 * * ? *", 60).Check(CONTINUOUS, Noon);
        Windows("0 2 * * ? *", 60, start: "2026-01-02 12:00", end: "2026-02-02 12:00").Check(CONTINUOUS, Noon);

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "TargetSelection is invalid. MaintenanceWindow cannot be used with SNAPSHOT job.",
            () => Windows("0 2 * * ? *", 60).Check(SNAPSHOT, Noon));
    }

    [Fact]
    public void Each_of_several_windows_must_be_readable()
    {
        var windows = Windows("0 2 * * ? *", 60);
        windows = windows with { MaintenanceWindows = new([.. windows.MaintenanceWindows!, new() { StartTime = "daily", DurationInMinutes = 5 }]) };

        _test.AssertRefused(
            ServiceError.InvalidRequest,
            "MaintenanceWindow startTime daily is invalid. Provide it as cron(minutes hours day-of-month month day-of-week year).",
            () => windows.Check(CONTINUOUS, Noon));
    }

    [Theory]
    [InlineData("2026-03-04T05:06", "2026-03-04 05:06")]
    [InlineData("2026-03-04 05:06", "2026-03-04 05:06")]
    [InlineData("2026-03-04T05:06:07", "2026-03-04 05:06:07")]
    [InlineData("2026-03-04 05:06:07", "2026-03-04 05:06:07")]
    [InlineData("2026-03-04T05:06Z", "2026-03-04 05:06")]
    [InlineData("2026-03-04T05:06:07Z", "2026-03-04 05:06:07")]
    [InlineData("2026-03-04T05:06:07.5Z", "2026-03-04 05:06:07.5")]
    [InlineData("2026-03-04T05:06:07.123456Z", "2026-03-04 05:06:07.123")]
    [InlineData("2026-03-04T05:06:07.250", "2026-03-04 05:06:07.25")]
    [InlineData("2026-03-04T05:06:07.250123456Z", "2026-03-04 05:06:07.25")]
    [InlineData("2026-03-04T05:06+02:00", "2026-03-04 03:06")]
    [InlineData("2026-03-04 05:06:07-05:30", "2026-03-04 10:36:07")]
    [InlineData("2026-03-04T05:06:07.5+00:00", "2026-03-04 05:06:07.5")]
    public void A_time_may_have_seconds_a_fraction_and_an_offset(string text, string utc) => Assert.Equal(At(utc), SchedulingConfig.Parse(text));

    [Fact]
    public void A_time_reads_as_it_was_written()
    {
        Assert.Equal("2026-03-04 05:06", SchedulingConfig.Format(At("2026-03-04 05:06")));
        Assert.Null(SchedulingConfig.Parse(null));
    }
}
