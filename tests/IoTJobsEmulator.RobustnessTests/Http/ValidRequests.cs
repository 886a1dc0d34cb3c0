using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.RobustnessTests.Http;

/// <summary>Requests as the emulator's own OpenAPI documents describe them.</summary>
internal sealed class ValidRequests
{
    private static readonly string[] Names = ["pump-1", "pumps", "update-firmware", "firmware-update", "$next", "nobody", "a:b", "x"];

    /// <summary>What would wait on purpose.</summary>
    private const string Waits = "wait";

    private readonly List<(string Method, string Path, JsonNode Operation, JsonNode Document)> _operations = [];

    private ValidRequests(IEnumerable<JsonNode> documents)
    {
        foreach (var document in documents)
            foreach (var (path, methods) in document["paths"]!.AsObject())
                foreach (var (method, operation) in methods!.AsObject())
                    _operations.Add((method.ToUpperInvariant(), path, operation!, document));
    }

    public int Count => _operations.Count;

    public static async Task<ValidRequests> Of(Api api) => new(await Task.WhenAll(new[] { "control-plane", "data-plane", "iot-data", "emulator" }
        .Select(async name => (await Api.Done(api.Get($"/swagger/{name}/swagger.json"))).Body!)));

    /// <summary>The documents' own examples, without those that end or delete something: they make what others ask about.</summary>
    public IEnumerable<RawRequest> Story() => from operation in _operations
                                              where operation.Method is "POST" or "PUT" && (string?)operation.Operation["operationId"] is { } name && IsBeginning(name)
                                              select Example(operation);

    public RawRequest Any(Random random)
    {
        var operation = _operations[random.Next(_operations.Count)];
        var request = Example(operation, random);
        if (operation.Operation["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema && random.Next(3) > 0)
            request.Body = Encoding.UTF8.GetBytes(Value(operation.Document, schema, random, depth: 0)?.ToJsonString() ?? "null");
        return request;
    }

    private static bool IsBeginning(string operation) =>
        !new[] { "Reset", "AdvanceClock", "Cancel", "Remove", "Deprecate", "Detach", "Untag", "SetClock", "PutState" }.Any(ending => operation.StartsWith(ending, StringComparison.Ordinal));

    /// <summary>The example of a document, or with chance also some of what is optional, and other names.</summary>
    private static RawRequest Example((string Method, string Path, JsonNode Operation, JsonNode Document) operation, Random? random = null)
    {
        var path = operation.Path;
        var request = new RawRequest { Operation = (string)operation.Operation["operationId"]!, Method = operation.Method, Path = path };
        foreach (var parameter in operation.Operation["parameters"]?.AsArray() ?? [])
        {
            var (name, place, example) = ((string)parameter!["name"]!, (string)parameter["in"]!, parameter["example"]);
            if (name == Waits || (example is null && random?.Next(3) != 0))
                continue;
            var value = Escaped(example is not null && random?.Next(4) != 0 ? example : Value(operation.Document, parameter["schema"]!, random!, depth: 9));
            if (place == "path")
                request.Path = request.Path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
            else if (place == "query")
                request.Query.Add((name, value));
            else
                request.Headers.Add((name, Uri.UnescapeDataString(value)));
        }
        if (operation.Operation["requestBody"]?["content"]?["application/json"]?["example"] is { } body)
            request.Body = Encoding.UTF8.GetBytes(body.ToJsonString());
        return request;
    }

    private static string Escaped(JsonNode? value) => WebUtility.UrlEncode(value is JsonValue ? value.ToString() : value?.ToJsonString() ?? "").Replace("+", "%20", StringComparison.Ordinal);

    /// <summary>Something that the schema describes, though not within all its bounds.</summary>
    private static JsonNode? Value(JsonNode document, JsonNode schema, Random random, int depth)
    {
        while ((string?)schema["$ref"] is { } reference)
            schema = document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        if (schema["allOf"]?[0] is { } whole)
            return Value(document, whole, random, depth);
        if (schema["enum"] is JsonArray values)
            return values[random.Next(values.Count)]!.DeepClone();
        return TypeOf(schema) switch
        {
            "object" when schema["properties"] is JsonObject properties => new JsonObject(properties
                .Where(property => random.Next(10) < (depth < 3 ? 5 : 1))
                .Select(property => KeyValuePair.Create(property.Key, Value(document, property.Value!, random, depth + 1)))),
            "object" => new JsonObject([KeyValuePair.Create(Name(random), schema["additionalProperties"] is JsonObject inner ? Value(document, inner, random, depth + 1) : (JsonNode?)"x")]),
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Value(document, schema["items"]!, random, depth + 1))]),
            "integer" => random.Next(4) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(0, 20),
            "number" => random.NextDouble() * 100,
            "boolean" => random.Next(2) == 0,
            _ => Name(random),
        };
    }

    private static string? TypeOf(JsonNode schema) => schema["type"] is JsonArray types ? (string?)types[0] : (string?)schema["type"];

    private static string Name(Random random) => random.Next(6) switch
    {
        0 => "arn:aws:iot:us-east-1:123456789012:thing/pump-1",
        1 => "arn:aws:iot:us-east-1:123456789012:thinggroup/pumps",
        2 => string.Create(CultureInfo.InvariantCulture, $"{random.Next(1_000)}"),
        3 => """{"operation": "install"}""",
        _ => Names[random.Next(Names.Length)],
    };
}
