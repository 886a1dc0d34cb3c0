using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

internal sealed class TextCodec : JsonCodec<string>
{
    public override string Read(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException();

    public override void Append(JsonText text, JsonPrefix before, string value) => text.Append(before, value);
}

internal sealed class ArnCodec : JsonCodec<ArnText>
{
    public override ArnText Read(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException();

    public override void Append(JsonText text, JsonPrefix before, ArnText value) => text.Append(before, value);
}

/// <summary>Reads any text. Whether it is the name of a member is checked with all other constraints.</summary>
internal sealed class EnumCodec<TText> : JsonCodec<TText> where TText : class, IEnumText
{
    private readonly Func<string, IFormatProvider?, TText> _parse =
        typeof(TText).GetMethod(nameof(IParsable<>.Parse), [typeof(string), typeof(IFormatProvider)])!.CreateDelegate<Func<string, IFormatProvider?, TText>>();

    public override TText Read(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? _parse(reader.GetString()!, null) : throw new JsonException();

    public override void Append(JsonText text, JsonPrefix before, TText value) => text.Append(before, value);
}

internal sealed class BooleanCodec : JsonCodec<bool>
{
    public override bool Read(ref Utf8JsonReader reader, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new JsonException(),
    };

    public override void Append(JsonText text, JsonPrefix before, bool value) => text.Append(before, value);
}

/// <param name="handling">Whether the number may be written as text; null where the options say it.</param>
internal sealed class IntegerCodec(JsonNumberHandling? handling) : JsonCodec<int>
{
    public override int Read(ref Utf8JsonReader reader, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt32(out var number) => number,
        JsonTokenType.String when IntegerText.IsAllowed(handling ?? options.NumberHandling) && IntegerText.Parse(ref reader) is >= int.MinValue and <= int.MaxValue and var number =>
            (int)number,
        _ => throw new JsonException(),
    };

    public override void Append(JsonText text, JsonPrefix before, int value) => text.Append(before, value);
}

/// <inheritdoc cref="IntegerCodec"/>
internal sealed class LongCodec(JsonNumberHandling? handling) : JsonCodec<long>
{
    public override long Read(ref Utf8JsonReader reader, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
        JsonTokenType.String when IntegerText.IsAllowed(handling ?? options.NumberHandling) && IntegerText.Parse(ref reader) is { } number => number,
        _ => throw new JsonException(),
    };

    public override void Append(JsonText text, JsonPrefix before, long value) => text.Append(before, value);
}

/// <summary>Integers that are written as text.</summary>
internal static class IntegerText
{
    public static bool IsAllowed(JsonNumberHandling handling) => (handling & JsonNumberHandling.AllowReadingFromString) != 0;

    /// <summary>The integer in the text at which a reader stands; null when it is none.</summary>
    public static long? Parse(ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetBytes(reader.GetString()!);
        return Utf8Parser.TryParse(text, out long number, out var length) && length == text.Length ? number : null;
    }
}

internal sealed class DoubleCodec : JsonCodec<double>
{
    public override double Read(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : throw new JsonException();

    public override void Append(JsonText text, JsonPrefix before, double value) => text.Append(before, value);
}

internal sealed class MomentCodec : JsonCodec<Moment>
{
    public override Moment Read(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? new((long)Math.Round(reader.GetDouble() * 1000)) : throw new JsonException();

    public override void Append(JsonText text, JsonPrefix before, Moment value) => text.Append(before, value);
}
