using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Operations;

/// <summary>
/// Binds one JSON object to the parameters of an operation's method, as SDKs take the input of an operation: what HTTP has in the path, the
/// query, a header and the body stands in it side by side, under its own name. Members that the operation does not have are refused.
/// </summary>
internal sealed class InputBinder
{
    private readonly (int Place, Type Type)[] _fromTheEmulator;
    private readonly Dictionary<string, Text> _texts;
    private readonly int _count;
    private readonly int? _structure;
    private readonly Text? _bytes;
    private readonly Lazy<JsonTypeInfo>? _structureType;

    /// <exception cref="NotSupportedException">A parameter has a type that no JSON is read as.</exception>
    public InputBinder(MethodInfo handle, IServiceProviderIsService services)
    {
        var parameters = handle.GetParameters();
        _count = parameters.Length;
        _fromTheEmulator = [.. parameters.Where(parameter => parameter.IsFromTheEmulator(services)).Select(parameter => (parameter.Position, parameter.ParameterType))];
        _texts = [];
        var nullability = new NullabilityInfoContext();
        foreach (var parameter in parameters.Where(parameter => !parameter.IsFromTheEmulator(services)))
        {
            var type = parameter.ParameterType;
            if (type.IsAssignableTo(typeof(IStructure)))
                (_structure, _structureType) = (parameter.Position, new(() => WireJson.Strict.GetTypeInfo(type)));
            else if (type == typeof(ReadOnlyMemory<byte>))
                _bytes = new(parameter, text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text), isRequired: false);
            else
                _texts.Add(parameter.Name!, new(parameter, Parameters.Parser(type), nullability.Create(parameter).WriteState == NullabilityState.NotNull));
        }
    }

    /// <summary>The arguments, one for each parameter. Those that are not given are null; bytes that are not given are none.</summary>
    /// <param name="input">An object whose texts are valid Unicode.</param>
    /// <param name="own">What the emulator gives for a type.</param>
    /// <exception cref="ServiceException">InvalidRequest: a member is unknown, or does not fit its type.</exception>
    public object?[] Bind(JsonElement input, Func<Type, object?> own)
    {
        var arguments = new object?[_count];
        foreach (var (place, type) in _fromTheEmulator)
            arguments[place] = own(type);
        if (_bytes is not null)
            arguments[_bytes.Place] = ReadOnlyMemory<byte>.Empty;
        var ofBody = 0;
        foreach (var member in input.EnumerateObject())
        {
            if (_texts.TryGetValue(member.Name, out var text))
                arguments[text.Place] = text.Read(member.Value);
            else if (member.Name == _bytes?.Name)
                arguments[_bytes.Place] = _bytes.ReadAny(member.Value);
            else if (_structureType is null)
                throw ServiceError.InvalidRequest.Because($"1 validation error detected: '{member.Name}' is unknown");
            else
                ofBody++;
        }
        // HTTP has them in the path, where they cannot be left out.
        if (_texts.Values.FirstOrDefault(text => text.IsRequired && arguments[text.Place] is null) is { } missing)
            throw ServiceError.InvalidRequest.Because($"1 validation error detected: Value null at '{missing.Name}' failed to satisfy constraint: Member must not be null");
        if (_structure is { } structure && ofBody > 0)
            arguments[structure] = ReadStructure(input);
        return arguments;
    }

    private object ReadStructure(JsonElement input)
    {
        var json = MembersOfBody(input);
        try
        {
            return JsonSerializer.Deserialize(json, _structureType!.Value)!;
        }
        catch (JsonException)
        {
            throw SerializationErrors.ForBody(json, _structureType!.Value.Type, WireJson.Strict, "Input");
        }
    }

    private ReadOnlySpan<byte> MembersOfBody(JsonElement input)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var member in input.EnumerateObject())
            {
                if (!_texts.ContainsKey(member.Name) && member.Name != _bytes?.Name)
                    member.WriteTo(json);
            }
            json.WriteEndObject();
        }
        return bytes.WrittenSpan;
    }

    /// <summary>A parameter that HTTP has outside a JSON body, as text. A number or boolean is the text that HTTP would have.</summary>
    private sealed class Text(ParameterInfo parameter, Func<string, object?> parse, bool isRequired)
    {
        public bool IsRequired => isRequired;

        public int Place => parameter.Position;

        public string Name => parameter.Name!;

        public object? Read(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => Parsed(value.GetString()!),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when !IsText => Parsed(value.GetRawText()),
            _ => throw Misfit(value.GetRawText()),
        };

        /// <summary>What is no text is its JSON.</summary>
        public object? ReadAny(JsonElement value) => parse(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());

        private bool IsText => (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) is var type
            && (type == typeof(string) || type.IsAssignableTo(typeof(IEnumText)));

        private object Parsed(string text) => parse(text) ?? throw Misfit(text);

        private ServiceException Misfit(string text) => SerializationErrors.ForValue(text, Name, parameter.ParameterType);
    }
}
