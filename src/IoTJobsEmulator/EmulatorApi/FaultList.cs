using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Operations.Faults;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>Rules of faults in a body: as <c>{"faults": [...]}</c>, a list alone, or one rule alone.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record FaultList : IStructure
{
    /// <summary>The rules. A list alone, and one rule alone, are read too.</summary>
    [Faults] public IReadOnlyList<FaultDefinition>? Faults { get; init; }

    private sealed class FaultsAttribute() : ListShapeAttribute(max: FaultRules.MaxRules);

    private sealed class Converter : JsonConverter<FaultList>
    {
        public override FaultList Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var body = document.RootElement;
            if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("faults", out var list))
            {
                foreach (var member in body.EnumerateObject())
                {
                    if (!member.NameEquals("faults"))
                        throw Core.ServiceError.InvalidRequest.Because($"1 validation error detected: '{member.Name}' is unknown");
                }
                if (list.ValueKind != JsonValueKind.Array)
                    throw SerializationErrors.ForValue(list.ToString(), "faults", typeof(string), "a list");
                body = list;
            }
            return new()
            {
                Faults = body.ValueKind == JsonValueKind.Array
                    ? [.. body.EnumerateArray().Select(rule => Rule(rule, options))]
                    : body.ValueKind == JsonValueKind.Object ? [Rule(body, options)] : throw new JsonException(),
            };
        }

        public override void Write(Utf8JsonWriter writer, FaultList value, JsonSerializerOptions options) => throw new NotSupportedException();

        private static FaultDefinition Rule(JsonElement rule, JsonSerializerOptions options)
        {
            var json = InFull(rule);
            try
            {
                return JsonSerializer.Deserialize<FaultDefinition>(json, options) ?? throw SerializationErrors.ForBody(json, typeof(FaultDefinition));
            }
            catch (JsonException)
            {
                throw SerializationErrors.ForBody(json, typeof(FaultDefinition));
            }
        }

        /// <summary>Writes an error that is only named, and a drop that is only true, in full.</summary>
        private static ReadOnlySpan<byte> InFull(JsonElement rule)
        {
            var bytes = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(bytes))
            {
                if (rule.ValueKind != JsonValueKind.Object)
                    rule.WriteTo(json);
                else
                    WriteMembers(json, rule);
            }
            return bytes.WrittenSpan;
        }

        private static void WriteMembers(Utf8JsonWriter json, JsonElement rule)
        {
            json.WriteStartObject();
            foreach (var member in rule.EnumerateObject())
            {
                if (member.NameEquals("error") && member.Value.ValueKind == JsonValueKind.String)
                {
                    json.WriteStartObject("error"u8);
                    json.WritePropertyName("name"u8);
                    member.Value.WriteTo(json);
                    json.WriteEndObject();
                }
                else if (member.NameEquals("drop") && member.Value.ValueKind is JsonValueKind.True)
                    json.WriteString("drop"u8, nameof(FaultDrop.before));
                else if (!(member.NameEquals("drop") && member.Value.ValueKind is JsonValueKind.False))
                    member.WriteTo(json);
            }
            json.WriteEndObject();
        }
    }
}
