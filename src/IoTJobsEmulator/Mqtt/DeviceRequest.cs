using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Mqtt;

/// <summary>The payload of a device's request: a JSON object, which may contain a client token that the response repeats.</summary>
internal readonly record struct DeviceRequest
{
    private readonly ReadOnlyMemory<byte> _json;

    /// <summary>
    /// An empty payload counts as an empty object (aws/aws-iot-device-sdk-embedded-C#1808). A byte order mark is skipped, as over HTTP.
    /// </summary>
    /// <exception cref="ServiceException">The payload is not a JSON object, or its client token is not a string.</exception>
    public DeviceRequest(ReadOnlyMemory<byte> payload)
    {
        if (payload.Span.StartsWith(Encoding.UTF8.Preamble))
            payload = payload[Encoding.UTF8.Preamble.Length..];
        if (payload.IsEmpty)
            return;
        if (!Utf8.IsValid(payload.Span))
            throw ServiceError.InvalidJson.Because("The payload is not valid UTF-8.");
        _json = payload;
        try
        {
            Token = ReadToken(payload.Span);
        }
        catch (JsonException)
        {
            throw ServiceError.InvalidJson.Because("The payload is not valid JSON.");
        }
        catch (InvalidOperationException) // half a surrogate pair, in a name or the client token
        {
            throw ServiceError.InvalidJson.Because("The payload is not valid Unicode text.");
        }
    }

    /// <summary>The client token; null when there is none.</summary>
    public string? Token { get; }

    /// <summary>The client token of a request that may be invalid; null when it cannot be read.</summary>
    public static string? TokenOf(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return new DeviceRequest(payload).Token;
        }
        catch (ServiceException)
        {
            return null;
        }
    }

    /// <summary>The members of an operation's request.</summary>
    /// <exception cref="ServiceException">A member has the wrong type.</exception>
    public T Read<T>() where T : class
    {
        var json = _json.IsEmpty ? "{}"u8 : _json.Span;
        try
        {
            return JsonSerializer.Deserialize(json, (JsonTypeInfo<T>)DeviceRequestJson.Options.GetTypeInfo(typeof(T)))!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw SerializationErrors.ForBody(json, typeof(T), DeviceRequestJson.Options);
        }
    }

    /// <summary>Reads to the end, so that invalid JSON is found. Of two client tokens the last one counts.</summary>
    private static string? ReadToken(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        Utf8JsonReader token = default;
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("clientToken"u8))
                continue;
            reader.Read();
            token = reader;
        }
        if (!isObject)
            throw ServiceError.InvalidJson.Because("The payload is not a JSON object.");
        return token.TokenType switch
        {
            JsonTokenType.None or JsonTokenType.Null => null,
            JsonTokenType.String => token.GetString(),
            _ => throw SerializationErrors.ForValue(JsonElement.ParseValue(ref token).GetRawText(), "clientToken", typeof(string)),
        };
    }
}
