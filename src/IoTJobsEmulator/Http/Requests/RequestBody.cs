using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Operations.Requests;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Http.Requests;

/// <summary>
/// Reads the body of a request as JSON, whatever its Content-Type says (an older Dart SDK sends text/plain).
/// </summary>
internal static class RequestBody
{
    /// <summary>The largest request of the API, a job with its document and parameters, is a tenth of this.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The structure in the body, or null without a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="structure">What is to be in the body.</param>
    /// <param name="asked">Learns whether the body may have secrets; null when nobody keeps it.</param>
    public static async ValueTask<object?> Read(HttpRequest request, JsonTypeInfo structure, OperationRequest? asked)
    {
        var whole = await ReadToEnd(request);
        asked?.MayHaveSecretsInBody = Secrets.MayBeIn(whole);
        try
        {
            return whole.IsSingleSegment ? Parse(whole.FirstSpan, structure) : Parse(whole.ToArray(), structure);
        }
        finally
        {
            request.BodyReader.AdvanceTo(whole.End);
        }
    }

    /// <summary>The bytes of the body, whatever they are.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadBytes(HttpRequest request)
    {
        var whole = await ReadToEnd(request);
        var bytes = whole.ToArray(); // the reader's buffers are used again
        request.BodyReader.AdvanceTo(whole.End);
        return bytes;
    }

    /// <summary>Most bodies have come with their headers.</summary>
    private static ValueTask<ReadOnlySequence<byte>> ReadToEnd(HttpRequest request)
    {
        if (request.ContentLength > MaxBytes)
            throw new RequestBodyTooLongException();
        if (!request.BodyReader.TryRead(out var read))
            return ReadRest(request);
        if (read.IsCompleted && read.Buffer.Length <= MaxBytes)
            return new(read.Buffer);
        request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return ReadRest(request);
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadRest(HttpRequest request)
    {
        var body = request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > MaxBytes)
                throw new RequestBodyTooLongException();
            if (read.IsCompleted)
                return read.Buffer;
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The structure in a JSON text, or null when there is only white space.</summary>
    /// <param name="json">The text; a byte order mark before it is skipped.</param>
    /// <param name="structure">What it is to be.</param>
    /// <param name="what">What an error calls it.</param>
    /// <exception cref="ServiceException">InvalidRequest: it is no JSON, or a member has the wrong type.</exception>
    public static object? Parse(ReadOnlySpan<byte> json, JsonTypeInfo structure, string what = "Request body")
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        if (json.Trim(" \t\r\n"u8).IsEmpty)
            return null;
        try
        {
            return JsonSerializer.Deserialize(json, structure) ?? throw SerializationErrors.ForBody("null"u8, structure.Type, structure.Options, what);
        }
        catch (JsonException)
        {
            throw SerializationErrors.ForBody(json, structure.Type, structure.Options, what);
        }
    }
}

/// <summary>The body is longer than any request can be.</summary>
internal sealed class RequestBodyTooLongException() : Exception(Text)
{
    public static readonly string Text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Request body is longer than {RequestBody.MaxBytes} bytes");
}
