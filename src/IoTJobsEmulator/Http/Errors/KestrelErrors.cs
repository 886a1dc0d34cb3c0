using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Wire;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IoTJobsEmulator.Http.Errors;

/// <summary>
/// Gives the error answers of Kestrel itself the form of AWS: to what it cannot read as a request it answers a status without a body, before any
/// middleware sees the request, and it has no setting for them. They are recognized in the bytes that it writes.
/// </summary>
internal static class KestrelErrors
{
    private static ReadOnlySpan<byte> Empty => "Content-Length: 0\r\n"u8;

    /// <summary>Must come after TLS.</summary>
    public static void GiveBodies(ListenOptions listener) => listener.Use(next => async connection =>
    {
        var plain = connection.Transport;
        connection.Transport = new Pipes(plain.Input, new Output(plain.Output));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = plain;
        }
    });

    /// <summary>The answer with a body; null when it is no error of Kestrel's own. AwsErrors gives all others a request id.</summary>
    public static byte[]? WithBody(ReadOnlySpan<byte> answer)
    {
        if (!IsError(answer) || !answer.EndsWith("\r\n\r\n"u8) || answer.IndexOf(Empty) is not (>= 0 and var length) || answer.IndexOf("x-amzn-RequestId"u8) >= 0)
            return null;
        var status = ((answer[9] - '0') * 100) + ((answer[10] - '0') * 10) + answer[11] - '0';
        var (name, message) = Explain(status);
        var body = WireJson.Bytes(new JsonObject { ["message"] = message });
        var headers = $"Content-Length: {body.Length}\r\nContent-Type: {WireJson.ContentType}\r\nx-amzn-ErrorType: {name}\r\nx-amzn-RequestId: {RequestId.Next()}\r\n";
        return [.. answer[..length], .. Encoding.ASCII.GetBytes(headers), .. answer[(length + Empty.Length)..], .. body];
    }

    private static bool IsError(ReadOnlySpan<byte> answer) => answer.Length > "HTTP/1.1 400"u8.Length && answer[9] is (byte)'4' or (byte)'5' && answer.StartsWith("HTTP/1.1 "u8);

    private static (string Name, string Message) Explain(int status) => status switch
    {
        StatusCodes.Status405MethodNotAllowed => (ServiceError.MethodNotAllowed.Name, "The method is not allowed for this form of the request's target"),
        StatusCodes.Status408RequestTimeout => (ServiceError.InvalidRequest.Name, "The request did not arrive in time"),
        StatusCodes.Status414RequestUriTooLong => (ServiceError.InvalidRequest.Name, "The first line of the request is too long"),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => (ServiceError.InvalidRequest.Name, "The headers of the request are too many or too long"),
        StatusCodes.Status505HttpVersionNotsupported => (ServiceError.InvalidRequest.Name, "The version of HTTP is neither 1.0 nor 1.1"),
        >= 500 => (ServiceError.InternalFailure.Name, "Internal failure of the emulator; its log says more"),
        _ => (ServiceError.InvalidRequest.Name, "The request is not valid HTTP"),
    };

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Passes on what Kestrel writes. It writes an answer without a body in one piece.</summary>
    private sealed class Output(PipeWriter plain) : PipeWriter
    {
        private Memory<byte> _piece;

        public override bool CanGetUnflushedBytes => plain.CanGetUnflushedBytes;

        public override long UnflushedBytes => plain.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _piece = plain.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            if (WithBody(_piece.Span[..bytes]) is { } answer)
                plain.Write(answer);
            else
                plain.Advance(bytes);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => plain.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => plain.WriteAsync(source, cancellationToken);

        public override void CancelPendingFlush() => plain.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => plain.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => plain.CompleteAsync(exception);
    }
}
