using System.Text.Json;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

internal sealed class ListCodec<TElement> : JsonCodec<ValueList<TElement>> where TElement : class
{
    /// <summary>Elements after which a function to write them pays: it takes milliseconds to make, and saves less than a tenth of a microsecond with each.</summary>
    private const int Many = 10_000;

    private readonly JsonCodec<TElement> _element = JsonCodecs.Of<TElement>();

    private Action<JsonText, JsonPrefix, TElement>? _writeElement;
    private int _written;

    public override Type TypeOfElements => typeof(TElement);

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
        if (_writeElement is { } write)
        {
            foreach (var element in value)
                write(text, JsonPrefix.Comma, element);
        }
        else
        {
            AppendFirst(text, value);
        }
        text.End(begin, '[', ']');
    }

    private void AppendFirst(JsonText text, ValueList<TElement> value)
    {
        foreach (var element in value)
        {
            if (element is null)
                text.AppendNull(JsonPrefix.Comma);
            else
                _element.Append(text, JsonPrefix.Comma, element);
        }
        if (_written < Many && (_written += value.Count) >= Many)
            _writeElement = RecordWriter.Make<TElement>();
    }
}

internal sealed class MapCodec<TElement> : JsonCodec<IReadOnlyDictionary<string, TElement>> where TElement : class
{
    private readonly JsonCodec<TElement> _element = JsonCodecs.Of<TElement>();

    public override Type TypeOfValues => typeof(TElement);

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
    public override Type TypeOfValues => typeof(string);

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
            pairs[name] = reader.TokenType == JsonTokenType.Null ? null! : JsonValues.TextInMap(ref reader, options.NumberHandling);
        }
        return map;
    }

    public override void Append(JsonText text, JsonPrefix before, ValueMap value) => text.Append(before, value);
}
