using System.Text;

namespace IoTJobsEmulator.RobustnessTests.Http;

/// <summary>A request before it becomes bytes. What stands in it need not be allowed.</summary>
internal sealed class RawRequest
{
    public required string Operation { get; init; }

    public required string Method { get; set; }

    /// <summary>Percent-encoded, as it goes over the wire.</summary>
    public required string Path { get; set; }

    public List<(string Name, string Value)> Query { get; } = [];

    public List<(string Name, string Value)> Headers { get; } = [];

    public byte[]? Body { get; set; }

    public bool IsHead => Method == "HEAD";

    /// <summary>As a client would frame it.</summary>
    public byte[] Bytes() => Bytes("HTTP/1.1", host: "localhost", Body is null ? null : $"Content-Length: {Body.Length}", Body ?? []);

    public byte[] Bytes(string version, string? host, string? framing, byte[] body)
    {
        var head = new StringBuilder($"{Method} {Path}");
        for (var i = 0; i < Query.Count; i++)
            head.Append(i == 0 ? '?' : '&').Append(Query[i].Name).Append('=').Append(Query[i].Value);
        head.Append(' ').Append(version).Append("\r\n");
        if (host is not null)
            head.Append("Host: ").Append(host).Append("\r\n");
        foreach (var (name, value) in Headers)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        if (framing is not null)
            head.Append(framing).Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body];
    }
}
