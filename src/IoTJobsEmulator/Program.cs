using IoTJobsEmulator;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.EmulatorApi;
using IoTJobsEmulator.EmulatorApi.Seeds;
using IoTJobsEmulator.Storage;

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
    var meant = refusal.Nearest is { } nearest ? $" Did you mean --{nearest}?" : "";
    Console.Error.WriteLine($"{refusal.Message}{meant} --help shows all settings.");
    return Unusable;
}
if (args.Contains(HealthCheck.Argument))
    return await HealthCheck.Passes(options) ? 0 : Failed;

FileSizeLimit.DoNotEndTheProcess();
SqliteLibrary.TakeNoLocks();
_ = Task.Run(WarmUp.CallWithoutHost);
await using var host = EmulatorHost.Build(options, Console.OpenStandardOutput(), builder => builder.Host.UseConsoleLifetime());
var warmUp = new WarmUp(host);
_ = warmUp.MakeRoutes();
try
{
    await host.StartAsync();
}
catch (Exception fault) when (fault is StorageException or SettingException or SeedException)
{
    Console.Error.WriteLine(fault.Message);
    return Failed;
}
warmUp.AskOverSocket();
Banner.Print(host, options);
_ = warmUp.Run();
await host.WaitForShutdownAsync();
try
{
    host.Export();
}
catch (Exception fault) when (fault is StorageException or ServiceException)
{
    Console.Error.WriteLine(fault.Message);
    return Failed;
}
return 0;
