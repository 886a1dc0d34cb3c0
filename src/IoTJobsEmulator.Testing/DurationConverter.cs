using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Testing;

/// <summary>Durations as the emulator reads and writes them. Its resolution is a millisecond.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public const string Forms = "a number of seconds, or 500ms, 90s, 15m, 24h, 7d";

    private static readonly (string Unit, long Milliseconds)[] Units = [("", 1000), ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    public static string Text(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Ceiling(duration.TotalMilliseconds)}ms");

    public static bool TryRead(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.TrimEnd('d', 'h', 'm', 's');
        var factor = Units.FirstOrDefault(known => known.Unit == text[digits.Length..]).Milliseconds;
        if (factor == 0 || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        if (number > (decimal)TimeSpan.MaxValue.TotalMilliseconds / factor)
            return false;
        duration = TimeSpan.FromMilliseconds((double)Math.Round(number * factor));
        return true;
    }

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryRead(reader.GetString()!, out var duration) ? duration : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));
}
