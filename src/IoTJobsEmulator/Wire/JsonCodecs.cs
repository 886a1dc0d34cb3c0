using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

/// <summary>
/// The codecs of what requests and answers are made of: structures, and the lists, maps and texts in them. What System.Text.Json makes of such types itself is
/// compiled at run time, a function for each member and some for each type of number; these are compiled ahead.
/// </summary>
internal static class JsonCodecs
{
    private static readonly string Own = $"{nameof(IoTJobsEmulator)}.";

    private static readonly ConcurrentDictionary<Type, JsonCodec?> Known = new()
    {
        [typeof(string)] = new TextCodec(),
        [typeof(ValueMap)] = new ValueMapCodec(),
    };

    /// <summary>The codec of a type; null for one that is left to System.Text.Json.</summary>
    public static JsonCodec? Find(Type type) => Known.GetOrAdd(type, Make);

    /// <summary>The codec of a type that has one.</summary>
    public static JsonCodec<T> Of<T>() => (JsonCodec<T>)Find(typeof(T))!;

    private static JsonCodec? Make(Type type)
    {
        if (type.IsAssignableTo(typeof(IEnumText)))
            return Create(typeof(EnumCodec<>), type);
        if (type.IsGenericType)
            return MakeOfCollection(type);
        return IsStructure(type) ? Create(typeof(StructureCodec<>), type) : null;
    }

    private static JsonCodec? MakeOfCollection(Type type)
    {
        var (generic, arguments) = (type.GetGenericTypeDefinition(), type.GetGenericArguments());
        if (generic == typeof(ValueList<>) && Find(arguments[0]) is not null)
            return Create(typeof(ListCodec<>), arguments[0]);
        if (generic == typeof(IReadOnlyDictionary<,>) && arguments[0] == typeof(string) && Find(arguments[1]) is not null)
            return Create(typeof(MapCodec<>), arguments[1]);
        return null;
    }

    private static JsonCodec Create(Type codec, Type of) => (JsonCodec)Activator.CreateInstance(codec.MakeGenericType(of))!;

    /// <summary>
    /// Whether a type is a structure as the API has it, in a request or an answer. One that says of itself how its JSON is, or is derived from another, is left to
    /// System.Text.Json.
    /// </summary>
    private static bool IsStructure(Type type) =>
        type is { IsClass: true, IsSealed: true, Namespace: { } space } && space.StartsWith(Own, StringComparison.Ordinal) && type.BaseType == typeof(object)
        && type.GetCustomAttributes<JsonAttribute>().All(attribute => attribute is JsonUnmappedMemberHandlingAttribute)
        && Array.TrueForAll(StructureMembers.PropertiesOf(type), StructureMembers.IsMember);
}
