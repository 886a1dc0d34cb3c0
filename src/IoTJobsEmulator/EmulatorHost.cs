using System.Net.Sockets;
using IoTJobsEmulator.ConsoleHost;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.EmulatorApi;
using IoTJobsEmulator.EmulatorApi.Seeds;
using IoTJobsEmulator.Events;
using IoTJobsEmulator.Http;
using IoTJobsEmulator.Http.Access;
using IoTJobsEmulator.Http.Errors;
using IoTJobsEmulator.Http.Logging;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Telemetry;
using IoTJobsEmulator.Tls;
using IoTJobsEmulator.Turns;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace IoTJobsEmulator;

/// <summary>
/// An emulator: what it is composed of, its start and its end. Several can run in one process. A host leaves the process alone: it reads no
/// environment variable, writes nothing to the console and handles no signal. What belongs to a process of its own is in Program.
/// </summary>
public sealed class EmulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EmulatorOptions _options;
    private bool _isStopped;

    private EmulatorHost(WebApplication app, EmulatorOptions options) => (_app, _options) = (app, options);

    public IServiceProvider Services => _app.Services;

    /// <summary>The address of the HTTP port, once it is listened on; null on a server without ports.</summary>
    public Uri? Address => Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address
        ? new(address)
        : null;

    /// <summary>The other ports that are listened on, once they are, with the scheme of each: mqtt, mqtts, https.</summary>
    public IReadOnlyList<(string Scheme, int Port)> OtherPorts => [.. Services.GetRequiredService<KestrelEndpoints>().OptionalPorts];

    /// <summary>The certificates that clients of the ports with TLS are to trust, as PEM, without keys.</summary>
    public string CaPem => Services.GetRequiredService<Certificates>().CaPem;

    /// <summary>Composes an emulator, which then does nothing until it is started.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="log">Where the lines of its log are written, by a thread of its own. It is closed at the end.</param>
    /// <param name="configure">Adds to what it is composed of, or replaces some of it.</param>
    public static EmulatorHost Build(EmulatorOptions options, Stream log, Action<WebApplicationBuilder>? configure = null)
    {
        // An empty builder, because the default one also reads ASP.NET settings from the environment and from files.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "IoTJobsEmulator", ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton<IHostLifetime, LifetimeWithoutSignals>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ApplicationServices.GetRequiredService<KestrelEndpoints>().Configure(kestrel));
        builder.Services.AddSingleton(provider => new BufferedLog(provider.GetRequiredService<TimeProvider>(), log))
            .AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<BufferedLog>());
        builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            // It logs nothing that AwsErrors does not, and while it is enabled an Activity is created for each request.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
        builder.Services.AddSingleton(options);
#pragma warning disable RS0030 // the one place that names the machine's clock and chance
        builder.Services.AddSingleton(TimeProvider.System);
        var world = new World(Guid.NewGuid) { Settings = options.Service };
#pragma warning restore RS0030
        builder.Services.AddTurns(world, new StorageOptions(options.Database, options.Import));
        builder.Services.AddSingleton<KestrelEndpoints>().AddSingleton<Certificates>().AddSingleton<EventLog>().AddSingleton<DeviceGateway>();
        if (options.Database is not null)
            builder.Services.AddSingleton<ISessionStore, SessionJournal>();
        builder.Services.AddDocuments(options);
        builder.Services.AddOperationRequests(options);
        builder.Services.AddSingleton<EmulatorTelemetry>();
        builder.Services.AddSeeds();
        builder.Services.AddRoutingCore();
        builder.Services.AddCrossOrigin(options);
        builder.Services.AddConsole();
        configure?.Invoke(builder);

        return new(builder.Build(), options);
    }

    /// <summary>Checks the files of the settings, loads the state, and opens the ports. What has failed cannot be started again.</summary>
    /// <exception cref="SettingException">A port, an address, a certificate or a folder cannot be used. The message is for the user.</exception>
    /// <exception cref="StorageException">The database file, or the file to export to, cannot be used. The message is for the user.</exception>
    /// <exception cref="SeedException">A call of the seed was refused. The message is for the user.</exception>
    public async Task StartAsync(CancellationToken cancelled = default)
    {
        try
        {
            var endpoints = Services.GetRequiredService<KestrelEndpoints>();
            endpoints.Check();
            // On another core: .NET's cryptography and its routes take about as long to load.
            var checking = Task.Run(() => Services.GetRequiredService<Certificates>().Check(isCaUsed: endpoints.HasTls), CancellationToken.None);
            Map(_app, _options);
            await checking;
            if (_options.Export is { } target)
                StateFile.CheckExport(target);
            Services.GetRequiredService<TurnGate>().Load();
            Services.GetRequiredService<DeviceGateway>().Broker.Restore();
            await Services.GetRequiredService<StartingSeed>().RunAtStart();
            await _app.StartAsync(cancelled);
        }
        catch (Exception fault) when (fault is SocketException or IOException { InnerException: SocketException or AggregateException or AddressInUseException })
        {
            // Kestrel wraps the cause once for an address, and again for the two addresses of localhost.
            throw new SettingException($"Cannot listen on {_options.Bind} port {_options.Port}: {fault.GetBaseException().Message}. --port 0 picks a free one.");
        }
    }

    /// <summary>What a request passes, and the routes that it may take.</summary>
    private static void Map(WebApplication app, EmulatorOptions options)
    {
        app.UseMiddleware<HttpTelemetry>();
        app.UseMiddleware<RequestLog>();
        app.UseConsole();
        app.UseCrossOrigin(options);
        app.UseMiddleware<AwsErrors>();
        app.UseMiddleware<CallerCheck>();
        app.UseMiddleware<ApiSelector>();
        app.UseMqttOverWebSockets();
        app.UseRouting();
        app.MapOperations();
        app.MapIotData();
        app.MapEmulatorApi();
        app.MapOpenApiDocuments(options);
        app.MapConsole(options);
        app.MapStartPage(options);
    }

    /// <summary>Waits until its lifetime tells it to end, as a signal does in a process of its own, and closes its ports.</summary>
    public async Task WaitForShutdownAsync()
    {
        await _app.WaitForShutdownAsync();
        _isStopped = true;
    }

    /// <summary>Writes the state to the file of the setting <c>export</c>, if there is one. Called when the ports are closed.</summary>
    /// <exception cref="StorageException">The file could not be written. The message is for the user.</exception>
    /// <exception cref="ServiceException">The state could not be taken. The message is for the user.</exception>
    public void Export()
    {
        if (_options.Export is { } file)
            Services.GetRequiredService<StateFiles>().Export(file);
    }

    /// <summary>Closes its ports and connections. Open connections have half a second.</summary>
    public async Task StopAsync()
    {
        if (!_isStopped)
            await _app.StopAsync();
        _isStopped = true;
    }

    /// <summary>Ends it: ports and connections are closed, if they are not yet, and a database file is written.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        // The last turns are delivered while the journal is open: what they announce to sessions that are kept is written, too.
        await Services.GetRequiredService<TurnGate>().WhenIdle();
        await _app.DisposeAsync();
    }

    /// <summary>Stands for the lifetime that .NET adds to every host, which would take the signals of the process.</summary>
    private sealed class LifetimeWithoutSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
