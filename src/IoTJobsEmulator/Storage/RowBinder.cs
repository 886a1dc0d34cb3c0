using System.Reflection.Emit;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// Makes the functions with which <see cref="RowWriter"/> binds the members of a row to parameters. One for all members, because a call for each takes
/// longer; as IL and not as an expression tree, because those would be loaded and compiled for every emulator that writes its first row.
/// </summary>
internal static class RowBinder
{
    /// <summary>A function that binds members of a row to the parameters from the first on, after as many as it is told.</summary>
    public static Action<WriteStatement, object, int> Of(Type rowType, IReadOnlyList<StoredColumn> members, int first)
    {
        // The converters are what the function is bound to.
        ColumnConverter?[] converters = [.. members.Select(member => member.Converter)];
        var method = new DynamicMethod($"Bind{rowType.Name}", null, [typeof(ColumnConverter?[]), typeof(WriteStatement), typeof(object), typeof(int)], typeof(RowBinder).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var row = il.DeclareLocal(rowType);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Castclass, rowType);
        il.Emit(OpCodes.Stloc, row);
        for (var i = 0; i < members.Count; i++)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_3);
            il.Emit(OpCodes.Ldc_I4, first + i);
            il.Emit(OpCodes.Add);
            var bound = LoadStored(il, members[i], i, row);
            il.Emit(OpCodes.Call, typeof(WriteStatement).GetMethod(nameof(WriteStatement.Bind), [typeof(int), bound])!);
        }
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Action<WriteStatement, object, int>>(converters);
    }

    /// <summary>Puts the value of a member, or null, on the stack as one of the types that <see cref="WriteStatement"/> binds. Answers which.</summary>
    private static Type LoadStored(ILGenerator il, StoredColumn column, int place, LocalBuilder row)
    {
        var type = column.Member.PropertyType;
        var given = Nullable.GetUnderlyingType(type) ?? type;
        var stored = column.Converter?.Stored ?? given;
        var bound = column.ColumnType switch
        {
            "INTEGER" when stored == typeof(long) || stored == typeof(int) || stored == typeof(bool) => typeof(long?),
            "REAL" when stored == typeof(double) => typeof(double?),
            "TEXT" when stored == typeof(string) => typeof(string),
            var other => throw new NotSupportedException($"{row.LocalType.Name}.{column.Name} is {other}."),
        };
        var (value, isNull, end) = (il.DeclareLocal(type), il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Ldloc, row);
        il.Emit(OpCodes.Callvirt, column.Member.GetMethod!);
        il.Emit(OpCodes.Stloc, value);
        if (given != type)
        {
            il.Emit(OpCodes.Ldloca, value);
            il.Emit(OpCodes.Call, type.GetProperty(nameof(Nullable<int>.HasValue))!.GetMethod!);
            il.Emit(OpCodes.Brfalse, isNull);
        }
        else if (!type.IsValueType)
        {
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Brfalse, isNull);
        }
        if (column.Converter is { } converter)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, place);
            il.Emit(OpCodes.Ldelem_Ref);
            il.Emit(OpCodes.Castclass, converter.GetType());
        }
        if (given != type)
        {
            il.Emit(OpCodes.Ldloca, value);
            il.Emit(OpCodes.Call, type.GetMethod(nameof(Nullable<int>.GetValueOrDefault), Type.EmptyTypes)!);
        }
        else
            il.Emit(OpCodes.Ldloc, value);
        if (column.Converter is not null)
            il.Emit(OpCodes.Callvirt, column.Converter.ToColumn);
        if (bound == typeof(long?))
            il.Emit(OpCodes.Conv_I8);
        if (bound != typeof(string))
            il.Emit(OpCodes.Newobj, bound.GetConstructor([Nullable.GetUnderlyingType(bound)!])!);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(isNull);
        if (bound == typeof(string))
            il.Emit(OpCodes.Ldnull);
        else
        {
            var nothing = il.DeclareLocal(bound);
            il.Emit(OpCodes.Ldloca, nothing);
            il.Emit(OpCodes.Initobj, bound);
            il.Emit(OpCodes.Ldloc, nothing);
        }
        il.MarkLabel(end);
        return bound;
    }
}
