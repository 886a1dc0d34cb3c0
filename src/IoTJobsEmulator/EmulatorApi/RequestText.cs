using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.Shapes;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>Shows what a request in the journal gave and got. Signatures and tokens of presigned URLs are cut out.</summary>
internal static class RequestText
{
    /// <summary>Parameters of presigned URLs, of S3 and of the emulator's own.</summary>
    private static readonly string[] SecretParameters = ["X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Credential", "signature"];

    /// <summary>The arguments by their names in the API, the members of the body among them.</summary>
    public static JsonNode? Input(OperationRequest request)
    {
        if (request.Arguments is not { } arguments || request.Operation is not { } operation)
            return null;
        var input = new JsonObject();
        foreach (var parameter in operation.Handle.Method.GetParameters())
            Add(input, parameter, arguments[parameter.Position]);
        return JsonNode.Parse(WithoutSecrets(input.ToJsonString(WireJson.Options)));
    }

    /// <summary>The answer: JSON as it is, other text as a string, other bytes in base64.</summary>
    public static JsonNode? Output(OperationRequest request) => request.Output.IsEmpty
        ? null
        : request.IsOutputCut ? WithoutSecrets(Encoding.UTF8.GetString(request.Output.Span)) : Any(request.Output.Span);

    private static void Add(JsonObject input, ParameterInfo parameter, object? value)
    {
        if (value is null)
            return;
        if (value is ReadOnlyMemory<byte> bytes)
            input[parameter.Name!] = bytes.IsEmpty ? null : Any(bytes.Span);
        else if (value is IStructure)
            AddMembers(input, value);
        else if (value is string or bool or int or long or IEnumText)
            input[parameter.GetCustomAttribute<HeaderAttribute>()?.Name ?? parameter.Name!] = JsonSerializer.SerializeToNode(value, value.GetType(), WireJson.Options);
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
        var text = WithoutSecrets(Encoding.UTF8.GetString(bytes));
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>Cuts the values of secret parameters out, in one pass.</summary>
    private static string WithoutSecrets(string text)
    {
        var shown = new StringBuilder();
        var copied = 0;
        for (var at = text.IndexOf('=', StringComparison.Ordinal); at >= 0; at = text.IndexOf('=', at))
        {
            if (!IsSecret(text.AsSpan(0, at++)))
                continue;
            shown.Append(text, copied, at - copied).Append("(cut)");
            while (at < text.Length && text[at] is not ('&' or '"' or '\\') && !char.IsWhiteSpace(text[at]))
                at++;
            copied = at;
        }
        return copied == 0 ? text : shown.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Whether a text ends with the name of a secret parameter. In JSON the ampersand before it may be written as an escape.</summary>
    private static bool IsSecret(ReadOnlySpan<char> text)
    {
        foreach (var name in SecretParameters)
        {
            if (text.EndsWith(name, StringComparison.OrdinalIgnoreCase) && text[..^name.Length] is [.., '?' or '&'] or [.., '\\', 'u', '0', '0', '2', '6'])
                return true;
        }
        return false;
    }
}
