using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Http;

/// <summary>
/// The body of a request as JSON, whatever its Content-Type says (an older Dart SDK sends text/plain). No body is an empty
/// object, which is what clients mean by it.
/// </summary>
internal static class Body
{
    /// <summary>The largest request of the API, a job with its document and parameters, is a tenth of this.</summary>
    public const int MaxBytes = 1 << 20;

    public static async ValueTask<T?> Read<T>(HttpRequest request) where T : class =>
        (T?)await Read(request, WireJson.Options.GetTypeInfo(typeof(T)));

    /// <summary>The structure in the body, or null without a body.</summary>
    public static async ValueTask<object?> Read(HttpRequest request, JsonTypeInfo structure)
    {
        var whole = await ReadToEnd(request);
        try
        {
            return whole.IsSingleSegment ? Parse(whole.FirstSpan, structure) : Parse(whole.ToArray(), structure);
        }
        finally
        {
            request.BodyReader.AdvanceTo(whole.End);
        }
    }

    /// <summary>The body as it is, for what takes any.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> Bytes(HttpRequest request)
    {
        var whole = await ReadToEnd(request);
        var bytes = whole.ToArray(); // the reader's buffers are used again
        request.BodyReader.AdvanceTo(whole.End);
        return bytes;
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadToEnd(HttpRequest request)
    {
        if (request.ContentLength > MaxBytes)
            throw new BodyTooLongException();
        var body = request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > MaxBytes)
                throw new BodyTooLongException();
            if (read.IsCompleted)
                return read.Buffer;
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static object? Parse(ReadOnlySpan<byte> json, JsonTypeInfo structure)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        if (json.Trim(" \t\r\n"u8).IsEmpty)
            return null;
        try
        {
            return JsonSerializer.Deserialize(json, structure) ?? throw SerializationErrors.Of("null"u8, structure.Type);
        }
        catch (JsonException)
        {
            throw SerializationErrors.Of(json, structure.Type);
        }
    }
}

/// <summary>The body is longer than any request can be.</summary>
internal sealed class BodyTooLongException() : Exception(Text)
{
    public static readonly string Text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Request body is longer than {Body.MaxBytes} bytes");
}
