using System.Collections.Concurrent;
using System.Reflection;

namespace IoTJobsEmulator.Core.Shapes;

/// <summary>
/// Checks what arrives against the shapes of the service model. All violations are reported together, in the order in which
/// the members are declared.
/// </summary>
public static class Constraints
{
    private static readonly ConcurrentDictionary<MethodInfo, ArgumentConstraints> Plans = [];

    /// <summary>What is to be checked of the arguments of an operation's <c>Handle</c>.</summary>
    public static ArgumentConstraints For(MethodInfo handle) => Plans.GetOrAdd(handle, static method => new(method));

    public static void Check(IStructure structure)
    {
        List<Violation>? found = null;
        Member.CheckAll(structure.GetType(), structure, ref found);
        Refuse(found);
    }

    /// <summary>The violations in words, without their count.</summary>
    public static IReadOnlyList<string> Violations(IStructure structure)
    {
        List<Violation>? found = null;
        Member.CheckAll(structure.GetType(), structure, ref found);
        return Describe(found);
    }

    internal static IReadOnlyList<string> Describe(List<Violation>? found) =>
        found is null ? [] : found.ConvertAll(violation => violation.ToString());

    internal static void Refuse(List<Violation>? found)
    {
        if (found is not null)
        {
            var errors = found.Count == 1 ? "1 validation error" : $"{found.Count} validation errors";
            throw ServiceError.InvalidRequest.Because($"{errors} detected: {string.Join("; ", Describe(found))}");
        }
    }
}

/// <summary>What is to be checked of the arguments of one operation.</summary>
public sealed class ArgumentConstraints
{
    private readonly Member[] _members;

    /// <summary>The type of the body, in its place; null for all other parameters.</summary>
    private readonly Type?[] _bodies;

    internal ArgumentConstraints(MethodInfo handle)
    {
        var parameters = handle.GetParameters();
        _members = Array.ConvertAll(parameters, parameter => new Member(parameter));
        _bodies = Array.ConvertAll(parameters, parameter => IsBody(parameter) ? parameter.ParameterType : null);
    }

    /// <summary>Refuses arguments, one for each parameter of <c>Handle</c>, that break a constraint.</summary>
    public void Check(IList<object?> arguments) => Constraints.Refuse(FindViolations(arguments));

    /// <summary>The violations in words, without their count.</summary>
    public IReadOnlyList<string> Violations(IList<object?> arguments) => Constraints.Describe(FindViolations(arguments));

    private List<Violation>? FindViolations(IList<object?> arguments)
    {
        List<Violation>? found = null;
        for (var i = 0; i < _members.Length; i++)
        {
            if (_bodies[i] is { } body)
                Member.CheckAll(body, arguments[i], ref found); // no body lacks what an empty one lacks
            else if (_members[i].IsChecked)
                _members[i].Check(arguments[i], ref found);
        }
        return found;
    }

    /// <summary>The body's members are named without a prefix, beside those of path and query.</summary>
    private static bool IsBody(ParameterInfo parameter) => parameter.ParameterType.IsAssignableTo(typeof(IStructure));
}
