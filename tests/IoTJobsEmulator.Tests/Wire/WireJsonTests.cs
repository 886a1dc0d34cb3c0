using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Tests.Wire;

/// <summary>Numbers, times and names as clients expect them.</summary>
public sealed class WireJsonTests
{
    [Theory]
    [InlineData(1_560_787_022_733, "1560787022.733")]
    [InlineData(1_560_787_022_700, "1560787022.7")]
    [InlineData(1_560_787_022_000, "1560787022")]
    [InlineData(5, "0.005")]
    [InlineData(-1_500, "-1.5")]
    public void A_moment_is_seconds_with_a_fraction_to_milliseconds(long milliseconds, string json)
    {
        Assert.Equal(json, Written(new Moment(milliseconds)));
        Assert.Equal(new Moment(milliseconds), Read<Moment>(json));
    }

    [Theory]
    [InlineData(50, "50.0")]
    [InlineData(1.1, "1.1")]
    [InlineData(0, "0.0")]
    [InlineData(100.25, "100.25")]
    [InlineData(1e300, "1E+300")]
    public void A_double_has_a_point(double number, string json) => Assert.Equal(json, Written(number));

    [Fact]
    public void What_is_unset_is_left_out() => Assert.Equal("{}", Written(new TimeoutConfig()));

    [Fact]
    public void A_name_of_an_enum_is_read_as_text_whatever_it_is()
    {
        Assert.Equal("QUEUED", Read<EnumText<JobExecutionStatus>>("\"QUEUED\"").Text);
        Assert.False(Read<EnumText<JobExecutionStatus>>("\"queued\"").IsDefined);
        Assert.Throws<JsonException>(() => Read<EnumText<JobExecutionStatus>>("1"));
        Assert.Equal("\"TIMED_OUT\"", Written<EnumText<JobExecutionStatus>>(JobExecutionStatus.TIMED_OUT));
        Assert.Equal("\"TIMED_OUT\"", Written(JobExecutionStatus.TIMED_OUT));
    }

    [Theory]
    [InlineData("{\"criteriaList\":[{\"numberOfRetries\":\"1\"}]}")]
    [InlineData("{\"criteriaList\":[{\"numberOfRetries\":1.0}]}")]
    [InlineData("{\"criteriaList\":[{\"numberOfRetries\":true}]}")]
    [InlineData("{\"criteriaList\":{}}")]
    public void Numbers_are_numbers_and_lists_are_lists(string json) => Assert.Throws<JsonException>(() => Read<RetryConfig>(json));

    [Fact]
    public void Members_have_exactly_their_names() => Assert.Null(Read<TimeoutConfig>("{\"InProgressTimeoutInMinutes\":1}").InProgressTimeoutInMinutes);

    private static string Written<T>(T value) => JsonSerializer.Serialize(value, WireJson.Options);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, WireJson.Options)!;
}
