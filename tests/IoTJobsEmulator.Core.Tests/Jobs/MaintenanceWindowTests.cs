using System.Globalization;

namespace IoTJobsEmulator.Core.Tests.Jobs;

/// <summary>Source: the developer guide, "Recurring maintenance windows"; API_MaintenanceWindow.</summary>
public sealed class MaintenanceWindowTests
{
    private readonly TestRealm _test = new();

    private static string Text(Moment? moment) => moment?.AsDateTimeOffset.ToString("ddd yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "never";

    [Theory]
    [InlineData("0 2 ? * MON *", "Mon 2026-01-05 02:00:00", "Mon 2026-01-12 02:00:00")] // MiniStack's sample
    [InlineData("0 2 * * ? *", "Thu 2026-01-01 02:00:00", "Fri 2026-01-02 02:00:00")]
    [InlineData("30 18 ? * MON-FRI *", "Thu 2026-01-01 18:30:00", "Fri 2026-01-02 18:30:00")]
    [InlineData("0 0 ? * 1 *", "Sun 2026-01-04 00:00:00", "Sun 2026-01-11 00:00:00")]
    [InlineData("0 0 ? * SAT,SUN *", "Sat 2026-01-03 00:00:00", "Sun 2026-01-04 00:00:00")]
    [InlineData("0/15 * * * ? *", "Thu 2026-01-01 00:15:00", "Thu 2026-01-01 00:30:00")]
    [InlineData("*/20 1-2 * * ? *", "Thu 2026-01-01 01:00:00", "Thu 2026-01-01 01:20:00")]
    [InlineData("15,45 3 * * ? *", "Thu 2026-01-01 03:15:00", "Thu 2026-01-01 03:45:00")]
    [InlineData("0 4 1 * ? *", "Thu 2026-01-01 04:00:00", "Sun 2026-02-01 04:00:00")]
    [InlineData("0 4 L * ? *", "Sat 2026-01-31 04:00:00", "Sat 2026-02-28 04:00:00")]
    [InlineData("0 4 15W * ? *", "Thu 2026-01-15 04:00:00", "Mon 2026-02-16 04:00:00")]
    [InlineData("0 4 ? * 3#2 *", "Tue 2026-01-13 04:00:00", "Tue 2026-02-10 04:00:00")]
    [InlineData("0 4 ? * 6L *", "Fri 2026-01-30 04:00:00", "Fri 2026-02-27 04:00:00")]
    [InlineData("0 4 1 JAN-MAR ? 2027", "Fri 2027-01-01 04:00:00", "Mon 2027-02-01 04:00:00")]
    [InlineData("0 4 29 2 ? *", "Tue 2028-02-29 04:00:00", "Sun 2032-02-29 04:00:00")]
    [InlineData("0 4 1 1 ? 2026-2028/2", "Thu 2026-01-01 04:00:00", "Sat 2028-01-01 04:00:00")]
    [InlineData("0 4 1 1 ? 2026", "Thu 2026-01-01 04:00:00", "never")]
    [InlineData("0 4 1 1 ? 2025", "never", "never")]
    public void A_window_opens_at_the_times_of_its_expression(string cron, string first, string second)
    {
        MaintenanceWindow[] windows = [Window(cron)];

        var opening = MaintenanceWindow.NextOpening(windows, Start);
        Assert.Equal(first, Text(opening));
        if (opening is { } known)
            Assert.Equal(second, Text(MaintenanceWindow.NextOpening(windows, known)));
    }

    [Theory]
    [InlineData("0 2 ? * MON *")]
    [InlineData("0 0 1 1 ? 2199")]
    [InlineData("0-59/5,7 0-23 1,15,L JAN,FEB ? 1970-2199")]
    public void An_expression_of_the_guides_table_is_taken(string cron) => Window(cron).Check();

    [Theory]
    [InlineData("cron(0 2 * * ?)")]
    [InlineData("cron(0 0 2 * * ? *)")]
    [InlineData("0 2 * * ? *")]
    [InlineData("cron(0 2 * * ? *")]
    [InlineData("rate(1 day)")]
    [InlineData("2026/01/01 02:00")]
    [InlineData("cron()")]
    [InlineData("cron(60 2 * * ? *)")]
    [InlineData("cron(0 24 * * ? *)")]
    [InlineData("cron(0 2 32 * ? *)")]
    [InlineData("cron(0 2 0 * ? *)")]
    [InlineData("cron(0 2 * 13 ? *)")]
    [InlineData("cron(0 2 ? * 8 *)")]
    [InlineData("cron(0 2 ? * MOON *)")]
    [InlineData("cron(0 2 * * * *)")]
    [InlineData("cron(0 2 1 * MON *)")]
    [InlineData("cron(0 2 ? * ? *)")]
    [InlineData("cron(0 2 ? * 3#6 *)")]
    [InlineData("cron(0 2 ? * 3#1,5#2 *)")]
    [InlineData("cron(x 2 * * ? *)")]
    [InlineData("cron(? 2 * * ? *)")]
    [InlineData("cron(L 2 * * ? *)")]
    [InlineData("cron(0 2 * * ? x)")]
    public void Any_other_expression_is_refused(string startTime) => _test.AssertRefused(
        ServiceError.InvalidRequest,
        $"MaintenanceWindow startTime {startTime} is invalid. Provide it as cron(minutes hours day-of-month month day-of-week year).",
        new MaintenanceWindow { StartTime = startTime, DurationInMinutes = 60 }.Check);

    [Theory]
    [InlineData("01:59:59.999", null)]
    [InlineData("02:00", "03:00")]
    [InlineData("02:00:00.001", "03:00")]
    [InlineData("02:59:59.999", "03:00")]
    [InlineData("03:00", null)]
    public void It_is_open_from_its_start_for_its_duration(string now, string? until) =>
        Assert.Equal(until is null ? null : At(until), MaintenanceWindow.OpenUntil([Window("0 2 * * ? *")], At(now)));

    [Fact]
    public void A_window_may_go_on_over_midnight() =>
        Assert.Equal(At("2026-01-02 22:50"), MaintenanceWindow.OpenUntil([Window("0 23 * * ? *", minutes: 1430)], At("2026-01-02 12:00")));

    [Fact]
    public void Of_windows_that_overlap_one_after_the_other_closes()
    {
        MaintenanceWindow[] windows = [Window("0 2 * * ? *"), Window("30 2 * * ? *")];

        Assert.Equal(At("03:00"), MaintenanceWindow.OpenUntil(windows, At("02:45")));
        Assert.Equal(At("03:30"), MaintenanceWindow.OpenUntil(windows, At("03:00")));
        Assert.Null(MaintenanceWindow.OpenUntil(windows, At("03:30")));
    }

    [Fact]
    public void A_window_longer_than_its_period_is_never_found_closed()
    {
        MaintenanceWindow[] windows = [Window("0 * * * ? *", minutes: 90)];
        var (closing, asked) = (At("01:10"), 0);
        for (; closing < At("2026-01-03 00:00"); asked++)
        {
            var next = MaintenanceWindow.OpenUntil(windows, closing);
            Assert.True(next > closing);
            closing = next!.Value;
        }
        Assert.InRange(asked, 40, 100);
    }

    [Fact]
    public void A_window_as_long_as_its_period_closes_and_opens_anew_at_one_moment() =>
        Assert.Equal(At("03:00"), MaintenanceWindow.OpenUntil([Window("0 * * * ? *", minutes: 60)], At("02:00")));

    [Fact]
    public void The_openings_of_several_windows_are_one_list_each_moment_once() =>
        Assert.Equal(
            ["Thu 2026-01-01 02:00:00", "Thu 2026-01-01 14:00:00", "Fri 2026-01-02 02:00:00", "Fri 2026-01-02 14:00:00", "Sat 2026-01-03 02:00:00"],
            MaintenanceWindow.Openings([Window("0 2,14 * * ? *"), Window("0 2 * * ? *", minutes: 30)], Start).Take(5).Select(opening => Text(opening)));

    [Fact]
    public void The_openings_end_with_the_last_year() =>
        Assert.Equal(["Wed 2026-12-30 04:00:00", "Thu 2026-12-31 04:00:00"], MaintenanceWindow.Openings([Window("0 4 30,31 12 ? 2026")], Start).Select(opening => Text(opening)));

    [Fact]
    public void Without_windows_none_is_open_and_none_opens()
    {
        Assert.Null(MaintenanceWindow.OpenUntil([], Start));
        Assert.Empty(MaintenanceWindow.Openings([], Start));
    }
}
