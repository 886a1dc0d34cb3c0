using System.Reflection;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

/// <summary>Which members structures have, and what reads and writes each.</summary>
internal static class StructureMembers
{
    private static readonly HashSet<Type> Values =
    [
        typeof(bool), typeof(bool?), typeof(int), typeof(int?), typeof(long), typeof(long?), typeof(double?), typeof(Moment), typeof(Moment?), typeof(ArnText),
    ];

    public static PropertyInfo[] PropertiesOf(Type structure) => structure.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>Whether a property can be read and written here.</summary>
    public static bool IsMember(PropertyInfo property) =>
        property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0
        && (Values.Contains(property.PropertyType) || JsonCodecs.Find(property.PropertyType) is not null)
        && (!property.IsDefined(typeof(JsonAttribute), false)
            || property.GetCustomAttributes<JsonAttribute>().All(attribute => attribute is JsonPropertyNameAttribute or JsonNumberHandlingAttribute));

    /// <summary>The members of a structure, as they are declared.</summary>
    public static StructureMember<T>[] Of<T>() where T : class => Array.ConvertAll(PropertiesOf(typeof(T)), Of<T>);

    private static StructureMember<T> Of<T>(PropertyInfo property) where T : class
    {
        var type = property.PropertyType;
        if (!type.IsValueType)
            return OfObject<T>(property);
        if (type == typeof(bool))
            return new BooleanMember<T>(property);
        if (type == typeof(bool?))
            return new OptionalBooleanMember<T>(property);
        if (type == typeof(int))
            return new Int32Member<T>(property);
        if (type == typeof(int?))
            return new OptionalInt32Member<T>(property);
        if (type == typeof(long))
            return new Int64Member<T>(property);
        if (type == typeof(long?))
            return new OptionalInt64Member<T>(property);
        if (type == typeof(double?))
            return new OptionalDoubleMember<T>(property);
        if (type == typeof(Moment))
            return new MomentMember<T>(property);
        if (type == typeof(Moment?))
            return new OptionalMomentMember<T>(property);
        return new ArnMember<T>(property);
    }

    private static StructureMember<T> OfObject<T>(PropertyInfo property) where T : class => typeof(ObjectMember<,>)
        .MakeGenericType(typeof(T), property.PropertyType)
        .GetMethod(nameof(ObjectMember<,>.Of))!
        .CreateDelegate<Func<PropertyInfo, StructureMember<T>>>()(property);
}
