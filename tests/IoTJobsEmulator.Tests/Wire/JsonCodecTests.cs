using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Jobs;
using IoTJobsEmulator.Core.Operations.IotJobsData;
using IoTJobsEmulator.Core.Operations.JobExecutions;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Tests.Wire;

/// <summary>
/// Structures of requests and of answers are read and written as System.Text.Json does it by reflection: the same values, the same bytes, and the same is refused.
/// </summary>
public sealed class JsonCodecTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Type[] Structures =
        [.. typeof(IStructure).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IStructure)))];

    private static readonly Type[] Answers = [.. PartsOf(typeof(IStructure).Assembly.GetTypes()
        .Where(type => type.Namespace is { } space && space.StartsWith(typeof(Core.Operations.Page).Namespace!, StringComparison.Ordinal))
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.Name == "Handle")
        .Select(method => method.ReturnType))];

    private static readonly (JsonSerializerOptions WithCodecs, JsonSerializerOptions Reflecting)[] Options =
    [
        .. new[] { WireJson.Options, WireJson.Strict, WireJson.OptionsOf(typeof(EmulatorApi.Seeds.SeedDocument)) }.Select(options => (options, ReflectingJson.Of(options))),
    ];

    private static readonly JsonSerializerOptions ReflectingForDevices = new(ReflectingJson.Of(DeviceRequestJson.Options))
    {
        Converters = { new BooleanOfDevices(), new DetailOfDevices() },
    };

    /// <summary>What devices send over MQTT.</summary>
    private static readonly Type[] OfDevices = [typeof(UpdateJobExecution.Request), typeof(StartNextPendingJobExecution.Request)];

    /// <summary>In place of a member's value: of its own kind, of any other, with something unknown in it, and null.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "60", "1.0", "1.5", "1e2", "-0", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "1e400", "1560787022.733",
        "\"\"", "\"1\"", "\"+1\"", "\" 1\"", "\"1.0\"", "\"2147483648\"", "\"9223372036854775808\"", "\"\\u0031\"", "\"NaN\"", "\"true\"", "\"text\"", "\"IN_PROGRESS\"", "\"half \\ud83d\"", "\"D\\u00fcse \\n\"",
        "[]", "[null]", "[1]", "[\"a\"]", "[\"a\",null,\"b\"]", "[{}]", "[{},null,{}]", "[[]]", "[{\"unknown\":1}]",
        "{}", "{\"a\":null}", "{\"a\":1}", "{\"a\":\"b\"}", "{\"a\":\"b\",\"c\":\"d\",\"a\":\"e\"}", "{\"a\":{}}", "{\"a\":{\"Enabled\":true}}", "{\"half \\ud83d\":\"b\"}", "{\"unknown\":{\"a\":[1,{}]}}",
    ];

    public static TheoryData<string> AllStructures => [.. Structures.Select(type => type.FullName!)];

    public static TheoryData<string> AllAnswers => [.. Answers.Select(type => type.FullName!)];

    [Fact]
    public void All_structures_and_answers_of_operations_have_a_codec() =>
        Assert.All(Structures.Concat(Answers), type => Assert.True(JsonCodecs.Find(type) is not null, type.FullName));

    /// <summary>The texts of errors are made of it.</summary>
    [Fact]
    public void Codecs_know_the_members_that_the_serializer_knows() => Assert.All(Structures.Concat(Answers), type =>
    {
        var (codec, info) = (JsonCodecs.Find(type)!, ReflectingJson.Options.GetTypeInfo(type));
        Assert.Equal(info.UnmappedMemberHandling, codec.UnknownMembers);
        Assert.Equal(info.Properties.Select(member => (member.Name, member.PropertyType, member.NumberHandling)), codec.Members!.Select(member => (member.Name, member.Type, member.NumberHandling)));
        foreach (var member in info.Properties.Where(member => JsonCodecs.Find(member.PropertyType) is not null))
        {
            var (own, its) = (JsonCodecs.Find(member.PropertyType)!, ReflectingJson.Options.GetTypeInfo(member.PropertyType));
            if (member.PropertyType != typeof(ValueList<string>)) // which has a converter
                Assert.Equal((its.Kind == JsonTypeInfoKind.Enumerable, its.Kind == JsonTypeInfoKind.Dictionary), (own.TypeOfElements is not null, own.TypeOfValues is not null));
            Assert.Equal(its.ElementType ?? (member.PropertyType == typeof(ValueList<string>) ? typeof(string) : null), own.TypeOfElements ?? own.TypeOfValues);
        }
    });

    [Theory]
    [MemberData(nameof(AllStructures))]
    public void Each_member_with_each_value(string structure)
    {
        var type = TypeOf(structure);
        foreach (var name in NamesOf(type))
        {
            foreach (var value in Values)
            {
                AssertSame(type, $$"""{"{{name}}":{{value}}}""");
                AssertSame(type, $$"""{"{{name}}":{{value}},"{{name}}":null}""");
                AssertSame(type, $$"""{"{{name}}":null,"{{name}}":{{value}}}""");
            }
        }
    }

    /// <summary>Structures within others, in which something is unknown or wrong.</summary>
    [Theory]
    [MemberData(nameof(AllStructures))]
    public void All_members_at_once(string structure)
    {
        var type = TypeOf(structure);
        foreach (var leaf in (string[])["null", "1", "\"text\"", "[]", "{\"unknown\":1}"])
        {
            AssertSame(type, Sample(type, leaf, names => names));
            AssertSame(type, Sample(type, leaf, names => names.Reverse()));
            AssertSame(type, Sample(type, leaf, names => names.Concat(names)));
            AssertSame(type, Sample(type, leaf, names => [.. names, "unknown"]));
        }
    }

    [Theory]
    [MemberData(nameof(AllStructures))]
    public void Other_json(string structure)
    {
        var type = TypeOf(structure);
        var name = NamesOf(type).First();
        var escaped = $"\\u{(int)name[0]:x4}{name[1..]}";
        string[] texts =
        [
            "null", "1", "true", "\"text\"", "[]", "[{}]", "{}", " {} ", "", "{", "}", "{}{}", "{},", "{,}", "{\"", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\" 1}", "{a:1}",
            "{/* a comment */}", "// a comment\n{\"a\":1}", $$"""{"{{name}}":null,}""", $$"""{"{{name}}":/* a comment */null}""", $$"""{"{{name}}"/* a comment */:null}""",
            $$"""{"{{escaped}}":"text"}""", $$"""{"{{escaped}}":1}""", $$"""{"{{escaped}}":null}""", $$"""{"{{name.ToUpperInvariant()}}":1}""", $$"""{"{{name}} ":1}""", $$"""{"":1}""",
            """{"half \ud83d":1}""", """{"\ud83d":1}""", """{"$id":"1","$ref":"1","$type":"1"}""", """{"unknown":"\x"}""", """{"unknown":01}""", """{"unknown":[1,]}""",
            $"{{\"unknown\":{Nested(62)}}}", $"{{\"unknown\":{Nested(63)}}}", $"{{\"unknown\":{Nested(64)}}}",
        ];
        foreach (var text in texts)
            AssertSame(type, text);
        foreach (var invalid in (byte[][])[[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0]])
        {
            AssertSame(type, [.. "{\"unknown\":\""u8, .. invalid, .. "\"}"u8]);
            AssertSame(type, [.. "{\""u8, .. invalid, .. "\":1}"u8]);
            AssertSame(type, [.. Encoding.UTF8.GetBytes($"{{\"{name}\":\""), .. invalid, .. "\"}"u8]);
        }
    }

    [Theory]
    [MemberData(nameof(AllAnswers))]
    public void Answers_are_written_alike(string answer)
    {
        var type = TypeOf(answer);
        foreach (var given in (bool[])[true, false])
        {
            var value = Make(type, given)!;
            var expected = JsonSerializer.Serialize(value, type, ReflectingJson.Options);
            Assert.Equal(expected, JsonSerializer.Serialize(value, type, WireJson.Options));
            using var text = WireJson.Text(value, type);
            Assert.Equal(expected, Encoding.UTF8.GetString(text.Written.Span));
        }
    }

    [Fact]
    public void Members_are_written_as_their_attributes_say() => Assert.Equal(
        """{"first":1,"Second":"text"}""", JsonSerializer.Serialize(new Named { First = 1, Second = "text" }, WireJson.Options));

    /// <summary>What a codec does not know of is left to System.Text.Json, and may have structures in it.</summary>
    [Fact]
    public void Other_types_are_left_to_the_serializer()
    {
        Assert.Null(JsonCodecs.Find(typeof(Derived)));
        Assert.Null(JsonCodecs.Find(typeof(WithIgnored)));
        Assert.Null(JsonCodecs.Find(typeof(WithTime)));
        Assert.Null(JsonCodecs.Find(typeof(EmulatorApi.FaultList)));
        var (json, value) = ("""{"config":{"inProgressTimeoutInMinutes":5},"at":"2026-01-01T00:00:00.000Z"}""", new WithTime { Config = new() { InProgressTimeoutInMinutes = 5 }, At = new(2026, 1, 1, 0, 0, 0, default) });
        Assert.Equal(json, JsonSerializer.Serialize(value, WireJson.Options));
        Assert.Equal(value, JsonSerializer.Deserialize<WithTime>(json, WireJson.Options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<WithTime>("""{"config":{"unknown":5}}""", WireJson.Strict));
    }

    [Fact]
    public void Answers_are_not_read()
    {
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<CreateJob.Response>("{}", WireJson.Options));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<JobExecutionView>("{}", WireJson.Options));
    }

    private static void AssertSame(Type type, string json) => AssertSame(type, Encoding.UTF8.GetBytes(json));

    private static void AssertSame(Type type, byte[] json)
    {
        foreach (var (options, reflecting) in OfDevices.Contains(type) ? [.. Options, (DeviceRequestJson.Options, ReflectingForDevices)] : Options)
        {
            var (expected, expectedError) = Read(type, json, reflecting);
            var (value, error) = Read(type, json, options);
            Assert.True(expectedError == error, $"{type} {Encoding.UTF8.GetString(json)}: {expectedError?.Name ?? "read"}, and {error?.Name ?? "read"} with a codec.");
            if (expected is null)
            {
                Assert.Null(value);
                continue;
            }
            Assert.True(AreEqual(expected, value), $"{type} {Encoding.UTF8.GetString(json)}: {expected}, and {value} with a codec.");
            Assert.Equal(JsonSerializer.Serialize(expected, type, reflecting), JsonSerializer.Serialize(value, type, options));
        }
    }

    private static (object? Value, Type? Error) Read(Type type, byte[] json, JsonSerializerOptions options)
    {
        try
        {
            return (JsonSerializer.Deserialize(json, type, options), null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, e.GetType());
        }
    }

    /// <summary>Records are equal with equal members, but for a map that has no equality of its own.</summary>
    private static bool AreEqual(object expected, object? value) =>
        expected.Equals(value)
        || (expected is Core.Operations.Events.UpdateEventConfigurations.Request { EventConfigurations: { } pairs }
            && value is Core.Operations.Events.UpdateEventConfigurations.Request { EventConfigurations: { } others }
            && pairs.GetType() == others.GetType() && pairs.SequenceEqual(others));

    private static IEnumerable<string> NamesOf(Type type) => ReflectingJson.Options.GetTypeInfo(type).Properties.Select(member => member.Name);

    /// <summary>An object with all members, and all of theirs. Where there is no structure there is the text that is given.</summary>
    private static string Sample(Type type, string leaf, Func<IEnumerable<string>, IEnumerable<string>> choose)
    {
        var info = ReflectingJson.Options.GetTypeInfo(type);
        if (info.Kind == JsonTypeInfoKind.Enumerable)
            return $"[{Sample(info.ElementType!, leaf, choose)},{Sample(info.ElementType!, leaf, choose)}]";
        if (info.Kind != JsonTypeInfoKind.Object)
            return Right(type) ?? leaf;
        var members = info.Properties.ToDictionary(member => member.Name, member => Sample(member.PropertyType, leaf, choose));
        return $"{{{string.Join(',', choose(members.Keys).Select(name => $"\"{name}\":{members.GetValueOrDefault(name, leaf)}"))}}}";
    }

    private static string? Right(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var number when number == typeof(int) || number == typeof(long) => "60",
        var flag when flag == typeof(bool) => "true",
        var map when map == typeof(ValueMap) => "{\"a\":\"b\"}",
        var list when list == typeof(ValueList<string>) => "[\"a\"]",
        _ => null,
    };

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static Type TypeOf(string name) => typeof(IStructure).Assembly.GetType(name)!;

    private static HashSet<Type> PartsOf(IEnumerable<Type> types)
    {
        HashSet<Type> parts = [];
        var rest = new Queue<Type>(types);
        while (rest.TryDequeue(out var type))
        {
            if (type.IsGenericType)
                rest.Enqueue(type.GetGenericArguments()[^1]);
            else if (type.Assembly == typeof(IStructure).Assembly && type.IsClass && type != typeof(ValueMap) && parts.Add(type))
                Array.ForEach(type.GetProperties(), member => rest.Enqueue(member.PropertyType));
        }
        return parts;
    }

    /// <summary>A value of a type, with all members or without those that may be null.</summary>
    private static object? Make(Type type, bool given)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        if (value == typeof(Job))
            return new Job { JobId = "update-firmware", Ordinal = 1, Targets = [], TargetSelection = TargetSelection.SNAPSHOT, Status = JobStatus.IN_PROGRESS, CreatedAt = new(5), LastUpdatedAt = new(6) };
        if (value == typeof(JobExecution))
            return new JobExecution { JobId = "update-firmware", ThingName = "pump-1", Ordinal = 1, Status = JobExecutionStatus.QUEUED, QueuedAt = new(7), LastUpdatedAt = new(8), ExecutionNumber = 1 };
        if (value == typeof(string))
            return "a \"text\"";
        if (value == typeof(ArnText))
            return new ArnText("arn:", "thing/pump-1");
        if (value == typeof(Moment))
            return new Moment(1_767_225_610_003);
        if (value == typeof(ValueMap))
            return new ValueMap(given ? [KeyValuePair.Create("a", "b"), KeyValuePair.Create("c\n", "")] : []);
        if (value.IsPrimitive)
            return value == typeof(bool) ? given : Convert.ChangeType(given ? 50 : 0, value, System.Globalization.CultureInfo.InvariantCulture);
        if (value.IsAssignableTo(typeof(IEnumText)))
            return ((IEnumerable<object>)value.GetProperty(nameof(EnumText<>.All))!.GetValue(null)!).First();
        if (value.IsGenericType)
            return MakeCollection(value, given);
        var constructor = value.GetConstructors().Single();
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Argument(parameter.ParameterType, given, Nullability.Create(parameter)))]);
        foreach (var property in value.GetProperties().Where(property => property.CanWrite && constructor.GetParameters().Length == 0))
            property.SetValue(made, Argument(property.PropertyType, given, Nullability.Create(property)));
        return made;
    }

    private static object? Argument(Type type, bool given, NullabilityInfo nullability) =>
        !given && nullability.WriteState == NullabilityState.Nullable ? null : Make(type, given);

    private static object MakeCollection(Type type, bool given)
    {
        var element = type.GetGenericArguments()[^1];
        object?[] elements = [Make(element, given), Make(element, !given)];
        if (type.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            var typed = Array.CreateInstance(element, elements.Length);
            elements.CopyTo(typed, 0);
            return Activator.CreateInstance(type, typed)!;
        }
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), element))!;
        map.Add("a \"name\"", elements[0]);
        map.Add("b", elements[1]);
        return map;
    }

    /// <summary>Also as text.</summary>
    private sealed class BooleanOfDevices : JsonConverter<bool>
    {
        public override bool Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.String when reader.ValueTextEquals("true"u8) => true,
            JsonTokenType.String when reader.ValueTextEquals("false"u8) => false,
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
    }

    /// <summary>A value of statusDetails, also as a number or boolean.</summary>
    private sealed class DetailOfDevices : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private sealed record Named
    {
        public int First { get; init; }

        [JsonPropertyName("Second")] public string? Second { get; init; }
    }

    private sealed record WithTime
    {
        public TimeoutConfig? Config { get; init; }

        public DateTimeOffset? At { get; init; }
    }

    private sealed record WithIgnored
    {
        [JsonIgnore] public int First { get; init; }
    }

    private record Basic
    {
        public int First { get; init; }
    }

    private sealed record Derived : Basic;
}
