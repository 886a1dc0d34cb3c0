using IoTJobsEmulator.Http.OpenApi;

namespace IoTJobsEmulator.ConsoleHost;

/// <summary>What browsers find at <c>/</c>: the ways into the emulator. Other clients are sent to Swagger UI.</summary>
internal static class StartPage
{
    public static void MapStartPage(this IEndpointRouteBuilder app, EmulatorOptions options) => app.MapGet("/", context =>
    {
        if (!options.HasConsole || !AcceptsHtml(context.Request))
        {
            context.Response.Redirect(context.Request.PathBase + OpenApiDocuments.Page + "/index.html");
            return Task.CompletedTask;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(Html(options.BasePath));
    }).ExcludeFromDescription();

    /// <summary>Browsers name text/html; SDKs and curl name nothing, */* or JSON.</summary>
    private static bool AcceptsHtml(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static string Html(string basePath) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>IoT Jobs Emulator</title>
        <style>
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 3rem 1.25rem; color: light-dark(#16202b, #e6ebf1); background: light-dark(#fff, #10161d) }
        h1 { font-size: 1.5rem; margin: 0 0 .25rem }
        p { margin: .25rem 0; color: light-dark(#4a5765, #a9b4c0) }
        a { color: light-dark(#0b5cad, #7db8f5) }
        ul { list-style: none; padding: 0; display: grid; gap: .75rem; margin: 1.5rem 0 }
        li { border: 1px solid light-dark(#cfd6de, #33404d); border-radius: .5rem; padding: .75rem 1rem }
        li a { font-weight: 600 }
        </style>
        </head>
        <body>
        <main>
        <h1>IoT Jobs Emulator {{Banner.Version}}</h1>
        <p>AWS IoT Jobs on this machine. Point an SDK or a device here, or look inside:</p>
        <ul>
        <li><a href="{{basePath}}{{ConsoleRoutes.Path}}">Console</a><p>Jobs, executions, devices, messages and the clock, live; create a job and play its device.</p></li>
        <li><a href="{{basePath}}{{OpenApiDocuments.Page}}/index.html">API documents (Swagger UI)</a><p>Every operation with its constraints and errors, to try out.</p></li>
        </ul>
        </main>
        </body>
        </html>
        """;
}
