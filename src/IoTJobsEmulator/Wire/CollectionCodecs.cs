using System.Text.Json;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

internal sealed class ListCodec<TElement> : JsonCodec<ValueList<TElement>> where TElement : class
{
    private readonly JsonCodec<TElement> _element = JsonCodecs.Of<TElement>();

    public override ValueList<TElement> Read(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException();
        List<TElement> elements = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            elements.Add(reader.TokenType == JsonTokenType.Null ? null! : _element.Read(ref reader, options));
        return ValueList<TElement>.Wrap(elements);
    }

    public override void Append(JsonText text, JsonPrefix before, ValueList<TElement> value)
    {
        var begin = text.Begin(before);
        foreach (var element in value)
        {
            if (element is null)
                text.AppendNull(JsonPrefix.Comma);
            else
                _element.Append(text, JsonPrefix.Comma, element);
        }
        text.End(begin, '[', ']');
    }
}

internal sealed class MapCodec<TElement> : JsonCodec<IReadOnlyDictionary<string, TElement>> where TElement : class
{
    private readonly JsonCodec<TElement> _element = JsonCodecs.Of<TElement>();

    public override IReadOnlyDictionary<string, TElement> Read(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        Dictionary<string, TElement> pairs = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            pairs[name] = reader.TokenType == JsonTokenType.Null ? null! : _element.Read(ref reader, options);
        }
        return pairs;
    }

    public override void Append(JsonText text, JsonPrefix before, IReadOnlyDictionary<string, TElement> value)
    {
        var begin = text.Begin(before);
        foreach (var (name, element) in value)
        {
            text.Append(JsonPrefix.Comma, name);
            if (element is null)
                text.AppendNull(JsonPrefix.Colon);
            else
                _element.Append(text, JsonPrefix.Colon, element);
        }
        text.End(begin, '{', '}');
    }
}

internal sealed class ValueMapCodec : JsonCodec<ValueMap>
{
    public override ValueMap Read(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        var map = new ValueMap();
        IDictionary<string, string> pairs = map;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            pairs[name] = reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString()! : throw new JsonException();
        }
        return map;
    }

    public override void Append(JsonText text, JsonPrefix before, ValueMap value) => text.Append(before, value);
}
