using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Wire;

/// <summary>
/// Makes the functions that write plain records, each an <c>Action&lt;JsonText, JsonPrefix, T&gt;</c>: the text, what stands before the record, the record. As IL,
/// because the calls of a codec for each member take twice as long. A plain record is part of an answer only, and has texts, numbers, moments, maps, other such
/// records, and lists of these.
/// </summary>
internal static class RecordWriter
{
    private static readonly MethodInfo AppendOfEnums = typeof(JsonText).GetMethod(nameof(JsonText.Append), [typeof(JsonPrefix), typeof(IEnumText)])!;

    private static readonly MethodInfo AppendOfEnumMembers = typeof(JsonText).GetMethod(nameof(JsonText.Append), [typeof(JsonEnumMember), typeof(IEnumText)])!;

    private static readonly MethodInfo ListWriterOf = typeof(RecordWriter).GetMethod(nameof(ListWriter), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly string Answers = typeof(Core.Operations.Page).Namespace!;

    /// <summary>A function that writes records of a type; null when they are not plain. Made anew each time.</summary>
    public static Action<JsonText, JsonPrefix, T>? Make<T>() => IsPlainRecord(typeof(T)) ? (Action<JsonText, JsonPrefix, T>)WriterOf(typeof(T)) : null;

    private static bool IsPlainRecord(Type type) =>
        type is { IsClass: true, IsSealed: true, Namespace: { } space } && space.StartsWith(Answers, StringComparison.Ordinal)
        && !type.IsAssignableTo(typeof(IStructure)) && Array.TrueForAll(type.GetProperties(), member => IsPlain(member.PropertyType));

    private static bool IsPlain(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return AppendOf(type) is not null || IsPlainRecord(type) || (IsList(type) && IsPlain(type.GetGenericArguments()[0]));
    }

    private static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>);

    /// <summary>What writes the values of a type.</summary>
    private static Delegate WriterOf(Type type)
    {
        if (IsList(type))
            return (Delegate)ListWriterOf.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, null)!;
        return AppendOf(type)?.CreateDelegate(ActionOf(type)) ?? Emit(type);
    }

    private static Action<JsonText, JsonPrefix, ValueList<T>> ListWriter<T>()
    {
        var write = (Action<JsonText, JsonPrefix, T>)WriterOf(typeof(T));
        return (text, before, list) =>
        {
            var begin = text.Begin(before);
            foreach (var element in list)
                write(text, JsonPrefix.Comma, element);
            text.End(begin, '[', ']');
        };
    }

    /// <summary>A member that is null is left out.</summary>
    private static Delegate Emit(Type record)
    {
        var properties = record.GetProperties();
        var members = new Members(
            [.. properties.Select(property => JsonPrefix.Of(NameOf(property)))],
            [.. properties.Select(EnumOf)],
            [.. properties.Select(property => Given(property) is var type && AppendOf(type) is null ? WriterOf(type) : null)]);
        var method = new DynamicMethod(
            $"Write{record.Name}", null, [typeof(Members), typeof(JsonText), typeof(JsonPrefix), record], typeof(RecordWriter).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var begin = il.DeclareLocal(typeof(int));
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(JsonText).GetMethod(nameof(JsonText.Begin))!);
        il.Emit(OpCodes.Stloc, begin);
        for (var i = 0; i < properties.Length; i++)
            EmitMember(il, properties[i], i);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc, begin);
        il.Emit(OpCodes.Ldc_I4, '{');
        il.Emit(OpCodes.Ldc_I4, '}');
        il.Emit(OpCodes.Call, typeof(JsonText).GetMethod(nameof(JsonText.End))!);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate(ActionOf(record), members);
    }

    /// <summary>The type of what writes values of a type.</summary>
    private static Type ActionOf(Type type) => typeof(Action<,,>).MakeGenericType(typeof(JsonText), typeof(JsonPrefix), type);

    /// <summary>The method of <see cref="JsonText"/> that writes values of a type; null when it has none.</summary>
    private static MethodInfo? AppendOf(Type type) =>
        IsEnum(type)
            ? AppendOfEnums
            : typeof(JsonText).GetMethod(
                nameof(JsonText.Append), BindingFlags.Public | BindingFlags.Instance | BindingFlags.ExactBinding, [typeof(JsonPrefix), type]);

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static JsonEnumMember? EnumOf(PropertyInfo property) => IsEnum(property.PropertyType)
        ? new(NameOf(property), (IEnumerable<IEnumText>)property.PropertyType.GetProperty(nameof(EnumText<JobStatus>.All))!.GetValue(null)!)
        : null;

    private static bool IsEnum(Type type) => type.IsAssignableTo(typeof(IEnumText));

    private static Type Given(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    private static void EmitMember(ILGenerator il, PropertyInfo property, int place)
    {
        var (type, given) = (property.PropertyType, Given(property));
        var (value, end) = (il.DeclareLocal(type), il.DefineLabel());
        var append = IsEnum(given) ? AppendOfEnumMembers : AppendOf(given);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Callvirt, property.GetMethod!);
        il.Emit(OpCodes.Stloc, value);
        if (given != type)
        {
            il.Emit(OpCodes.Ldloca, value);
            il.Emit(OpCodes.Call, type.GetProperty(nameof(Nullable<int>.HasValue))!.GetMethod!);
            il.Emit(OpCodes.Brfalse, end);
        }
        else if (!type.IsValueType)
        {
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Brfalse, end);
        }
        if (append is null)
        {
            EmitElement(il, nameof(Members.Writers), place);
            il.Emit(OpCodes.Castclass, ActionOf(given));
        }
        il.Emit(OpCodes.Ldarg_1);
        EmitElement(il, IsEnum(given) ? nameof(Members.Enums) : nameof(Members.Before), place);
        if (given != type)
        {
            il.Emit(OpCodes.Ldloca, value);
            il.Emit(OpCodes.Call, type.GetMethod(nameof(Nullable<int>.GetValueOrDefault), Type.EmptyTypes)!);
        }
        else
            il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Callvirt, append ?? ActionOf(given).GetMethod(nameof(Action.Invoke))!);
        il.MarkLabel(end);
    }

    private static void EmitElement(ILGenerator il, string field, int place)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, typeof(Members).GetField(field)!);
        il.Emit(OpCodes.Ldc_I4, place);
        il.Emit(OpCodes.Ldelem_Ref);
    }

    /// <summary>What a function is bound to: for each member what stands before it, its values when it is an enum, and its writer when it is a record or a list.</summary>
    private sealed class Members(JsonPrefix[] before, JsonEnumMember?[] enums, Delegate?[] writers)
    {
        public readonly JsonPrefix[] Before = before;
        public readonly JsonEnumMember?[] Enums = enums;
        public readonly Delegate?[] Writers = writers;
    }
}
