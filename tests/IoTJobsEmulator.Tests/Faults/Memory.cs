using System.Collections;
using System.Reflection;
using System.Text;

namespace IoTJobsEmulator.Tests.Faults;

/// <summary>What an object keeps in memory: all that is reached from its fields, but for what belongs to the whole emulator or to .NET.</summary>
internal static class Memory
{
    public static bool Has(object root, string text) => Reached(root).Any(found => found switch
    {
        string one => one.Contains(text, StringComparison.Ordinal),
        byte[] bytes => Encoding.Latin1.GetString(bytes).Contains(text, StringComparison.Ordinal),
        _ => false,
    });

    public static bool Has<T>(object root) => Reached(root).Any(found => found is T);

    private static HashSet<object> Reached(object root)
    {
        var reached = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>([root]);
        while (open.TryPop(out var next))
        {
            if (!reached.Add(next) || IsShared(next))
                continue;
            if (next is IEnumerable list and not string and not byte[])
            {
                foreach (var element in list)
                    Push(element);
            }
            for (var type = next.GetType(); type is not null; type = type.BaseType)
            {
                foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                    Push(field.FieldType.IsPointer || field.FieldType.IsByRefLike ? null : field.GetValue(next));
            }
        }
        return reached;

        void Push(object? value)
        {
            if (value is not null && !value.GetType().IsPrimitive)
                open.Push(value);
        }
    }

    private static bool IsShared(object value) => value is Delegate or MemberInfo or Type
        || value.GetType().Name is "OperationRequests" or "Operation" or "Realm";
}
