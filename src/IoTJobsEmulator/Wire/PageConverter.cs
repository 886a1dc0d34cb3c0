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
        return RecordWriter.AppendOf(type) is not null || IsPlainRecord(type) || (IsList(type) && IsPlain(type.GetGenericArguments()[0]));
    }

    private static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>);

    private sealed class PageConverter<T> : JsonConverter<ValueList<T>> where T : class
    {
        private readonly Action<JsonText, JsonPrefix, ValueList<T>> _write = ListWriter<T>();

        public override ValueList<T> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException($"{type} is a part of an answer, which nobody sends to the emulator.");

        public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options)
        {
            using var text = JsonText.Rent();
            _write(text, JsonPrefix.None, value);
            writer.WriteRawValue(text.Written.Span, skipInputValidation: true);
        }
    }

    private static Action<JsonText, object> AnswerWriter<T>() where T : class
    {
        var write = (Action<JsonText, JsonPrefix, T>)WriterOf(typeof(T));
        return (text, answer) => write(text, JsonPrefix.None, (T)answer);
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

    /// <summary>What writes the values of a type.</summary>
    private static Delegate WriterOf(Type type)
    {
        if (IsList(type))
            return (Delegate)Make(nameof(ListWriter), type.GetGenericArguments()[0]);
        return RecordWriter.AppendOf(type)?.CreateDelegate(RecordWriter.ActionOf(type)) ?? RecordWriter.Of(type, WriterOf);
    }

    private static object Make(string method, Type of) =>
        typeof(PageConverterFactory).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(of).Invoke(null, null)!;
}
