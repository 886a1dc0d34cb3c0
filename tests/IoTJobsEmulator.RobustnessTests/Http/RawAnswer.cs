using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IoTJobsEmulator.RobustnessTests.Http;

/// <summary>An answer, read strictly: whatever HTTP/1.1 does not allow is a <see cref="FormatException"/>.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    private static readonly Regex StatusLine = new(@"^HTTP/1\.[01] (?<status>[1-5]\d\d) [\x20-\x7E]*$");

    private static readonly Regex HeaderLine = new(@"^(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(?<value>[\x20-\x7E\x80-\xFF\t]*)$");

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Whether it is a stream of events, which has no end. Its body is not read.</summary>
    public bool IsStream => Headers.TryGetValue("Content-Type", out var type) && type.StartsWith("text/event-stream", StringComparison.Ordinal);

    public bool IsLast => IsStream || Headers.TryGetValue("Connection", out var connection) && connection.Equals("close", StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Status} {string.Join("; ", Headers.Select(header => $"{header.Key}: {header.Value}"))} {Text}";

    /// <summary>The next answer, or null at the end of the connection.</summary>
    public static async Task<RawAnswer?> Read(ByteReader reader, bool isOfHead)
    {
        if (await reader.TryLine() is not { } first)
            return null;
        var status = StatusLine.Match(first) is { Success: true } match
            ? int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture)
            : throw new FormatException($"Status line: {first}");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.Line() is { Length: > 0 } line)
        {
            if (HeaderLine.Match(line) is not { Success: true } header || !headers.TryAdd(header.Groups["name"].Value, header.Groups["value"].Value))
                throw new FormatException($"Header: {line}");
        }
        if (status is 100 && headers.Count == 0)
            return await Read(reader, isOfHead); // on the way to the answer
        var answer = new RawAnswer(status, headers, []);
        return isOfHead || status is 204 or 304 || answer.IsStream ? answer : answer with { Body = await ReadBody(reader, headers) };
    }

    private static async Task<byte[]> ReadBody(ByteReader reader, Dictionary<string, string> headers)
    {
        if (headers.TryGetValue("Content-Length", out var length))
            return await reader.Bytes(int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture));
        if (!headers.TryGetValue("Transfer-Encoding", out var coding))
            return headers.GetValueOrDefault("Connection") == "close" ? await reader.Rest() : throw new FormatException($"Where it ends is not said: {string.Join("; ", headers)}");
        if (coding != "chunked")
            throw new FormatException($"Transfer-Encoding: {coding}");
        List<byte> body = [];
        while (int.Parse(await reader.Line(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.AddRange(await reader.Bytes(size));
            Empty(await reader.Line());
        }
        Empty(await reader.Line());
        return [.. body];

        static void Empty(string line)
        {
            if (line.Length > 0)
                throw new FormatException($"Behind a chunk: {line}");
        }
    }
}

/// <summary>The connection ended where it may not.</summary>
internal sealed class CutException(string message) : FormatException(message);

/// <summary>Lines and bytes of a connection.</summary>
/// <remarks>Its end where none may be is a <see cref="CutException"/>.</remarks>
internal sealed class ByteReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _at, _end;

    /// <summary>Whether the connection was reset and not closed in good order: then some of an answer may not have come.</summary>
    public bool WasReset { get; private set; }

    public async Task<string> Line() => await TryLine() ?? throw new CutException("The connection ended within an answer");

    /// <summary>Null when the connection has ended before it.</summary>
    public async Task<string?> TryLine()
    {
        var line = new StringBuilder();
        while (await Next() is { } next)
        {
            if (next == '\n')
                return line is { Length: > 0 } && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : throw new FormatException("A line without CR");
            line.Append((char)next);
        }
        return line.Length == 0 ? null : throw new CutException("The connection ended within a line");
    }

    public async Task<byte[]> Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = await Next() ?? throw new CutException("The connection ended within a body");
        return bytes;
    }

    /// <summary>All that comes until the connection ends.</summary>
    public async Task<byte[]> Rest()
    {
        List<byte> bytes = [];
        while (await Next() is { } next)
            bytes.Add(next);
        return [.. bytes];
    }

    private async ValueTask<byte?> Next()
    {
        if (_at == _end)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(Extent.Patience);
            try
            {
                (_at, _end) = (0, await stream.ReadAsync(_buffer, patience.Token));
            }
            catch (IOException)
            {
                (_at, _end, WasReset) = (0, 0, true); // as a server does that has not read everything
            }
            if (_end == 0)
                return null;
        }
        return _buffer[_at++];
    }
}
