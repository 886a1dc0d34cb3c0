using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Telemetry;

/// <summary>An OTLP collector on a port of its own: it takes http/protobuf or gRPC, and keeps what comes.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = [];
    private readonly ConcurrentDictionary<string, bool> _metrics = [];
    private readonly ConcurrentQueue<string> _resources = [];
    private readonly SemaphoreSlim _arrived = new(0);

    private Collector(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public IReadOnlyCollection<Span> Spans => _spans;

    /// <summary>The names of the metrics that came.</summary>
    public ICollection<string> Metrics => _metrics.Keys;

    /// <summary>The attributes of the services that sent, as <c>name=value</c>, with commas between them.</summary>
    public IReadOnlyCollection<string> Resources => _resources;

    /// <summary>The headers of the last request.</summary>
    public IHeaderDictionary Headers { get; private set; } = new HeaderDictionary();

    public static async Task<Collector> Start(HttpProtocols protocol = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = protocol));
        builder.Services.AddRoutingCore();
        var collector = new Collector(builder.Build());
        collector._app.Run(collector.Take);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Waits until what came is enough.</summary>
    public async Task Until(Func<bool> isEnough)
    {
        while (!isEnough())
            await _arrived.WaitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var isGrpc = context.Request.ContentType == "application/grpc";
        Headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
        // gRPC has a byte, and four of the length, before each message.
        Read(isGrpc ? body.ToArray()[5..] : body.ToArray(), context.Request.Path.Value!.Contains("trace", StringComparison.OrdinalIgnoreCase));
        _arrived.Release();
        context.Response.ContentType = context.Request.ContentType;
        if (!isGrpc)
            return;
        await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    // opentelemetry-proto: ExportTraceServiceRequest and ExportMetricsServiceRequest have the same form down to the spans and the metrics.
    private void Read(byte[] request, bool isTraces)
    {
        foreach (var ofResource in Fields(request, 1))
        {
            foreach (var resource in Fields(ofResource, 1))
                _resources.Enqueue(string.Join(',', Fields(resource, 1).Select(Attribute)));
            foreach (var ofScope in Fields(ofResource, 2))
            {
                var scope = Text(Fields(ofScope, 1).Single(), 1);
                foreach (var item in Fields(ofScope, 2))
                {
                    if (isTraces)
                        _spans.Enqueue(new(scope, Hex(item, 1), Hex(item, 2), Hex(item, 4), Text(item, 5)));
                    else
                        _metrics[Text(item, 1)] = true;
                }
            }
        }
    }

    private static string Attribute(byte[] pair) => $"{Text(pair, 1)}={Text(Fields(pair, 2).Single(), 1)}";

    private static string Hex(byte[] message, int number) => Convert.ToHexStringLower(Fields(message, number).SingleOrDefault() ?? []);

    private static string Text(byte[] message, int number) => Encoding.UTF8.GetString(Fields(message, number).SingleOrDefault() ?? []);

    /// <summary>The fields of a message of Protocol Buffers that have a number and a length.</summary>
    private static List<byte[]> Fields(byte[] message, int number)
    {
        List<byte[]> found = [];
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += sizeof(long);
                    break;
                case 5:
                    at += sizeof(int);
                    break;
                default:
                    var length = (int)Varint(message, ref at);
                    if (tag >> 3 == (ulong)number)
                        found.Add(message[at..(at + length)]);
                    at += length;
                    break;
            }
        }
        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }

    /// <summary>A span as it came.</summary>
    internal sealed record Span(string Scope, string TraceId, string SpanId, string ParentSpanId, string Name);
}
