using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IoTJobsEmulator.Wire;

/// <summary>How values of a type are read from JSON and written to it.</summary>
internal abstract class JsonCodec
{
    /// <summary>The members of a structure; null of what is none.</summary>
    public virtual IReadOnlyList<StructureMember>? Members => null;

    /// <summary>What becomes of members that the structure does not have; null where the options say it.</summary>
    public virtual JsonUnmappedMemberHandling? UnknownMembers => null;

    /// <summary>The type of what is in a list; null of what is none.</summary>
    public virtual Type? TypeOfElements => null;

    /// <summary>The type of what is in a map; null of what is none.</summary>
    public virtual Type? TypeOfValues => null;

    /// <summary>Writes a value.</summary>
    /// <param name="text">Where it is written.</param>
    /// <param name="before">What stands before it.</param>
    /// <param name="value">An object of the codec's type.</param>
    public abstract void AppendObject(JsonText text, JsonPrefix before, object value);

    /// <summary>What System.Text.Json needs to know of the type, in order to use the codec.</summary>
    public abstract JsonTypeInfo TypeInfo(JsonSerializerOptions options);
}

/// <inheritdoc/>
internal abstract class JsonCodec<TValue> : JsonCodec
{
    /// <summary>Reads the value at which the reader stands, and leaves the reader at its end. It is not null.</summary>
    /// <exception cref="JsonException">It is of another kind.</exception>
    public abstract TValue Read(ref Utf8JsonReader reader, JsonSerializerOptions options);

    public abstract void Append(JsonText text, JsonPrefix before, TValue value);

    public sealed override void AppendObject(JsonText text, JsonPrefix before, object value) => Append(text, before, (TValue)value);

    public sealed override JsonTypeInfo TypeInfo(JsonSerializerOptions options) => JsonMetadataServices.CreateValueInfo<TValue>(options, new Converter(this));

    private sealed class Converter(JsonCodec<TValue> codec) : JsonConverter<TValue>
    {
        public override TValue Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => codec.Read(ref reader, options);

        public override void Write(Utf8JsonWriter writer, TValue value, JsonSerializerOptions options)
        {
            using var text = JsonText.Rent();
            codec.Append(text, JsonPrefix.None, value);
            writer.WriteRawValue(text.Written.Span, skipInputValidation: true);
        }
    }
}
