using IoTJobsEmulator.Wire;


namespace IoTJobsEmulator.Tests.Wire;

/// <summary>Durations as users write them.</summary>
public sealed class DurationTests
{
    [Theory]
    [InlineData("0", 0, "0s")]
    [InlineData("2", 2, "2s")]
    [InlineData("0.5", 0.5, "500ms")]
    [InlineData("500ms", 0.5, "500ms")]
    [InlineData("90s", 90, "90s")]
    [InlineData("1.5m", 90, "90s")]
    [InlineData("15m", 900, "15m")]
    [InlineData("24h", 86_400, "1d")]
    [InlineData("7d", 604_800, "7d")]
    public void A_duration_is_a_number_of_seconds_or_has_a_unit(string text, double seconds, string written)
    {
        Assert.True(Duration.TryRead(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration.Span);
        Assert.Equal(written, duration.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1 s")]
    [InlineData(" 1")]
    [InlineData("1w")]
    [InlineData("1sm")]
    [InlineData("1S")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("NaN")]
    [InlineData("99999999999d")]
    public void Anything_else_is_none(string text) => Assert.False(Duration.TryRead(text, out _));
}
