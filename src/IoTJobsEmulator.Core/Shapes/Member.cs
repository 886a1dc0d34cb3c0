using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IoTJobsEmulator.Core.Shapes;

/// <summary>
/// A parameter of an operation or a property of a structure, and what its value must satisfy. What is wrong is collected on
/// the way in, and its path written on the way out, so that a request in which nothing is wrong needs neither.
/// </summary>
internal sealed class Member
{
    private static readonly ConcurrentDictionary<Type, Member[]> Structures = [];

    private readonly string _name;
    private readonly bool _required;
    private readonly ShapeAttribute? _shape;
    private readonly Func<object, object?> _read;
    private readonly bool _isEnumText, _isStructure, _isListOfStructures;

    public Member(ParameterInfo parameter) : this(parameter.Name!, parameter.ParameterType, parameter, argument => argument)
    {
    }

    private Member(PropertyInfo property) : this(WireName(property), property.PropertyType, property, Reader(property))
    {
    }

    private Member(string name, Type type, ICustomAttributeProvider declaration, Func<object, object?> read)
    {
        _name = name;
        _required = declaration.IsDefined(typeof(RequiredAttribute), false);
        _shape = declaration.GetCustomAttributes(typeof(ShapeAttribute), false).Cast<ShapeAttribute>().SingleOrDefault();
        _read = read;
        if (_shape is not null && !_shape.Fits(type))
            throw new InvalidOperationException($"The shape {_shape.Name} does not fit {name}, which is of the type {type}.");
        type = Nullable.GetUnderlyingType(type) ?? type;
        _isEnumText = type.IsAssignableTo(typeof(IEnumText));
        _isStructure = type.IsAssignableTo(typeof(IStructure));
        _isListOfStructures = type.IsAssignableTo(typeof(IReadOnlyList<IStructure>));
        IsChecked = _required || _shape is { HasConstraints: true } || _isEnumText || _isStructure || _isListOfStructures;
    }

    /// <summary>Whether anything can be wrong with its value.</summary>
    public bool IsChecked { get; }

    /// <summary>Checks the members of a structure. One that is null lacks all of them.</summary>
    public static void CheckAll(Type type, object? structure, ref List<Violation>? found)
    {
        foreach (var member in Structures.GetOrAdd(type, MembersOf))
            member.Check(structure is null ? null : member._read(structure), ref found);
    }

    public void Check(object? value, ref List<Violation>? found)
    {
        if (value is null)
        {
            if (_required)
                Add(ref found, _name, null, "Member must not be null");
            return;
        }
        if (_isEnumText && value is IEnumText { IsDefined: false } name)
            Add(ref found, _name, name, $"Member must satisfy enum value set: [{string.Join(", ", MembersInOrder(name.EnumType))}]");
        if (_shape is not null)
            CheckShape(value, _shape, ref found);
        if (_isStructure)
            CheckStructure(value, null, ref found);
        else if (_isListOfStructures)
            CheckStructures((IReadOnlyList<IStructure?>)value, ref found);
    }

    /// <summary>The properties that the wire knows, as they are declared.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type structure) => structure
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always })
        .OrderBy(property => property.MetadataToken);

    public static string WireName(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private void CheckShape(object value, ShapeAttribute shape, ref List<Violation>? found)
    {
        foreach (var rule in shape.Rules)
        {
            if (!rule.Holds(value))
                Add(ref found, _name, value, rule.Text);
        }
        if (shape is ListShapeAttribute { Element: { } element })
            CheckElements((IReadOnlyList<object?>)value, element, ref found);
        else if (shape is MapShapeAttribute map)
            CheckPairs((IReadOnlyDictionary<string, string>)value, map, ref found);
    }

    /// <summary>Elements that are no structures are reported once, with the whole list and all rules of their shape.</summary>
    private void CheckElements(IReadOnlyList<object?> list, ShapeAttribute element, ref List<Violation>? found)
    {
        var valid = true;
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is { } value)
                valid &= Satisfies(value, element);
            else
                Add(ref found, Path(i), null, "Member must not be null");
        }
        if (!valid)
            Add(ref found, _name, list, $"Member must satisfy constraint: [{RulesOf(element)}]");
    }

    /// <summary>Keys and values are reported once each, with the whole map and all rules of their shape.</summary>
    private void CheckPairs(IReadOnlyDictionary<string, string> map, MapShapeAttribute shape, ref List<Violation>? found)
    {
        var (keysValid, valuesValid) = (true, true);
        foreach (var (key, value) in map)
        {
            keysValid &= Satisfies(key, shape.Key);
            if (value is not null)
                valuesValid &= Satisfies(value, shape.Value);
            else
                Add(ref found, $"{_name}.{key}.member", null, "Member must not be null");
        }
        if (!keysValid)
            Add(ref found, _name, map, $"Map keys must satisfy constraint: [{RulesOf(shape.Key)}]");
        if (!valuesValid)
            Add(ref found, _name, map, $"Map value must satisfy constraint: [{RulesOf(shape.Value)}]");
    }

    private void CheckStructures(IReadOnlyList<IStructure?> structures, ref List<Violation>? found)
    {
        for (var i = 0; i < structures.Count; i++)
        {
            if (structures[i] is { } structure)
                CheckStructure(structure, i, ref found);
            else
                Add(ref found, Path(i), null, "Member must not be null");
        }
    }

    private void CheckStructure(object structure, int? index, ref List<Violation>? found)
    {
        var before = found?.Count ?? 0;
        CheckAll(structure.GetType(), structure, ref found);
        for (var i = before; i < found?.Count; i++)
            found[i] = found[i].WithPrefix(Path(index));
    }

    private string Path(int? index) => index is { } i ? string.Create(CultureInfo.InvariantCulture, $"{_name}.{i + 1}.member") : _name;

    private static bool Satisfies(object value, ShapeAttribute shape)
    {
        foreach (var rule in shape.Rules)
        {
            if (!rule.Holds(value))
                return false;
        }
        return true;
    }

    private static string RulesOf(ShapeAttribute shape) => string.Join(", ", shape.Rules.Select(rule => rule.Text));

    private static void Add(ref List<Violation>? found, string path, object? value, string rule) =>
        (found ??= []).Add(new(path, value, rule));

    private static IEnumerable<string> MembersInOrder(Type enumType) =>
        enumType.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.Name);

    private static Member[] MembersOf(Type structure) =>
        [.. PropertiesOf(structure).Select(property => new Member(property)).Where(member => member.IsChecked)];

    /// <summary>Reflection once, when the member is first met; a plain call ever after.</summary>
    private static Func<object, object?> Reader(PropertyInfo property) => typeof(Member)
        .GetMethod(nameof(ReaderOf), BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(property.DeclaringType!, property.PropertyType)
        .CreateDelegate<Func<MethodInfo, Func<object, object?>>>()(property.GetMethod!);

    private static Func<object, object?> ReaderOf<TStructure, TValue>(MethodInfo getter) where TStructure : class
    {
        var read = getter.CreateDelegate<Func<TStructure, TValue>>();
        return structure => read((TStructure)structure);
    }
}
