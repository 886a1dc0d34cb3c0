using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// How the types of a row's members are stored in a column: a type that is not named here as JSON. EF's JSON columns and primitive
/// collections do not serve, because only EF's own queries and SaveChanges read and write them.
/// </summary>
internal static class ColumnConverters
{
    /// <summary>The converter of a member's type; null if SQLite stores the type as it is.</summary>
    public static ColumnConverter? For(Type type) => TypeFor(type) is { } converter ? (ColumnConverter)Activator.CreateInstance(converter)! : null;

    private static Type? TypeFor(Type type)
    {
        if (type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(double))
            return null;
        if (type == typeof(Moment))
            return typeof(MomentAsMilliseconds);
        if (type.IsEnum)
            return typeof(EnumAsName<>).MakeGenericType(type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EnumText<>))
            return typeof(EnumTextAsText<>).MakeGenericType(type.GetGenericArguments());
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
            return typeof(ListAsJson<>).MakeGenericType(type.GetGenericArguments());
        return typeof(ValueAsJson<>).MakeGenericType(type);
    }
}

/// <summary>
/// How a value is stored in a column. It is no converter of EF's, of which <see cref="JobsDb"/> makes one: EF would be loaded with it, which takes longer
/// than the first write, and megabytes.
/// </summary>
internal abstract class ColumnConverter
{
    /// <summary>The type of what is stored: long, double or string.</summary>
    public abstract Type Stored { get; }

    /// <summary>Converts a member's value to what is stored.</summary>
    public MethodInfo ToColumn => GetType().GetMethod(nameof(ColumnConverter<,>.Write))!;

    /// <summary>Converts what is stored to a member's value.</summary>
    public MethodInfo FromColumn => GetType().GetMethod(nameof(ColumnConverter<,>.Read))!;
}

/// <inheritdoc/>
internal abstract class ColumnConverter<TMember, TColumn> : ColumnConverter
{
    public override Type Stored => typeof(TColumn);

    public abstract TColumn Write(TMember value);

    public abstract TMember Read(TColumn stored);
}

/// <summary>Unix milliseconds, which SQL can compare.</summary>
internal sealed class MomentAsMilliseconds : ColumnConverter<Moment, long>
{
    public override long Write(Moment value) => value.Milliseconds;

    public override Moment Read(long stored) => new(stored);
}

/// <summary>The name on the wire. EF's EnumToStringConverter would read an unknown name as the first member; this one fails.</summary>
internal sealed class EnumAsName<T> : ColumnConverter<T, string> where T : struct, Enum
{
    public override string Write(T value) => ((EnumText<T>)value).Text;

    public override T Read(string stored) => EnumText<T>.MemberOf(stored);
}

internal sealed class EnumTextAsText<T> : ColumnConverter<EnumText<T>, string> where T : struct, Enum
{
    public override string Write(EnumText<T> value) => value.Text;

    public override EnumText<T> Read(string stored) => new(stored);
}

/// <summary>The form of JSON in columns: without members that are not set.</summary>
internal static class JsonInColumns
{
    public static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new EnumTextInJson(), new JsonStringEnumConverter() },
    };

    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}

/// <summary>A list as JSON text. Its elements are written one by one: for a list of records System.Text.Json makes 400 bytes of garbage.</summary>
internal sealed class ListAsJson<T> : ColumnConverter<ValueList<T>, string>
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private Utf8JsonWriter? _json;

    public override string Write(ValueList<T> value)
    {
        var json = _json ??= new(_text, JsonInColumns.Writing);
        _text.ResetWrittenCount();
        json.Reset();
        json.WriteStartArray();
        foreach (var element in value)
            JsonSerializer.Serialize(json, element, JsonInColumns.Options);
        json.WriteEndArray();
        json.Flush();
        return Encoding.UTF8.GetString(_text.WrittenSpan);
    }

    public override ValueList<T> Read(string stored) => JsonSerializer.Deserialize<ValueList<T>>(stored, JsonInColumns.Options)!;
}

/// <summary>A configuration or a map as JSON text.</summary>
internal sealed class ValueAsJson<T> : ColumnConverter<T, string> where T : class
{
    public override string Write(T value) => JsonSerializer.Serialize(value, JsonInColumns.Options);

    public override T Read(string stored) =>
        stored == "{}" && ValueMap.Empty is T empty ? empty : JsonSerializer.Deserialize<T>(stored, JsonInColumns.Options)!;
}

/// <summary>The text of an enum within JSON, also if it names no member.</summary>
internal sealed class EnumTextInJson : JsonConverterFactory
{
    public override bool CanConvert(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EnumText<>);

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(type.GetGenericArguments()))!;

    private sealed class Of<T> : JsonConverter<EnumText<T>> where T : struct, Enum
    {
        public override EnumText<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, EnumText<T> value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
    }
}
