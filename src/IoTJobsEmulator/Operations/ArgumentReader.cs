using System.Reflection;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Operations;

/// <summary>Reads one text among the arguments of an operation: a parameter of its method, or a member of the structure in the body.</summary>
internal sealed class ArgumentReader
{
    private readonly int _place;
    private readonly PropertyInfo? _member;

    private ArgumentReader(int place, PropertyInfo? member) => (_place, _member) = (place, member);

    /// <summary>The reader of the text with this name; null when the method has none.</summary>
    public static ArgumentReader? Find(MethodInfo method, string name)
    {
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.Name == name && parameter.ParameterType == typeof(string))
                return new(parameter.Position, null);
            if (parameter.ParameterType.IsAssignableTo(typeof(IStructure))
                && Array.Find(parameter.ParameterType.GetProperties(), member => IsText(member, name)) is { } member)
                return new(parameter.Position, member);
        }
        return null;
    }

    public string? Read(object?[] arguments) =>
        _member is null ? (string?)arguments[_place] : arguments[_place] is { } structure ? (string?)_member.GetValue(structure) : null;

    private static bool IsText(PropertyInfo member, string name) =>
        member.PropertyType == typeof(string) && string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase);
}
