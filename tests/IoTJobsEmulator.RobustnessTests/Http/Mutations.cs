using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IoTJobsEmulator.RobustnessTests.Http;

/// <summary>Makes requests that are wrong: in what they say, in how they are framed, or byte by byte.</summary>
internal static class Mutations
{
    private const string Marker = "@@here@@";

    /// <summary>What stands where another value belongs. Not all of it is JSON.</summary>
    private static readonly string[] JsonValues =
    [
        "null", "true", "0", "-1", "1e999", "-0", "99999999999999999999", "9223372036854775807", "0.1", "1E400000", "\"\"", "[]", "{}",
        "[null]", "[[[]]]", "{\"\":1}",
        "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\\u001f\\u007f\\u0085\\u2028\"", "\"\u0001\"", "\"\ud83d\ude00\"",
        "\"\\x\"", "NaN", "Infinity", "'x'", "// no\n1", "1,", "\"2026-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59Z\"", "\"${aws:iot:s3-presigned-url:https://s3.amazonaws.com/a/b}\"", "\"arn:aws:iot:::\"",
        "\"cron(* * * * ? *)\"", "\"" + new string('x', 3_000) + "\"",
        "\"" + new string('\u00e4', 70_000) + "\"", new string('[', 70) + new string(']', 70), new string('[', 50_000), string.Concat(Enumerable.Repeat("{\"a\":", 2_000)),
        "{\"a\":1,\"a\":2}", "\"" + new string('(', 500) + "\"",
    ];

    private static readonly string[] PathParts =
    [
        "", ".", "..", "%2e%2e", "%00", "%", "%zz", "%ff%fe", "%ed%a0%80", "%C3%28", "%2F", "%2f%2f", "\\", "//", ";", "a;b=c", "%0d%0a",
        "$next", "*", "+", "%20", "~", "\"", "<x>", "{x}", "\u00e4",
        new('x', 129), new('x', 2_000), string.Concat(Enumerable.Repeat("%41", 1_000)), "executionNumber", "-1", "99999999999999999999",
    ];

    private static readonly (string Name, string Value)[] HeaderLines =
    [
        ("Authorization", "AWS4-HMAC-SHA256 Credential=/////"),
        ("Authorization", "AWS4-HMAC-SHA256 Credential=111122223333/20260101/eu-west-1/iot-jobs-data/aws4_request"),
        ("Authorization", "AWS4-HMAC-SHA256 Credential=x/20260101//iot/aws4_request, SignedHeaders=host, Signature="),
        ("Authorization", new string('x', 5_000)), ("Authorization", "\u00e4\u00ff"),
        ("Content-Type", "text/plain"), ("Content-Type", "\u00ff;;;"), ("Content-Encoding", "gzip"), ("Accept", "text/html"),
        ("Expect", "100-continue"), ("Expect", "something"), ("Range", "bytes=0-"),
        ("Upgrade", "websocket"), ("Upgrade", "h2c"), ("Connection", "Upgrade"), ("Connection", "close"), ("Connection", ","),
        ("Origin", "http://evil"), ("X-HTTP-Method-Override", "DELETE"), ("x-amzn-principal", ""),
        ("x-amzn-principal", new string('a', 9_000)), ("x-amz-user-agent", "api/iot-jobs-data"), ("X-Amz-Target", "x"),
        ("Cookie", "a=b;;="), ("Transfer-Encoding", "gzip"), ("Content-Length", "0"), ("Host", "other"),
        ("Sec-WebSocket-Key", "x"), ("Sec-WebSocket-Version", "99"), ("If-None-Match", "*"), ("Trailer", "x"),
        ("x-amz-mqtt5-user-properties", "%%%"), ("x-amz-mqtt5-correlation-data", "*"), ("x-amz-mqtt5-payload-format-indicator", "7"),
    ];

