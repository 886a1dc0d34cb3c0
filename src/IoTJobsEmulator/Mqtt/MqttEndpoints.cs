using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Connections;

namespace IoTJobsEmulator.Mqtt;

/// <summary>
/// MQTT on the HTTP port: over WebSockets, the part of the <c>iot-data</c> API that publishes and reads retained messages, and the
/// emulator's own view of what went through the broker.
/// </summary>
internal sealed class MqttEndpoints(MqttFront front, TimeProvider machine, IHostApplicationLifetime life)
{
    private const int MaxPayload = 128 * 1024;

    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(5);

    /// <summary>WebSockets at <c>/mqtt</c>, as on AWS, and at <c>/</c>, where MQTT.js looks; before routing, which has a page there.</summary>
    public void UseWebSockets(IApplicationBuilder app) => app.UseWhen(
        static context => context.Request.Path.Value is "/" or "/mqtt",
        paths => paths.UseWebSockets().Use(next => context => context.WebSockets.IsWebSocketRequest ? Serve(context) : next(context)));

    public void Map(IEndpointRouteBuilder app)
    {
        Map(app, HttpMethods.Post, "/topics/{**topic}", Publish);
        Map(app, HttpMethods.Get, "/retainedMessage", ListRetainedMessages);
        Map(app, HttpMethods.Get, "/retainedMessage/{**topic}", GetRetainedMessage);
        Map(app, HttpMethods.Get, "/_emulator/messages", GetMessages);
        Map(app, HttpMethods.Get, "/_emulator/clients", GetClients);
        Map(app, HttpMethods.Delete, "/_emulator/clients/{**clientId}", DisconnectClient);
        Map(app, HttpMethods.Put, "/_emulator/things/{thingName}/unkindness", SetUnkindness);
    }

    // Not among the operations of the documents: their paths hold topics, with slashes.
    private static void Map(IEndpointRouteBuilder app, string method, string path, RequestDelegate answer) =>
        app.MapMethods(path, [method], answer).ExcludeFromDescription();

    private async Task Serve(HttpContext context)
    {
        var offered = context.WebSockets.WebSocketRequestedProtocols;
        var subprotocol = WebSocketTransport.Subprotocols.FirstOrDefault(offered.Contains);
        if (subprotocol is null && offered.Count > 0)
            throw ServiceError.InvalidRequest.Because("The subprotocol of a WebSocket for MQTT is mqtt or mqttv3.1");
        var speaker = Speaker.OfLine(context.Request.Host.Host, context.Request.Query["X-Amz-Credential"]);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(subprotocol);
        await WebSocketTransport.RunAsync(socket, pipe => front.Broker.ServeAsync(pipe, speaker, life.ApplicationStopping), machine);
    }

    /// <summary>API_iotdata_Publish: <c>POST /topics/TOPIC?qos=1&amp;retain=true</c>.</summary>
    private async Task Publish(HttpContext context)
    {
        var topic = TopicIn(context);
        if (!Topics.IsName(topic) || !Topics.IsWithin(MqttLimits.Default, topic))
            throw ServiceError.InvalidRequest.Because("Topic is not valid: it is empty, too long, too deep or has a wildcard");
        if (topic.StartsWith('$'))
            throw ServiceError.InvalidRequest.Because($"Topic {topic} is reserved: topics that begin with $ can be published to over MQTT only");
        var query = context.Request.Query;
        var qos = query["qos"].ToString() switch
        {
            "" or "0" => Qos.AtMostOnce,
            "1" => Qos.AtLeastOnce,
            _ => throw ServiceError.InvalidRequest.Because("qos is 0 or 1"),
        };
        using var payload = new MemoryStream();
        await context.Request.Body.CopyToAsync(payload, context.RequestAborted);
        if (payload.Length > MaxPayload)
            throw ServiceError.InvalidRequest.Because(string.Create(CultureInfo.InvariantCulture, $"Payload is longer than {MaxPayload} bytes"));
        var retain = string.Equals(query["retain"], "true", StringComparison.OrdinalIgnoreCase);
        front.Broker.Publish(topic, payload.ToArray(), qos, retain, PropertiesIn(context.Request));
        await Write(context, new JsonObject { ["message"] = "OK", ["traceId"] = context.Response.Headers["x-amzn-RequestId"].ToString() });
    }

