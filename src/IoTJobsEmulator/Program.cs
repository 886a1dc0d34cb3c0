using System.Net.Sockets;
using IoTJobsEmulator;
using IoTJobsEmulator.Core.State;
using IoTJobsEmulator.Documents;
using IoTJobsEmulator.Http;
using IoTJobsEmulator.Mqtt;
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

// An empty builder: no settings but ours, whatever the environment or a base image says.
var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "IoTJobsEmulator", ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ApplicationServices.GetRequiredService<Listeners>().Configure(kestrel));
builder.Services.AddSingleton<LogLines>().AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogLines>());
builder.Logging.SetMinimumLevel(options.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
    // Says nothing that AwsErrors does not, and while it may speak an Activity is begun for each request.
    .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
builder.Services.AddSingleton(options);
#pragma warning disable RS0030 // the one place that names the machine's clock and chance
builder.Services.AddSingleton(TimeProvider.System);
var world = new World(Guid.NewGuid) { Settings = options.Service };
#pragma warning restore RS0030
builder.Services.AddTurns(world, new StorageOptions(options.Database));
builder.Services.AddSingleton<Listeners>().AddSingleton<Certificates>().AddSingleton<DeviceGateway>();
builder.Services.AddDocuments(options);
builder.Services.AddRoutingCore();
builder.Services.AddOpenApiDocuments(options);

await using var app = builder.Build();
app.UseMiddleware<RequestLog>();
app.UseMiddleware<AwsErrors>();
app.UseMiddleware<Planes>();
app.UseMqttOverWebSockets();
app.UseRouting();
app.MapOperations();
ActivatorUtilities.CreateInstance<EmulatorEndpoints>(app.Services).Map(app);
app.MapMessages();
if (app.Services.GetService<FolderDocuments>() is { } documents)
    new DocumentEndpoint(documents, app.Services.GetRequiredService<EmulatorClock>()).Map(app);
app.MapOpenApiDocuments();

try
{
    app.Services.GetRequiredService<Listeners>().Check();
    app.Services.GetRequiredService<Certificates>().Check();
    app.Services.GetRequiredService<TurnGate>().Load();
    await app.StartAsync();
}
catch (Exception fault) when (fault is StorageException or SettingException)
{
    Console.Error.WriteLine(fault.Message);
    return Failed;
}
catch (IOException fault) when (fault.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
{
    Console.Error.WriteLine($"Cannot listen on {options.Bind} port {options.Port}: {fault.InnerException.Message}. --port 0 picks a free one.");
    return Failed;
}
Banner.Print(app, options, app.Services.GetRequiredService<Listeners>().Open);
await app.WaitForShutdownAsync();
return 0;
