using System.Text;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>A request of the journal as somebody would send it again: with the AWS CLI, curl or boto3.</summary>
/// <param name="request">The entry of the journal.</param>
/// <param name="endpoint">The emulator's address.</param>
public sealed class RequestCommands(JsonObject request, string endpoint)
{
    private const string Publish = "Publish", Payload = "payload";

    /// <summary>What stands in the query also where there is a body. Of requests without one, all that is not in the path stands there.</summary>
    private static readonly string[] InQuery = ["force", "namespaceId", "qos", "retain"];

    private readonly string? _operation = (string?)request["operation"], _service = (string?)request["service"];
    private readonly JsonObject? _input = request["input"] as JsonObject;
    private readonly string _account = (string)request["account"]!, _region = (string)request["region"]!;

    /// <summary>The commands by their clients; none for a request that named no operation, or whose arguments could not be read.</summary>
    public IEnumerable<(string Client, string Text)> All()
    {
        if (_operation is null || _service is null || _input is null)
            yield break;
        yield return ("AWS CLI", Cli(_operation, _service, _input));
        if ((string?)request["target"] is { } target && target.Split(' ', 2) is [var method, var path])
            yield return ("curl", Curl(_service, _input, method, path));
        yield return ("boto3", Boto3(_operation, _service, _input));
    }

    private string Cli(string operation, string service, JsonObject input)
    {
        var begin = $"AWS_ACCESS_KEY_ID={_account} AWS_SECRET_ACCESS_KEY=any aws --endpoint-url {endpoint} --region {_region} {service} {Dashed(operation)}";
        return operation == Publish
            ? $"{begin} --topic {Quoted(Text(input["topic"]))} --qos {Text(input["qos"]) switch { "" => "0", var qos => qos }} --cli-binary-format raw-in-base64-out --payload {Quoted(Text(input[Payload]))}"
            : $"{begin} --cli-input-json {Quoted(input.ToJsonString())}";
    }

    private string Curl(string service, JsonObject input, string method, string path)
    {
        var hasBody = method is not ("GET" or "DELETE");
        var others = input.Where(member => InQuery.Contains(member.Key) || !IsInPath(Uri.UnescapeDataString(path), Text(member.Value))).ToList();
        var query = string.Join('&', others.Where(member => !hasBody || InQuery.Contains(member.Key)).Select(member => $"{member.Key}={Uri.EscapeDataString(Text(member.Value))}"));
        var text = new StringBuilder("curl -X ").Append(method).Append(' ').Append(Quoted(endpoint + path + (query.Length > 0 ? "?" + query : "")));
        text.Append(" -H ").Append(Quoted($"Authorization: AWS4-HMAC-SHA256 Credential={_account}/20260101/{_region}/{(service == "iot-data" ? ApiService.IotData : service)}/aws4_request, SignedHeaders=host, Signature=0"));
        if (!hasBody)
            return text.ToString();
        var body = _operation == Publish ? Text(input[Payload]) : new JsonObject(others.Where(member => !InQuery.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString();
        return text.Append(" -d ").Append(Quoted(body)).ToString();
    }

    private string Boto3(string operation, string service, JsonObject input)
    {
        var client = $"boto3.client({Python(service)}, endpoint_url={Python(endpoint)}, region_name={Python(_region)}, aws_access_key_id={Python(_account)}, aws_secret_access_key=\"any\")";
        var arguments = operation == Publish
            ? string.Join(", ", input.Select(member => $"{member.Key}={(member.Key == Payload ? Python(Text(member.Value)) : Literal(member.Value))}"))
            : $"**json.loads({Python(input.ToJsonString())})";
        return $"{client}.{Dashed(operation).Replace('-', '_')}({arguments})";
    }

    /// <summary>Whether a value is a level of a path, or, as topics are, its end.</summary>
    private static bool IsInPath(string path, string value) => path.Split('/').Contains(value) || path.EndsWith("/" + value, StringComparison.Ordinal);

    /// <summary>CreateJob as the CLI has it: create-job.</summary>
    private static string Dashed(string operation)
    {
        var text = new StringBuilder();
        foreach (var letter in operation)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }

    /// <summary>A text as it is, anything else as JSON.</summary>
    private static string Text(JsonNode? value) =>
        value is null ? "" : value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : value.ToJsonString();

    private static string Literal(JsonNode? value) => Text(value) switch
    {
        "true" => "True",
        "false" => "False",
        var text when value is JsonValue given && given.TryGetValue<string>(out _) => Python(text),
        var number => number,
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Python(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