    private static MqttProperties PropertiesIn(HttpRequest request)
    {
        string? Given(string text) => text.Length > 0 ? text : null;
        var correlation = request.Headers["x-amz-mqtt5-correlation-data"].ToString();
        return new()
        {
            ContentType = Given(request.Query["contentType"].ToString()),
            ResponseTopic = Given(request.Query["responseTopic"].ToString()),
            MessageExpiryInterval = uint.TryParse(request.Query["messageExpiry"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null,
            CorrelationData = correlation.Length == 0 ? null : FromBase64(correlation),
        };
    }

    private static ReadOnlyMemory<byte> FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes.AsMemory(0, length)
            : throw ServiceError.InvalidRequest.Because("correlationData is not valid base64");
    }

    /// <summary>API_iotdata_GetRetainedMessage.</summary>
    private Task GetRetainedMessage(HttpContext context)
    {
        var topic = TopicIn(context);
        var message = front.Broker.Retained(topic) ?? throw ServiceError.ResourceNotFound.Because($"No retained message exists for topic {topic}.");
        return Write(context, new JsonObject
        {
            ["topic"] = message.Topic,
            ["payload"] = Convert.ToBase64String(message.Payload.Span),
            ["qos"] = (int)message.Qos,
            ["lastModifiedTime"] = message.PublishedAt.ToUnixTimeMilliseconds(),
        });
    }

    /// <summary>API_iotdata_ListRetainedMessages; a page begins behind the topic that its token names.</summary>
    private Task ListRetainedMessages(HttpContext context)
    {
        var after = context.Request.Query["nextToken"].ToString();
        var size = NumberIn(context, "maxResults") is { } asked ? asked is >= 1 and <= 200 ? (int)asked : throw ServiceError.InvalidRequest.Because("maxResults is from 1 to 200") : 200;
        var rest = front.Broker.AllRetained().Where(message => string.CompareOrdinal(message.Topic, after) > 0).OrderBy(message => message.Topic, StringComparer.Ordinal).Take(size + 1).ToArray();
        var answer = new JsonObject
        {
            ["retainedTopics"] = new JsonArray([.. rest.Take(size).Select(message => new JsonObject
            {
                ["topic"] = message.Topic,
                ["payloadSize"] = message.Payload.Length,
                ["qos"] = (int)message.Qos,
                ["lastModifiedTime"] = message.PublishedAt.ToUnixTimeMilliseconds(),
            })]),
        };
        if (rest.Length > size)
            answer["nextToken"] = rest[size - 1].Topic;
        return Write(context, answer);
    }

    /// <summary>What was published lately: <c>?topic=FILTER&amp;thing=NAME&amp;since=TIME&amp;after=NUMBER&amp;wait=SECONDS</c>.</summary>
    private async Task GetMessages(HttpContext context)
    {
        string? Text(string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
        if (Text("topic") is { } filter && !Topics.IsFilter(filter))
            throw ServiceError.InvalidRequest.Because("topic is not a valid MQTT filter");
        Moment? since = Text("since") is not { } written ? null
            : DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? Moment.Of(time)
            : throw ServiceError.InvalidRequest.Because("since is not a time such as 2026-01-01T00:00:00Z");
        var patience = TimeSpan.FromSeconds(Math.Clamp(NumberIn(context, "wait") ?? 0, 0, (long)LongestPatience.TotalSeconds));
        var found = await front.Messages.Find(new(Text("topic"), Text("thing"), since, NumberIn(context, "after")), patience, context.RequestAborted);
        await Write(context, new JsonObject { ["messages"] = found });
    }

    private Task GetClients(HttpContext context) => Write(context, new JsonObject
    {
        ["clients"] = new JsonArray([.. front.Broker.Connections.Select(connection => new JsonObject
        {
            ["clientId"] = connection.ClientId,
            ["version"] = connection.Version.ToString(),
            ["connectedAt"] = Moment.Of(connection.ConnectedAt).ToString(),
        })]),
    });

    private Task DisconnectClient(HttpContext context)
    {
        var clientId = Unescaped((string?)context.Request.RouteValues["clientId"] ?? "");
        var connection = front.Broker.Find(clientId) ?? throw ServiceError.ResourceNotFound.Because($"No client {clientId} is connected.");
        connection.Disconnect();
        return Write(context, new JsonObject { ["status"] = "ok" });
    }

    /// <summary><c>{"next": 3, "drop": true}</c>, or with <c>"duplicate": true</c> or <c>"delaySeconds": 2</c>.</summary>
    private async Task SetUnkindness(HttpContext context)
    {
        Unkind? asked;
        try
        {
            asked = await JsonSerializer.DeserializeAsync<Unkind>(context.Request.Body, WireJson.Options, context.RequestAborted);
        }
        catch (JsonException)
        {
            asked = null;
        }
        if (asked is not { Next: >= 0, DelaySeconds: >= 0 and <= 3600 })
            throw ServiceError.InvalidRequest.Because("""The body is as {"next": 3, "drop": true}, or with "duplicate": true or "delaySeconds": 2""");
        front.Unkindness.Set((string)context.Request.RouteValues["thingName"]!, asked.Next, asked.Drop, asked.Duplicate, TimeSpan.FromSeconds(asked.DelaySeconds));
        await Write(context, new JsonObject { ["status"] = "ok" });
    }

    private sealed record Unkind
    {
        public int Next { get; init; }

        public bool Drop { get; init; }

        public bool Duplicate { get; init; }

        public double DelaySeconds { get; init; }
    }

    private static string TopicIn(HttpContext context) => Unescaped((string?)context.Request.RouteValues["topic"] ?? "");

    /// <summary>An encoded slash is the one character that the server leaves as it came.</summary>
    private static string Unescaped(string text) => text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static long? NumberIn(HttpContext context, string name) => context.Request.Query[name].ToString() is not { Length: > 0 } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw ServiceError.InvalidRequest.Because($"{name} is not a number");

    private static async Task Write(HttpContext context, JsonObject answer) =>
        await WireJson.Write(context.Response, answer, WireJson.Options.GetTypeInfo(typeof(JsonObject)));
}
