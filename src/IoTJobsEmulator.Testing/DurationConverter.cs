using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Testing;

/// <summary>Durations as the emulator writes them: <c>500ms</c>, <c>90s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>. Its resolution is a millisecond.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    public static string Text(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Ceiling(duration.TotalMilliseconds)}ms");

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString()!;
        var number = text.TrimEnd('d', 'h', 'm', 's');
        var unit = Array.Find(Units, known => known.Unit == text[number.Length..]);
        return unit.Unit is not null && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count * unit.Length : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));
}
