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
        var what = context.Features.Get<Caller>() is { Operation: { } operation } caller
            ? $"{operation} {caller.Account} {caller.Region}"
            : $"{context.Request.Method} {context.Request.Path}";
        lines.Write(string.Create(CultureInfo.InvariantCulture,
            $"{what} {context.Response.StatusCode} {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0.00} ms"));
    }
}