    private static readonly string[] Methods = ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "Head", "PROPFIND", "X"];

    private static readonly string[] QueryNames = ["maxResults", "nextToken", "force", "status", "x", ""];

    private static readonly string[] Framings =
    [
        "Content-Length: 0", "Content-Length: 5", "Content-Length: 200000", "Content-Length: 1048577", "Content-Length: 99999999999",
        "Content-Length: 99999999999999999999", "Content-Length: -1",
        "Content-Length: x", "Content-Length: 1, 1", "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: 3\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked", "Transfer-Encoding: x",
        "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: identity", "Transfer-Encoding:", "X", ": x", " x: y", "x : y", "x: \0",
        "Content-Length: 2\n",
    ];

    private static readonly string[] Chunks =
    [
        "2\r\n{}\r\n0\r\n\r\n", "2\r\n{}", "2\r\n{}0\r\n\r\n", "x\r\n", "-2\r\n{}\r\n", "ffffffffffffffffff\r\n{}\r\n",
        "FFFFFFFF\r\n{}\r\n", "7fffffff\r\n{}\r\n", "2;a=b\r\n{}\r\n0\r\nTrailer: x\r\n\r\n", "2\n{}\n0\n\n", "\r\n", "0\r\n\r\n",
        "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", "0000000000000000000000000000002\r\n{}\r\n0\r\n\r\n",
    ];

    /// <summary>Changes what a request says. It remains a request.</summary>
    public static void Misstate(RawRequest request, Random random)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
            switch (random.Next(10))
            {
                case < 5 when request.Body is { Length: > 0 }: request.Body = Misstated(request.Body, random); break;
                case 5 when request.Body is { Length: > 0 } body: request.Body = Damaged(body, random); break;
                case 6: request.Path = WithOtherPart(request.Path, random); break;
                case 7: request.Query.Add((Any(QueryNames, random), Target(Any(PathParts, random)))); break;
                case 8 when request.Query.Count > 0: request.Query[random.Next(request.Query.Count)] = (request.Query[0].Name, Target(Any(PathParts, random))); break;
                case 9: request.Method = Any(Methods[..6], random); break;
                default: request.Body ??= Encoding.UTF8.GetBytes(Any(JsonValues, random)); break;
            }
    }

    /// <summary>Bytes that need not be a request any more.</summary>
    public static byte[] Break(RawRequest request, Random random)
    {
        if (random.Next(3) == 0)
            request.Headers.Add(Any(HeaderLines, random));
        var body = request.Body ?? "{}"u8.ToArray();
        return random.Next(8) switch
        {
            0 => Damaged(request.Bytes(), random),
            1 => request.Bytes()[..random.Next(1, request.Bytes().Length)],
            2 => request.Bytes("HTTP/1.1", "localhost", Any(Framings, random), body),
            3 => request.Bytes("HTTP/1.1", "localhost", "Transfer-Encoding: chunked", Encoding.ASCII.GetBytes(Any(Chunks, random))),
            4 => request.Bytes("HTTP/1.1", Any([null, "", "a b", "[::1", "localhost:99999", "x,y", "jobs.iot.us-east-1.amazonaws.com", "\u00e4"], random), $"Content-Length: {body.Length}", body),
            5 => request.Bytes(Any(["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.2", "HTTP/3", "http/1.1", "", "X"], random), "localhost", $"Content-Length: {body.Length}", body),
            6 => WithOtherMethod(),
            _ => WithHeaders(),
        };

        byte[] WithOtherMethod()
        {
            request.Method = Any(Methods, random);
            request.Path = Any([request.Path, "*", "http://localhost" + request.Path, "localhost:1", "/" + new string('y', 9_000), "", "//" + request.Path], random);
            return request.Bytes();
        }

        byte[] WithHeaders()
        {
            for (var count = Any([1, 3, 150], random); count > 0; count--)
                request.Headers.Add(random.Next(3) == 0 ? ("x-" + count.ToString(CultureInfo.InvariantCulture), new string('v', Any([0, 10, 700], random))) : Any(HeaderLines, random));
            return request.Bytes();
        }
    }

    /// <summary>A few bytes that are wrong, missing or too many.</summary>
    public static byte[] Damaged(byte[] whole, Random random)
    {
        var bytes = whole.ToList();
        for (var damages = random.Next(1, 4); damages > 0 && bytes.Count > 0; damages--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveAt(at); break;
                case 3: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes.RemoveRange(at, Math.Min(random.Next(10), bytes.Count - at)); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>JSON in which one value, or one name, is another.</summary>
    public static byte[] Misstated(byte[] json, Random random)
    {
        try
        {
            return Encoding.UTF8.GetBytes(Misstated(JsonNode.Parse(json), Any(JsonValues, random), random));
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException or InvalidOperationException)
        {
            return Damaged(json, random); // it was misstated before: it is no JSON, or a member stands there twice, or it has half a character
        }
    }

    private static string Misstated(JsonNode? root, string value, Random random)
    {
        List<(JsonNode Parent, string? Name, int At)> places = [];
        Collect(root, places);
        if (places.Count == 0)
            return value;
        var (parent, name, at) = places[random.Next(places.Count)];
        var marked = $"\"{Marker}\"";
        if (parent is JsonArray array)
            array[at] = Marker;
        else if (random.Next(8) > 0)
            parent[name!] = Marker;
        else
        {
            parent.AsObject().Remove(name!);
            parent.AsObject()[Marker] = 1;
            value = value.StartsWith('"') ? value : $"\"{name}\":2,\"{name}\"";
        }
        return root!.ToJsonString().Replace(marked, value, StringComparison.Ordinal);
    }

    private static void Collect(JsonNode? node, List<(JsonNode, string?, int)> places)
    {
        if (node is JsonObject members)
            foreach (var (name, value) in members)
            {
                places.Add((members, name, 0));
                Collect(value, places);
            }
        else if (node is JsonArray items)
            for (var i = 0; i < items.Count; i++)
            {
                places.Add((items, null, i));
                Collect(items[i], places);
            }
    }

    private static string WithOtherPart(string path, Random random)
    {
        var parts = path.Split('/');
        parts[random.Next(1, Math.Max(2, parts.Length))] = Target(Any(PathParts, random));
        return string.Join('/', parts);
    }

    /// <summary>What would end the request line is left to <see cref="Break"/>.</summary>
    private static string Target(string text) => text.Replace(" ", "%20", StringComparison.Ordinal);

    private static T Any<T>(T[] among, Random random) => among[random.Next(among.Length)];
}
