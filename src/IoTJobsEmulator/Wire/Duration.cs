using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Wire;

/// <summary>A duration as users write it: a number of seconds, or with a unit: <c>500ms</c>, <c>90s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct Duration(TimeSpan Span)
{
    public const string Forms = "a number of seconds, or 500ms, 90s, 15m, 24h, 7d";

    private static readonly (string Unit, long Milliseconds)[] Units =
        [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <summary>About a century.</summary>
    private const long LongestMilliseconds = 36_600 * 86_400_000L;

    public static bool TryRead(string text, out Duration duration)
    {
        duration = default;
        var digits = text.AsSpan().TrimEnd("dhms");
        var unit = text[digits.Length..];
        var factor = unit.Length == 0 ? 1000 : Units.FirstOrDefault(known => known.Unit == unit).Milliseconds;
        if (factor == 0 || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        if (number > LongestMilliseconds / factor)
            return false;
        duration = new(TimeSpan.FromMilliseconds((long)Math.Round(number * factor)));
        return true;
    }

    /// <summary>Writes the duration in the largest unit that gives a whole number.</summary>
    public override string ToString()
    {
        var milliseconds = (long)Span.TotalMilliseconds;
        var (unit, factor) = milliseconds == 0 ? Units[1] : Units.Last(known => milliseconds % known.Milliseconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / factor}{unit}");
    }

    private sealed class Converter : JsonConverter<Duration>
    {
        public override Duration Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var text = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Number => reader.TryGetDecimal(out var seconds) ? seconds.ToString(CultureInfo.InvariantCulture) : "",
                _ => "",
            };
            return TryRead(text, out var duration) ? duration : throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
