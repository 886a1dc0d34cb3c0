using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Operations.Requests;

/// <summary>Shows what a request in the journal gave and got.</summary>
internal static class RequestText
{
    /// <summary>The arguments by their names in the API, the members of the body among them.</summary>
    public static JsonObject Input(Operation operation, object?[] arguments)
    {
        var input = new JsonObject();
        foreach (var parameter in operation.Handle.Method.GetParameters())
            Add(input, parameter, arguments[parameter.Position]);
        return input;
    }

    /// <summary>Whether an argument is shown: it comes from the caller, and not from the emulator.</summary>
    public static bool IsShown(object? argument) => argument is string or bool or int or long or IEnumText or IStructure or ReadOnlyMemory<byte>;

    /// <summary>The answer: JSON as it is, other text as a string, other bytes in base64.</summary>
    public static JsonNode? Output(OperationRequest request) => request.Output.Length == 0
        ? null
        : request.IsOutputCut ? Encoding.UTF8.GetString(request.Output.Bytes) : Any(request.Output.Bytes);

    private static void Add(JsonObject input, ParameterInfo parameter, object? value)
    {
        if (!IsShown(value))
            return;
        if (value is ReadOnlyMemory<byte> bytes)
            input[parameter.Name!] = bytes.IsEmpty ? null : Any(bytes.Span);
        else if (value is IStructure)
            AddMembers(input, value);
        else
            input[parameter.GetCustomAttribute<HeaderAttribute>()?.Name ?? parameter.Name!] = JsonSerializer.SerializeToNode(value, value!.GetType(), WireJson.Options);
    }

    private static void AddMembers(JsonObject input, object structure)
    {
        foreach (var (name, member) in JsonSerializer.SerializeToNode(structure, structure.GetType(), WireJson.Options)!.AsObject().ToArray())
            input[name] = member?.DeepClone();
    }

    private static JsonNode? Any(ReadOnlySpan<byte> bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            return Convert.ToBase64String(bytes);
        var text = Encoding.UTF8.GetString(bytes);
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
