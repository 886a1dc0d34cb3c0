using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;

namespace IoTJobsEmulator.Wire;

/// <summary>
/// Writes answers that are plain records, and the lists in others, such as the pages of jobs and of executions, in the same bytes as System.Text.Json, but
/// without asking it for each of their thousands of members. A plain record has texts, numbers, moments, maps, other such records, and lists of these.
/// </summary>
internal sealed class PageConverterFactory : JsonConverterFactory
{
    private static readonly string Answers = typeof(Core.Operations.Page).Namespace!;

    private static readonly ConcurrentDictionary<Type, Action<JsonText, object>?> AnswerWriters = [];

    private static readonly Type[] Values = [typeof(string), typeof(bool), typeof(int), typeof(long), typeof(Moment), typeof(ValueMap)];

    /// <summary>What writes answers of a type as a whole; null when it is no plain record.</summary>
    public static Action<JsonText, object>? WriterOfAnswers(Type type) =>
        AnswerWriters.GetOrAdd(type, static type => IsPlainRecord(type) ? (Action<JsonText, object>)Make(nameof(AnswerWriter), type) : null);

    public override bool CanConvert(Type type) => IsList(type) && IsPlainRecord(type.GetGenericArguments()[0]);

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(PageConverter<>).MakeGenericType(type.GetGenericArguments()))!;

    private static bool IsPlainRecord(Type type) =>
        type is { IsClass: true, IsSealed: true, Namespace: { } space } && space.StartsWith(Answers, StringComparison.Ordinal)
        && !type.IsAssignableTo(typeof(IStructure)) && type.GetProperties().All(member => IsPlain(member.PropertyType));

    private static bool IsPlain(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Values.Contains(type) || IsEnumText(type) || IsPlainRecord(type) || (IsList(type) && IsPlain(type.GetGenericArguments()[0]));
    }

    private static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>);

    private static bool IsEnumText(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EnumText<>);

    private sealed class PageConverter<T> : JsonConverter<ValueList<T>> where T : class
    {
        private readonly Action<JsonText, ValueList<T>> _write = ListWriter<T>();

        public override ValueList<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException($"{type} is a part of an answer, which nobody sends to the emulator.");

        public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options)
        {
            var text = JsonText.OfThread();
            _write(text, value);
            writer.WriteRawValue(text.Written, skipInputValidation: true);
        }
    }

    private static Action<JsonText, object> AnswerWriter<T>() where T : class
    {
        var write = RecordWriter<T>();
        return (text, answer) => write(text, (T)answer);
    }

    private static Action<JsonText, ValueList<T>> ListWriter<T>()
    {
        var write = (Action<JsonText, T>)WriterOf(typeof(T));
        return (text, list) =>
        {
            text.Append("["u8);
            for (var i = 0; i < list.Count; i++)
            {
                if (i > 0)
                    text.Append(","u8);
                write(text, list[i]);
            }
            text.Append("]"u8);
        };
    }

    private static Action<JsonText, T> RecordWriter<T>() where T : class
    {
        Member<T>[] members =
        [
            .. typeof(T).GetProperties().Select(property =>
                (Member<T>)Activator.CreateInstance(typeof(Member<,>).MakeGenericType(typeof(T), property.PropertyType), property)!),
        ];
        return (text, record) =>
        {
            text.Append("{"u8);
            var isFirst = true;
            foreach (var member in members)
                isFirst &= !member.Write(text, record, isFirst);
            text.Append("}"u8);
        };
    }

    /// <summary>What writes the values of a type.</summary>
    private static object WriterOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Make(nameof(OptionalWriter), value);
        if (IsEnumText(type))
            return Make(nameof(EnumWriter), type.GetGenericArguments()[0]);
        if (IsList(type))
            return Make(nameof(ListWriter), type.GetGenericArguments()[0]);
        if (type == typeof(string))
            return (Action<JsonText, string>)((text, value) => text.AppendText(value));
        if (type == typeof(bool))
            return (Action<JsonText, bool>)((text, value) => text.Append(value ? "true"u8 : "false"u8));
        if (type == typeof(int))
            return (Action<JsonText, int>)((text, value) => text.AppendNumber(value));
        if (type == typeof(long))
            return (Action<JsonText, long>)((text, value) => text.AppendNumber(value));
        if (type == typeof(Moment))
            return (Action<JsonText, Moment>)((text, value) => text.AppendMoment(value));
        return type == typeof(ValueMap) ? (Action<JsonText, ValueMap>)WriteMap : Make(nameof(RecordWriter), type);
    }

    private static object Make(string method, Type of) =>
        typeof(PageConverterFactory).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(of).Invoke(null, null)!;

    private static Action<JsonText, T?> OptionalWriter<T>() where T : struct
    {
        var write = (Action<JsonText, T>)WriterOf(typeof(T));
        return (text, value) => write(text, value!.Value);
    }

    private static Action<JsonText, EnumText<T>> EnumWriter<T>() where T : struct, Enum => (text, value) => text.AppendText(value.Text);

    private static void WriteMap(JsonText text, ValueMap map)
    {
        text.Append("{"u8);
        var isFirst = true;
        foreach (var (name, value) in map)
        {
            if (!isFirst)
                text.Append(","u8);
            isFirst = false;
            text.AppendText(name);
            text.Append(":"u8);
            text.AppendText(value);
        }
        text.Append("}"u8);
    }

    private abstract class Member<T>
    {
        /// <summary>Answers whether it was written: what is null is not.</summary>
        public abstract bool Write(JsonText text, T record, bool isFirst);
    }

    private sealed class Member<T, TValue>(PropertyInfo property) : Member<T>
    {
        private readonly Func<T, TValue> _get = property.GetMethod!.CreateDelegate<Func<T, TValue>>();
        private readonly Action<JsonText, TValue> _write = (Action<JsonText, TValue>)WriterOf(typeof(TValue));
        private readonly byte[] _name = [.. ",\""u8, .. JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(property.Name)).EncodedUtf8Bytes, .. "\":"u8];

        public override bool Write(JsonText text, T record, bool isFirst)
        {
            if (_get(record) is not { } value)
                return false;
            text.Append(_name.AsSpan(isFirst ? 1 : 0));
            _write(text, value);
            return true;
        }
    }
}
