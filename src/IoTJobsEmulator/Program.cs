using System.Net.Sockets;
using IoTJobsEmulator;
using IoTJobsEmulator.ConsoleHost;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.EmulatorApi;
using IoTJobsEmulator.Http;
using IoTJobsEmulator.Http.Access;
using IoTJobsEmulator.Http.Errors;
using IoTJobsEmulator.Http.Logging;
using IoTJobsEmulator.Http.OpenApi;
using IoTJobsEmulator.Http.Requests;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Storage;
using IoTJobsEmulator.Tls;
using IoTJobsEmulator.Turns;

const int Unusable = 2, Failed = 1;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(EmulatorOptions.Help);
    return 0;
}
if (args is ["--version"])
{
    Console.WriteLine(Banner.Version);
    return 0;
}

EmulatorOptions options;
try
{
    options = EmulatorOptions.Read(args.Where(argument => argument != HealthCheck.Argument), Environment.GetEnvironmentVariables());
}
catch (SettingException refusal)
{
    Console.Error.WriteLine($"{refusal.Message} --help shows all settings.");
    return Unusable;
}
if (args.Contains(HealthCheck.Argument))
    return await HealthCheck.Passes(options) ? 0 : Failed;

FileSizeLimit.DoNotEndTheProcess();
// An empty builder, because the default one also reads ASP.NET settings from the environment and from files.
var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "IoTJobsEmulator", ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ApplicationServices.GetRequiredService<KestrelEndpoints>().Configure(kestrel));
builder.Services.AddSingleton<BufferedConsoleLog>().AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<BufferedConsoleLog>());
builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
    // It logs nothing that AwsErrors does not, and while it is enabled an Activity is created for each request.
    .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
builder.Services.AddSingleton(options);
#pragma warning disable RS0030 // the one place that names the machine's clock and chance
builder.Services.AddSingleton(TimeProvider.System);
var world = new World(Guid.NewGuid) { Settings = options.Service };
#pragma warning restore RS0030
builder.Services.AddTurns(world, new StorageOptions(options.Database));
builder.Services.AddSingleton<KestrelEndpoints>().AddSingleton<Certificates>().AddSingleton<DeviceGateway>();
if (options.Database is not null)
    builder.Services.AddSingleton<ISessionStore, SessionJournal>();
builder.Services.AddDocuments(options);
builder.Services.AddOperationRequests(options);
builder.Services.AddRoutingCore();
builder.Services.AddCrossOrigin(options);
builder.Services.AddOpenApiDocuments(options);
builder.Services.AddConsole(options);

await using var app = builder.Build();
app.UseMiddleware<RequestLog>();
app.UseConsole(options);
app.UseCrossOrigin(options);
app.UseMiddleware<AwsErrors>();
app.UseMiddleware<CallerCheck>();
app.UseMiddleware<ApiSelector>();
app.UseMqttOverWebSockets();
app.UseRouting();
app.MapOperations();
app.MapIotData();
app.MapEmulatorApi();
app.MapOpenApiDocuments();
app.MapConsole(options);
app.MapStartPage(options);

try
{
    app.Services.GetRequiredService<KestrelEndpoints>().Check();
    app.Services.GetRequiredService<Certificates>().Check(isCaUsed: app.Services.GetRequiredService<KestrelEndpoints>().HasTls);
    app.Services.GetRequiredService<TurnGate>().Load();
    app.Services.GetRequiredService<DeviceGateway>().Broker.Restore();
    await app.StartAsync();
}
catch (Exception fault) when (fault is StorageException or SettingException)
{
    Console.Error.WriteLine(fault.Message);
    return Failed;
}
catch (Exception fault) when (fault is SocketException or IOException { InnerException: SocketException or AggregateException or Microsoft.AspNetCore.Connections.AddressInUseException })
{
    // Kestrel wraps the cause once for an address, and again for the two addresses of localhost.
    Console.Error.WriteLine($"Cannot listen on {options.Bind} port {options.Port}: {fault.GetBaseException().Message}. --port 0 picks a free one.");
    return Failed;
}
Banner.Print(app, options, app.Services.GetRequiredService<KestrelEndpoints>().OptionalPorts);
await app.WaitForShutdownAsync();
return 0;
