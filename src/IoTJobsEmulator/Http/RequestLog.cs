using System.Diagnostics;

namespace IoTJobsEmulator.Http;

/// <summary>One line per request: the operation, whose, the status, and how long it took.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    public Task InvokeAsync(HttpContext context) => log.IsEnabled(LogLevel.Information) ? Logged(context) : next(context);

    private async Task Logged(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        await next(context);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        if (context.Features.Get<Caller>() is { Operation: { } operation } caller)
            LogOperation(log, operation, caller.Account, caller.Region, context.Response.StatusCode, took);
        else
            LogOther(log, context.Request.Method, context.Request.Path, context.Response.StatusCode, took);
    }

    [LoggerMessage(LogLevel.Information, "{Operation} {Account} {Region} {Status} {Milliseconds:0.00} ms")]
    private static partial void LogOperation(ILogger log, string operation, string account, string region, int status, double milliseconds);

    [LoggerMessage(LogLevel.Information, "{Method} {Path} {Status} {Milliseconds:0.00} ms")]
    private static partial void LogOther(ILogger log, string method, string path, int status, double milliseconds);
}
