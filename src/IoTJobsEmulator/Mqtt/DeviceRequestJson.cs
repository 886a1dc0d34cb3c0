using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// JSON as devices write it in requests over MQTT: like HTTP's, but a number or boolean may be written as text, as the AWS IoT Device SDKs v1
/// for C++ and Python do, and a value of statusDetails may be a number or boolean, of which the JSON text is kept.
/// </summary>
internal static class DeviceRequestJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(WireJson.Options)
        {
            NumberHandling = JsonNumberHandling.AllowReadingFromString,
            Converters = { new BooleanConverter(), new DetailsValueConverter() },
        };
        options.MakeReadOnly();
        return options;
    }

    private sealed class BooleanConverter : JsonConverter<bool>
    {
        public override bool Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.String when reader.ValueTextEquals("true"u8) => true,
            JsonTokenType.String when reader.ValueTextEquals("false"u8) => false,
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
    }

    /// <summary>The values of statusDetails are the only strings in these structures: a status is an enum, and the client token is read before.</summary>
    private sealed class DetailsValueConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.UTF8.GetString(reader.ValueSpan), // the payload is one segment
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
