using System.Diagnostics;
using IoTJobsEmulator.WebConsole.Clock;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IoTJobsEmulator.WebConsole.Hosting;

/// <summary>
/// The console as a branch of the emulator's pipeline, with services of its own. It is made when it is first asked for: registered with
/// the emulator's services, Blazor would cost every start half as much time again and 25 MB.
/// </summary>
public sealed class ConsoleBranch : IAsyncDisposable
{
    /// <summary>Bytes of one event of a page: a job document of 32 768 characters, and its escapes.</summary>
    private const int LongestInput = 256 * 1024;

    private const int FewCircuits = 10;

    private readonly ServiceProvider _services;
    private readonly RequestDelegate _pipeline;

    /// <param name="emulator">What the console shows.</param>
    /// <param name="outer">The emulator's services, of which the console uses the environment, the lifetime, the loggers and the clock.</param>
    public ConsoleBranch(IEmulator emulator, IServiceProvider outer)
    {
        _services = Services(emulator, outer).BuildServiceProvider();
        _pipeline = Pipeline(_services);
    }

    /// <summary>Serves a request. Its path begins behind the console's own.</summary>
    /// <param name="context">The request.</param>
    /// <param name="pathBase">The console's own path, as the browser sees it.</param>
    /// <param name="path">What follows it.</param>
    public async Task Serve(HttpContext context, PathString pathBase, PathString path)
    {
        var (request, services, endpoint, values) = (context.Request, context.RequestServices, context.GetEndpoint(), context.Request.RouteValues);
        var outside = (request.PathBase, request.Path);
        await using var scope = _services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        context.SetEndpoint(null);
        (request.RouteValues, request.PathBase, request.Path) = ([], pathBase, path);
        try
        {
            await _pipeline(context);
        }
        finally
        {
            context.RequestServices = services;
            context.SetEndpoint(endpoint);
            request.RouteValues = values;
            (request.PathBase, request.Path) = outside;
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static ServiceCollection Services(IEmulator emulator, IServiceProvider outer)
    {
        var services = new ServiceCollection();
        var environment = new ConsoleEnvironment(outer.GetRequiredService<IWebHostEnvironment>());
        services.AddSingleton<IWebHostEnvironment>(environment).AddSingleton<IHostEnvironment>(environment);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(outer.GetRequiredService<IHostApplicationLifetime>());
        services.AddSingleton(outer.GetRequiredService<ILoggerFactory>()).AddLogging();
        services.AddSingleton(outer.GetRequiredService<TimeProvider>());
        services.AddSingleton(new DiagnosticListener("IoTJobsEmulator.Console"));
        services.AddSingleton(emulator).AddSingleton<ClockAdvance>();
        services.AddRouting();
        services.AddRazorComponents().AddInteractiveServerComponents(KeepFewCircuits).AddHubOptions(hub => hub.MaximumReceiveMessageSize = LongestInput);
        // Keys in files of the user would outlive the emulator, and a cookie with them. CallerCheck keeps foreign pages out.
        services.Replace(ServiceDescriptor.Singleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider()));
        services.Replace(ServiceDescriptor.Scoped<AntiforgeryStateProvider, NoAntiforgery>());
        return services;
    }

    /// <summary>A browser that comes back within a minute goes on where it was; of those that do not, few are kept, beside the open ones.</summary>
    private static void KeepFewCircuits(CircuitOptions options)
    {
        (options.DisconnectedCircuitMaxRetained, options.DisconnectedCircuitRetentionPeriod) = (FewCircuits, TimeSpan.FromMinutes(1));
        (options.PersistedCircuitInMemoryMaxRetained, options.PersistedCircuitInMemoryRetentionPeriod) = (FewCircuits, TimeSpan.FromMinutes(1));
    }

    private static RequestDelegate Pipeline(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.Use(new OpenPages().Admit);
        app.UseRouting();
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapStaticAssets(ConsoleEnvironment.AssetsManifest);
            endpoints.MapRazorComponents<App>()
                .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null)
                .DisableAntiforgery();
        });
        return app.Build();
    }

    /// <summary>No token, and so no cookie: pages post no forms, and the circuit is opened by pages of the emulator's own origin alone.</summary>
    private sealed class NoAntiforgery : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => null;
    }
}
