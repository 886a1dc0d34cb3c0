using IoTJobsEmulator.EmulatorApi;
using IoTJobsEmulator.WebConsole.Hosting;

namespace IoTJobsEmulator.ConsoleHost;

/// <summary>
/// The web console, as <c>console</c> has it. Nothing of it is loaded before it is first asked for, so that neither the start nor an emulator that
/// nobody looks at pays for it.
/// </summary>
internal static class ConsoleRoutes
{
    public const string Path = EmulatorRoutes.Prefix + "/console";

    public static void AddConsole(this IServiceCollection services) => services.AddSingleton<InProcessApi>();

    /// <summary>Requests of the console, and of <see cref="WarmUp"/>, enter the pipeline here.</summary>
    public static void UseConsole(this IApplicationBuilder app) => app.Use(app.ApplicationServices.GetRequiredService<InProcessApi>().Remember);

    public static void MapConsole(this IEndpointRouteBuilder app, EmulatorOptions options)
    {
        if (!options.HasConsole)
            return;
        var branch = new Lazy<RequestDelegate>(() => Branch(app.ServiceProvider, options));
        app.Map(Path + "/{**path}", context => branch.Value(context)).ExcludeFromDescription();
    }

    private static RequestDelegate Branch(IServiceProvider services, EmulatorOptions options)
    {
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var branch = new ConsoleBranch(ActivatorUtilities.CreateInstance<EmulatorAccess>(services), services);
        stopping.Register(() => _ = Task.Run(branch.DisposeAsync));
        return context =>
        {
            if (stopping.IsCancellationRequested)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            }
            var (pathBase, path) = (BasePath(context, options) + Path, context.Request.Path.Value![Path.Length..]);
            if (path.Length == 0)
            {
                // Relative links of the pages need the slash.
                context.Response.Redirect(pathBase + "/" + context.Request.QueryString);
                return Task.CompletedTask;
            }
            ProtectPages(context.Response.Headers);
            return branch.Serve(context, pathBase, path);
        };
    }

    /// <summary>The base path, if the caller used it: the emulator serves both with it and without.</summary>
    private static PathString BasePath(HttpContext context, EmulatorOptions options)
    {
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        return options.BasePath.Length > 0 && target.StartsWith(options.BasePath + "/", StringComparison.Ordinal) ? options.BasePath : default(PathString);
    }

    /// <summary>Scripts, styles and sockets of the emulator alone, and no frame of any page: nothing else is loaded, and nobody else drives it.</summary>
    private static void ProtectPages(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
