using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

/// <summary>A member of a structure.</summary>
internal abstract class StructureMember(PropertyInfo property)
{
    public string Name { get; } = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    public Type Type => property.PropertyType;

    /// <summary>Reads the member of a structure, when it is an object; null for one that is a value.</summary>
    public virtual Func<object, object?>? GetObject => null;

    /// <summary>Whether a number may be written as text; null where the options say it.</summary>
    public JsonNumberHandling? NumberHandling { get; } = property.GetCustomAttribute<JsonNumberHandlingAttribute>()?.Handling;
}

/// <summary>
/// A member of a structure, read and written with the accessors of its property. There is a class for each type of value, generic over nothing but the structure:
/// .NET compiles it ahead once for all structures, but at run time what is generic over a type of values too.
/// </summary>
internal abstract class StructureMember<T> : StructureMember where T : class
{
    private readonly byte[] _name;

    protected StructureMember(PropertyInfo property) : base(property) => (_name, Before) = (Encoding.UTF8.GetBytes(Name), JsonPrefix.Of(Name));

    /// <summary>The name in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Name => _name;

    /// <summary>What stands before the value.</summary>
    protected JsonPrefix Before { get; }

    /// <summary>Sets the member to the value at which a reader stands.</summary>
    public abstract void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options);

    /// <summary>Writes the member, if it is not null.</summary>
    public abstract void Append(JsonText text, T structure);
}

/// <summary>A member that is an object: a text, a structure, a list or a map.</summary>
internal sealed class ObjectMember<T, TValue>(PropertyInfo property) : StructureMember<T>(property) where T : class where TValue : class
{
    private readonly Func<T, TValue?> _get = property.GetMethod!.CreateDelegate<Func<T, TValue?>>();
    private readonly Action<T, TValue?>? _set = property.SetMethod?.CreateDelegate<Action<T, TValue?>>();
    private readonly JsonCodec<TValue> _codec = JsonCodecs.Of<TValue>();

    public override Func<object, object?> GetObject => structure => _get((T)structure);

    /// <summary>Makes one; as a method, because a delegate calls it without reflection.</summary>
    public static StructureMember<T> Of(PropertyInfo property) => new ObjectMember<T, TValue>(property);

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) =>
        _set!(structure, reader.TokenType == JsonTokenType.Null ? null : _codec.Read(ref reader, options));

    public override void Append(JsonText text, T structure)
    {
        if (_get(structure) is { } value)
            _codec.Append(text, Before, value);
    }
}

internal sealed class OptionalBooleanMember<T>(PropertyInfo property) : StructureMember<T>(property) where T : class
{
    private readonly Func<T, bool?> _get = property.GetMethod!.CreateDelegate<Func<T, bool?>>();
    private readonly Action<T, bool?>? _set = property.SetMethod?.CreateDelegate<Action<T, bool?>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) =>
        _set!(structure, reader.TokenType == JsonTokenType.Null ? null : JsonValues.Boolean(ref reader, options.NumberHandling));

    public override void Append(JsonText text, T structure)
    {
        if (_get(structure) is { } value)
            text.Append(Before, value);
    }
}

internal sealed class BooleanMember<T>(PropertyInfo property) : StructureMember<T>(property) where T : class
{
    private readonly Func<T, bool> _get = property.GetMethod!.CreateDelegate<Func<T, bool>>();
    private readonly Action<T, bool>? _set = property.SetMethod?.CreateDelegate<Action<T, bool>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) => _set!(structure, JsonValues.Boolean(ref reader, options.NumberHandling));

    public override void Append(JsonText text, T structure) => text.Append(Before, _get(structure));
}

internal sealed class OptionalInt32Member<T>(PropertyInfo property) : StructureMember<T>(property) where T : class
{
    private readonly Func<T, int?> _get = property.GetMethod!.CreateDelegate<Func<T, int?>>();
    private readonly Action<T, int?>? _set = property.SetMethod?.CreateDelegate<Action<T, int?>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) =>
        _set!(structure, reader.TokenType == JsonTokenType.Null ? null : JsonValues.Int32(ref reader, NumberHandling ?? options.NumberHandling));

    public override void Append(JsonText text, T structure)
    {
        if (_get(structure) is { } value)
            text.Append(Before, value);
    }
}

