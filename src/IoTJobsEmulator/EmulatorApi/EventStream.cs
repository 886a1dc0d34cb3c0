using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace IoTJobsEmulator.EmulatorApi;

/// <summary>
/// Writes events as a stream of server-sent events, until the caller leaves or the emulator stops. It reads the log no faster than the caller reads
/// the stream, so that a slow one takes no memory; the stream ends when the log has lost what is to come next, and the caller may connect again.
/// </summary>
/// <remarks>
/// Not the ServerSentEvents result of ASP.NET: that has no comments, which tell the caller at once that it is connected and keep idle connections, and
/// flushes each event alone.
/// </remarks>
/// <see href="https://html.spec.whatwg.org/multipage/server-sent-events.html"/>
internal sealed class EventStream(EventLog log, TimeProvider machine, IHostApplicationLifetime lifetime)
{
    public const string ContentType = "text/event-stream";

    public const string Example = """
        : events after 16

        id: 17
        data: {"number":17,"time":"2026-01-01T12:00:00.000Z","type":"thing","change":"created","account":"123456789012","region":"us-east-1","thing":"pump-1","version":1}


        """;

    /// <summary>How long a connection may be without a byte. Some clients give it up after minutes.</summary>
    public static readonly TimeSpan IdleAtMost = TimeSpan.FromSeconds(15);

    /// <summary>Events that are written at once.</summary>
    private const int Batch = 100;

    /// <param name="response">The response, which has not begun.</param>
    /// <param name="wanted">Which events are wanted.</param>
    /// <param name="after">The last number that the caller has seen.</param>
    /// <exception cref="Core.ServiceException">Throttling: too many follow the events.</exception>
    public async Task Write(HttpResponse response, EventFilter wanted, long after)
    {
        using var reader = log.Enter();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(response.HttpContext.RequestAborted, lifetime.ApplicationStopping);
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await Write(response.BodyWriter, wanted, after, ended.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // the stream ends in order
        }
    }

    private async Task Write(PipeWriter body, EventFilter wanted, long after, CancellationToken ended)
    {
        var page = log.Read(wanted, after, Batch);
        WriteText(body, $": events after {after}\n\n");
        if (page.IsMissing)
            WriteText(body, $"event: missed\ndata: {{\"after\":{after}}}\n\n");
        do
        {
            foreach (var next in page.Events)
                WriteEvent(body, next);
            await body.FlushAsync(ended);
            await WaitForMore(body, page.Last, ended);
            page = log.Read(wanted, page.Last, Batch);
        }
        while (!page.IsMissing);
    }

    private async Task WaitForMore(PipeWriter body, long after, CancellationToken ended)
    {
        while (true)
        {
            try
            {
                await log.WhenAdded(after).WaitAsync(IdleAtMost, machine, ended);
                return;
            }
            catch (TimeoutException)
            {
                WriteText(body, $":\n\n");
                await body.FlushAsync(ended);
            }
        }
    }

    private static void WriteEvent(PipeWriter body, EmulatorEvent next)
    {
        WriteText(body, $"id: {next.Number}\ndata: ");
        using (var json = new Utf8JsonWriter(body, new() { Encoder = WireJson.Options.Encoder }))
            JsonSerializer.Serialize(json, next, WireJson.Options);
        WriteText(body, $"\n\n");
    }

    private static void WriteText(PipeWriter body, FormattableString text) =>
        Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture), body);
}
