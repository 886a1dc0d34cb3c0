using System.Diagnostics;
using System.Globalization;
using IoTJobsEmulator.Http.Requests;

namespace IoTJobsEmulator.Http.Logging;

/// <summary>
/// Logs one line for each request: the operation, the account and region, the status, and how long it took. Of health checks, which a container has every
/// few seconds, only those that fail.
/// </summary>
internal sealed class RequestLog(RequestDelegate next, EmulatorOptions options, BufferedLog log)
{
    private readonly bool _isOn = options.LogLevel <= LogLevel.Information;

    public Task InvokeAsync(HttpContext context) => _isOn ? Logged(context) : next(context);

    private async Task Logged(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        await next(context);
        if (context.Response.StatusCode != StatusCodes.Status200OK || !HealthChecks.Contain(context.Request))
            Write(context, Stopwatch.GetElapsedTime(began).Ticks / (TimeSpan.TicksPerMillisecond / 100));
    }

    private void Write(HttpContext context, long hundredths)
    {
        var status = context.Response.StatusCode;
        var (milliseconds, rest) = Math.DivRem(hundredths, 100); // whole numbers, because formatting a double costs more than the rest of the line
        // The line of an operation has a bounded length and is written without allocating a string.
        Span<char> line = stackalloc char[160];
        if (context.Features.Get<AwsRequestContext>() is { Operation: { } operation } request
            && line.TryWrite(CultureInfo.InvariantCulture, $"{operation} {request.Account} {request.Region} {status} {milliseconds}.{rest:D2} ms", out var length))
            log.Write(line[..length]);
        else
            log.Write(string.Create(CultureInfo.InvariantCulture, $"{context.Request.Method} {context.Request.Path} {status} {milliseconds}.{rest:D2} ms"));
    }
}
