using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

/// <summary>Reads the value at which a reader stands.</summary>
/// <exception cref="JsonException">It is of another kind.</exception>
internal static class JsonValues
{
    public static string Text(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException();

    /// <summary>A text in a map of texts. Where numbers may be written as text, it may be written as a number or boolean, of which the JSON text is kept.</summary>
    public static string TextInMap(ref Utf8JsonReader reader, JsonNumberHandling handling) =>
        reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False && MayBeText(handling) ? Encoding.UTF8.GetString(reader.ValueSpan) : Text(ref reader);

    /// <summary>A boolean. Where numbers may be written as text, so may it.</summary>
    public static bool Boolean(ref Utf8JsonReader reader, JsonNumberHandling handling) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String when MayBeText(handling) && reader.ValueTextEquals("true"u8) => true,
        JsonTokenType.String when MayBeText(handling) && reader.ValueTextEquals("false"u8) => false,
        _ => throw new JsonException(),
    };

    public static int Int32(ref Utf8JsonReader reader, JsonNumberHandling handling) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt32(out var number) => number,
        JsonTokenType.String when MayBeText(handling) && Integer(ref reader) is >= int.MinValue and <= int.MaxValue and var number => (int)number,
        _ => throw new JsonException(),
    };

    public static long Int64(ref Utf8JsonReader reader, JsonNumberHandling handling) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
        JsonTokenType.String when MayBeText(handling) && Integer(ref reader) is { } number => number,
        _ => throw new JsonException(),
    };

    public static double Double(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : throw new JsonException();

    /// <summary>A moment in seconds since the epoch.</summary>
    public static Moment Moment(ref Utf8JsonReader reader) => new((long)Math.Round(Double(ref reader) * 1000));

    private static bool MayBeText(JsonNumberHandling handling) => (handling & JsonNumberHandling.AllowReadingFromString) != 0;

    private static long? Integer(ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetBytes(reader.GetString()!);
        return Utf8Parser.TryParse(text, out long number, out var length) && length == text.Length ? number : null;
    }
}
