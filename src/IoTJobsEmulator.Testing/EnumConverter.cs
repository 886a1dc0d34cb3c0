using System.Text.Json;
using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Testing;

/// <summary>
/// Names as the emulator writes them: <c>execution</c>. What this version does not know, because the emulator is newer, is read as <c>Unknown</c>, a
/// member that every type of such names has.
/// </summary>
internal sealed class EnumConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly T Unknown = Enum.Parse<T>(nameof(Unknown));

        private static readonly Dictionary<string, T> Names = Enum.GetValues<T>().ToDictionary(Name);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? Names.GetValueOrDefault(reader.GetString()!, Unknown) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Name(value));

        private static string Name(T value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
    }
}
