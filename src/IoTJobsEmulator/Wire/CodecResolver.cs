using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IoTJobsEmulator.Wire;

/// <summary>Has System.Text.Json read and write with codecs what has one. A text alone it reads and writes as it does.</summary>
internal sealed class CodecResolver : IJsonTypeInfoResolver
{
    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) => type == typeof(string) ? null : JsonCodecs.Find(type)?.TypeInfo(options);
}
