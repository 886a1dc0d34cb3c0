using System.Diagnostics;
using System.Globalization;

namespace IoTJobsEmulator.Http;

/// <summary>One line per request: the operation, whose, the status, and how long it took.</summary>
internal sealed class RequestLog(RequestDelegate next, EmulatorOptions options, LogLines lines)
{
    private readonly bool _isOn = options.LogLevel <= LogLevel.Information;

    public Task InvokeAsync(HttpContext context) => _isOn ? Logged(context) : next(context);

    private async Task Logged(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        await next(context);
        Write(context, Stopwatch.GetElapsedTime(began).Ticks / (TimeSpan.TicksPerMillisecond / 100));
    }

    private void Write(HttpContext context, long hundredths)
    {
        var status = context.Response.StatusCode;
        var (milliseconds, rest) = Math.DivRem(hundredths, 100); // as whole numbers: a double costs more to format than all the rest
        // An operation's line is of known length and needs no text of its own: it is written for each request.
        Span<char> line = stackalloc char[160];
        if (context.Features.Get<Caller>() is { Operation: { } operation } caller
            && line.TryWrite(CultureInfo.InvariantCulture, $"{operation} {caller.Account} {caller.Region} {status} {milliseconds}.{rest:D2} ms", out var length))
            lines.Write(line[..length]);
        else
            lines.Write(string.Create(CultureInfo.InvariantCulture, $"{context.Request.Method} {context.Request.Path} {status} {milliseconds}.{rest:D2} ms"));
    }
}
