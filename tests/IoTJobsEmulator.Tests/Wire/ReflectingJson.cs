using System.Text.Json;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Tests.Wire;

/// <summary>JSON as System.Text.Json has it by reflection, with which codecs are compared. What is no structure and has a codec has a converter here.</summary>
internal static class ReflectingJson
{
    public static JsonSerializerOptions Options { get; } = Of(WireJson.Options);

    public static JsonSerializerOptions Of(JsonSerializerOptions withCodecs)
    {
        var options = new JsonSerializerOptions(WireJson.Reflecting(withCodecs));
        options.Converters.Insert(0, new TextListConverter());
        options.Converters.Insert(0, new ArnTextConverter());
        options.Converters.Insert(0, new EnumTextConverterFactory());
        return options;
    }

    private sealed class TextListConverter : JsonConverter<ValueList<string>>
    {
        public override ValueList<string> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                throw new JsonException();
            List<string> texts = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                texts.Add(reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString()! : throw new JsonException());
            return ValueList<string>.Wrap(texts);
        }

        public override void Write(Utf8JsonWriter writer, ValueList<string> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var text in value)
                writer.WriteStringValue(text);
            writer.WriteEndArray();
        }
    }

    private sealed class ArnTextConverter : JsonConverter<ArnText>
    {
        public override ArnText Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString()!;

        public override void Write(Utf8JsonWriter writer, ArnText value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class EnumTextConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type type) => type.IsAssignableTo(typeof(IEnumText)) && type.IsGenericType;

        public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(EnumTextConverter<>).MakeGenericType(type.GetGenericArguments()))!;
    }

    private sealed class EnumTextConverter<T> : JsonConverter<EnumText<T>> where T : struct, Enum
    {
        public override EnumText<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? new(reader.GetString()!) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, EnumText<T> value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}
