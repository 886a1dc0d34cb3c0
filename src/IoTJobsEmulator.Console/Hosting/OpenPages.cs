using System.Net;
using Microsoft.AspNetCore.Http;

namespace IoTJobsEmulator.WebConsole.Hosting;

/// <summary>
/// Bounds the pages that are open at once. Each has a circuit: a WebSocket, and components that read up to six times a second. Who comes beyond
/// the bound finds a page that says so, and no circuit. Other transports of SignalR, and its negotiation, are refused: what they keep would not
/// be bounded by a connection.
/// </summary>
internal sealed class OpenPages
{
    /// <summary>How many pages can be open at once, in all browsers.</summary>
    public const int Limit = 100;

    private const string CircuitPath = "/_blazor";

    private int _open;

    public Task Admit(HttpContext context, RequestDelegate next)
    {
        var path = new PathString(context.Request.Path.Value!.TrimEnd('/')); // routing takes an address with a slash behind it for the same
        if (path == CircuitPath)
            return IsWebSocket(context.Request) ? ServeCircuit(context, next) : Refuse(context, HttpStatusCode.BadRequest, "Circuits are opened over a WebSocket.");
        if (path == CircuitPath + "/negotiate")
            return Refuse(context, HttpStatusCode.BadRequest, "Circuits are opened over a WebSocket, without negotiation.");
        return Volatile.Read(ref _open) >= Limit && IsPage(path) ? RefusePage(context) : next(context);
    }

    private async Task ServeCircuit(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= Limit)
                await next(context); // ends with the connection
            else
                await Refuse(context, HttpStatusCode.ServiceUnavailable, TooMany);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static string TooMany => $"{Limit} pages of the console are open, and there can be no more. Close one of them, then reload this page.";

    private static bool IsWebSocket(HttpRequest request) => HttpMethods.IsConnect(request.Method)
        || (HttpMethods.IsGet(request.Method) && request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase));

    private static bool IsPage(PathString path) =>
        !path.StartsWithSegments(CircuitPath) && !path.StartsWithSegments("/_framework") && !path.StartsWithSegments("/_content");

    private static Task Refuse(HttpContext context, HttpStatusCode status, string why)
    {
        (context.Response.StatusCode, context.Response.ContentType) = ((int)status, "text/plain; charset=utf-8");
        return context.Response.WriteAsync(why);
    }

    private static Task RefusePage(HttpContext context)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (StatusCodes.Status503ServiceUnavailable, "text/html; charset=utf-8");
        return context.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Too many pages · IoT Jobs Emulator</title>
            <link rel="icon" type="image/svg+xml" href="{context.Request.PathBase}/_content/IoTJobsEmulator.Console/icon.svg">
            <link rel="stylesheet" href="{context.Request.PathBase}/_content/IoTJobsEmulator.Console/console.css">
            </head>
            <body>
            <main>
            <h1>Too many pages are open</h1>
            <p>{TooMany}</p>
            </main>
            </body>
            </html>
            """);
    }
}