internal sealed class Int32Member<T>(PropertyInfo property) : StructureMember<T>(property) where T : class
{
    private readonly Func<T, int> _get = property.GetMethod!.CreateDelegate<Func<T, int>>();
    private readonly Action<T, int>? _set = property.SetMethod?.CreateDelegate<Action<T, int>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) =>
        _set!(structure, JsonValues.Int32(ref reader, NumberHandling ?? options.NumberHandling));

    public override void Append(JsonText text, T structure) => text.Append(Before, _get(structure));
}

internal sealed class OptionalInt64Member<T>(PropertyInfo property) : StructureMember<T>(property) where T : class
{
    private readonly Func<T, long?> _get = property.GetMethod!.CreateDelegate<Func<T, long?>>();
    private readonly Action<T, long?>? _set = property.SetMethod?.CreateDelegate<Action<T, long?>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) =>
        _set!(structure, reader.TokenType == JsonTokenType.Null ? null : JsonValues.Int64(ref reader, NumberHandling ?? options.NumberHandling));

    public override void Append(JsonText text, T structure)
    {
        if (_get(structure) is { } value)
            text.Append(Before, value);
    }
}

internal sealed class Int64Member<T>(PropertyInfo property) : StructureMember<T>(property) where T : class
{
    private readonly Func<T, long> _get = property.GetMethod!.CreateDelegate<Func<T, long>>();
    private readonly Action<T, long>? _set = property.SetMethod?.CreateDelegate<Action<T, long>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) =>
        _set!(structure, JsonValues.Int64(ref reader, NumberHandling ?? options.NumberHandling));

    public override void Append(JsonText text, T structure) => text.Append(Before, _get(structure));
}

internal sealed class OptionalDoubleMember<T>(PropertyInfo property) : StructureMember<T>(property) where T : class
{
    private readonly Func<T, double?> _get = property.GetMethod!.CreateDelegate<Func<T, double?>>();
    private readonly Action<T, double?>? _set = property.SetMethod?.CreateDelegate<Action<T, double?>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) =>
        _set!(structure, reader.TokenType == JsonTokenType.Null ? null : JsonValues.Double(ref reader));

    public override void Append(JsonText text, T structure)
    {
        if (_get(structure) is { } value)
            text.Append(Before, value);
    }
}

internal sealed class OptionalMomentMember<T>(PropertyInfo property) : StructureMember<T>(property) where T : class
{
    private readonly Func<T, Moment?> _get = property.GetMethod!.CreateDelegate<Func<T, Moment?>>();
    private readonly Action<T, Moment?>? _set = property.SetMethod?.CreateDelegate<Action<T, Moment?>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) =>
        _set!(structure, reader.TokenType == JsonTokenType.Null ? null : JsonValues.Moment(ref reader));

    public override void Append(JsonText text, T structure)
    {
        if (_get(structure) is { } value)
            text.Append(Before, value);
    }
}

internal sealed class MomentMember<T>(PropertyInfo property) : StructureMember<T>(property) where T : class
{
    private readonly Func<T, Moment> _get = property.GetMethod!.CreateDelegate<Func<T, Moment>>();
    private readonly Action<T, Moment>? _set = property.SetMethod?.CreateDelegate<Action<T, Moment>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) => _set!(structure, JsonValues.Moment(ref reader));

    public override void Append(JsonText text, T structure) => text.Append(Before, _get(structure));
}

internal sealed class ArnMember<T>(PropertyInfo property) : StructureMember<T>(property) where T : class
{
    private readonly Func<T, ArnText> _get = property.GetMethod!.CreateDelegate<Func<T, ArnText>>();
    private readonly Action<T, ArnText>? _set = property.SetMethod?.CreateDelegate<Action<T, ArnText>>();

    public override void Read(ref Utf8JsonReader reader, T structure, JsonSerializerOptions options) => _set!(structure, JsonValues.Text(ref reader));

    public override void Append(JsonText text, T structure) => text.Append(Before, _get(structure));
}
