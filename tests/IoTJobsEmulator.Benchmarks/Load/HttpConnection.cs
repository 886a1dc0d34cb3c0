using System.Buffers.Text;
using System.Net;
using System.Text;

namespace IoTJobsEmulator.Benchmarks.Load;

/// <summary>HTTP/1.1 with keep-alive: of an answer its status, Content-Length and body are read, and nothing else.</summary>
internal sealed class HttpConnection(IPEndPoint peer) : Connection(peer)
{
    public int Status { get; private set; }

    /// <summary>The body of the last answer, until the next is read.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    public string? ContentType { get; private set; }

    /// <summary>Whether <see cref="ContentType"/> is to be read; under load it is not.</summary>
    public bool ReadsContentType { get; init; }

    /// <summary>Whether an answer that is not 200 ends the load.</summary>
    public bool DemandsSuccess { get; init; } = true;

    protected override int Take(ReadOnlyMemory<byte> received, out bool isAnswer)
    {
        isAnswer = true;
        var head = received.Span.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return 0;
        var headers = received.Span[..(head + 2)];
        if (!Utf8Parser.TryParse(headers[9..], out int status, out _))
            throw new BenchmarkException($"{Peer} does not answer in HTTP/1.1.");
        var length = head + 4 + ContentLength(headers);
        if (received.Length < length)
            return 0;
        Status = status;
        IsEnded = headers.IndexOf("\r\nConnection: close"u8) >= 0;
        Body = received[(head + 4)..length];
        if (ReadsContentType)
            ContentType = Text(headers, "\r\nContent-Type: "u8);
        return status == 200 || !DemandsSuccess
            ? length
            : throw new BenchmarkException($"{Peer} answered {status}: {Encoding.UTF8.GetString(Body.Span)}");
    }

    private static int ContentLength(ReadOnlySpan<byte> headers)
    {
        var name = "\r\nContent-Length: "u8;
        var at = headers.IndexOf(name);
        if (at >= 0 && Utf8Parser.TryParse(headers[(at + name.Length)..], out int length, out _))
            return length;
        var answer = Encoding.Latin1.GetString(headers);
        // Rare spellings of the header, and answers without a body.
        foreach (var line in answer.Split("\r\n"))
            if (line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
                return int.Parse(line["content-length:".Length..], System.Globalization.CultureInfo.InvariantCulture);
        return answer.Contains("chunked", StringComparison.OrdinalIgnoreCase)
            ? throw new BenchmarkException("The endpoint answers in chunks, which this load generator does not read.")
            : 0;
    }

    private static string? Text(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        var at = headers.IndexOf(name);
        if (at < 0)
            return null;
        var value = headers[(at + name.Length)..];
        return Encoding.Latin1.GetString(value[..value.IndexOf("\r\n"u8)]);
    }
}
