using System.Reflection;
using System.Text;
using System.Text.Json;

namespace IoTJobsEmulator.Wire;

/// <summary>
/// A member of a structure. There is a class for each way in which a property can be null, each generic over the structure: its code is compiled ahead once for all
/// structures, which that of a generic over <c>int?</c> would not be. The property's own accessors are called through delegates.
/// </summary>
internal abstract class StructureMember<T>(string name) where T : class
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    /// <summary>The name of the member, in UTF-8.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>What stands before the value.</summary>
    public JsonPrefix Before { get; } = JsonPrefix.Of(name);

    /// <summary>Sets the member to the value at which a reader stands.</summary>
    public abstract void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options);

    /// <summary>Writes the member, if it is not null.</summary>
    public abstract void Append(JsonText text, T structure);
}

/// <summary>A member that is an object, and null when it is not given.</summary>
internal sealed class ObjectMember<T, TValue>(PropertyInfo property, string name) : StructureMember<T>(name) where T : class where TValue : class
{
    private readonly Func<T, TValue?> _get = property.GetMethod!.CreateDelegate<Func<T, TValue?>>();
    private readonly Action<T, TValue?>? _set = property.SetMethod?.CreateDelegate<Action<T, TValue?>>();
    private readonly JsonCodec<TValue> _codec = JsonCodecs.Of<TValue>();

    /// <summary>The member, as a function that makes it without reflection.</summary>
    public static StructureMember<T> Of(PropertyInfo property, string name) => new ObjectMember<T, TValue>(property, name);

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options)
    {
        if (_set is null)
            reader.TrySkip();
        else
            _set(structure, reader.TokenType == JsonTokenType.Null ? null : _codec.Read(ref reader, options));
    }

    public override void Append(JsonText text, T structure)
    {
        if (_get(structure) is { } value)
            _codec.Append(text, Before, value);
    }
}

/// <summary>A member that is a value, and null when it is not given.</summary>
internal sealed class OptionalMember<T, TValue>(PropertyInfo property, string name, JsonCodec<TValue> codec) : StructureMember<T>(name)
    where T : class where TValue : struct
{
    private readonly Func<T, TValue?> _get = property.GetMethod!.CreateDelegate<Func<T, TValue?>>();
    private readonly Action<T, TValue?>? _set = property.SetMethod?.CreateDelegate<Action<T, TValue?>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options)
    {
        if (_set is null)
            reader.TrySkip();
        else
            _set(structure, reader.TokenType == JsonTokenType.Null ? null : codec.Read(ref reader, options));
    }

    public override void Append(JsonText text, T structure)
    {
        if (_get(structure) is { } value)
            codec.Append(text, Before, value);
    }
}

/// <summary>A member that is a value, and never null.</summary>
internal sealed class ValueMember<T, TValue>(PropertyInfo property, string name, JsonCodec<TValue> codec) : StructureMember<T>(name)
    where T : class where TValue : struct
{
    private readonly Func<T, TValue> _get = property.GetMethod!.CreateDelegate<Func<T, TValue>>();
    private readonly Action<T, TValue>? _set = property.SetMethod?.CreateDelegate<Action<T, TValue>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options)
    {
        if (_set is null)
            reader.TrySkip();
        else
            _set(structure, codec.Read(ref reader, options));
    }

    public override void Append(JsonText text, T structure) => codec.Append(text, Before, _get(structure));
}
