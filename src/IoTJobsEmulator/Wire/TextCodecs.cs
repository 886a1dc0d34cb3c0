using System.Text.Json;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

internal sealed class TextCodec : JsonCodec<string>
{
    public override string Read(ref Utf8JsonReader reader, JsonSerializerOptions options) => JsonValues.Text(ref reader);

    public override void Append(JsonText text, JsonPrefix before, string value) => text.Append(before, value);
}

/// <summary>Reads any text. Whether it is the name of a member is checked with all other constraints.</summary>
internal sealed class EnumCodec<TText> : JsonCodec<TText> where TText : class, IEnumText
{
    private readonly Func<string, IFormatProvider?, TText> _parse =
        typeof(TText).GetMethod(nameof(IParsable<>.Parse), [typeof(string), typeof(IFormatProvider)])!.CreateDelegate<Func<string, IFormatProvider?, TText>>();

    public override TText Read(ref Utf8JsonReader reader, JsonSerializerOptions options) => _parse(JsonValues.Text(ref reader), null);

    public override void Append(JsonText text, JsonPrefix before, TText value) => text.Append(before, value);
}
