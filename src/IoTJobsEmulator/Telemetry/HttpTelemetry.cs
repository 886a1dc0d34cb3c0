using System.Diagnostics;
using IoTJobsEmulator.Http.Requests;

namespace IoTJobsEmulator.Telemetry;

/// <summary>
/// The span and the duration of each HTTP request: a child of the span that its <c>traceparent</c> names. ASP.NET's own would come from a source that all
/// applications in the process share. A request that becomes a WebSocket has neither.
/// </summary>
internal sealed class HttpTelemetry(RequestDelegate next, EmulatorTelemetry telemetry, TimeProvider machine)
{
    private static readonly string[] Methods = ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];

    public Task InvokeAsync(HttpContext context) =>
        telemetry.ObservesHttp && context.Request.Headers.Upgrade.Count == 0 ? Observed(context) : next(context);

    private async Task Observed(HttpContext context)
    {
        var began = machine.GetTimestamp();
        var method = Array.Find(Methods, known => known == context.Request.Method) ?? "_OTHER";
        using var span = telemetry.Spans.StartActivity(method, ActivityKind.Server, ParentOf(context.Request));
        var path = context.Request.Path.Value;
        try
        {
            await next(context);
        }
        finally
        {
            var attributes = Attributes(context, method);
            telemetry.CountHttp(machine.GetElapsedTime(began), attributes);
            if (span is not null)
                Describe(span, context, method, path, attributes);
        }
    }

    private static ActivityContext ParentOf(HttpRequest request)
    {
        var parent = (string?)request.Headers.TraceParent;
        return parent is not null && ActivityContext.TryParse(parent, request.Headers.TraceState, isRemote: true, out var context) ? context : default;
    }

    private static TagList Attributes(HttpContext context, string method)
    {
        var attributes = new TagList { { "http.request.method", method }, { "url.scheme", context.Request.Scheme } };
        if (RouteOf(context) is { } route)
            attributes.Add("http.route", route);
        if (context.RequestAborted.IsCancellationRequested)
            attributes.Add("error.type", "no answer");
        else
        {
            attributes.Add("http.response.status_code", context.Response.StatusCode);
            if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
                attributes.Add("error.type", (string?)context.Response.Headers["x-amzn-ErrorType"] ?? "error");
        }
        return attributes;
    }

    private static string? RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;

    private static void Describe(Activity span, HttpContext context, string method, string? path, in TagList attributes)
    {
        foreach (var (name, value) in attributes)
            span.SetTag(name, value);
        span.SetTag("url.path", path);
        if (RouteOf(context) is { } route)
            span.DisplayName = $"{method} {route}";
        if (context.Features.Get<AwsRequestContext>() is { Operation: { } operation } request)
        {
            span.SetTag("iotjobs.operation", operation).SetTag("cloud.account.id", request.Account).SetTag("cloud.region", request.Region)
                .SetTag("iotjobs.thing", request.Asked?.ThingName).SetTag("iotjobs.job", request.Asked?.JobId)
                .SetTag("aws.request_id", (string?)context.Response.Headers["x-amzn-RequestId"]);
        }
        if (attributes.Any(attribute => attribute.Key == "error.type"))
            span.SetStatus(ActivityStatusCode.Error);
        else
            span.SetTag("error.type", (string?)context.Response.Headers["x-amzn-ErrorType"]);
    }
}
