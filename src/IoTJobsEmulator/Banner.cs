using System.Reflection;
using IoTJobsEmulator.ConsoleHost;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace IoTJobsEmulator;

/// <summary>What is printed when the emulator has started: its addresses, where its state and S3 objects are, and a first command to try.</summary>
internal static class Banner
{
    public static string Version { get; } =
        typeof(Banner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static string Links(EmulatorOptions options) => options switch
    {
        { Documents: { } folder } => $"S3 is the folder {Path.GetFullPath(folder)}",
        { S3: { } s3 } => s3.ToString(),
        _ => "not read: the document of a job with a documentSource is {}, presigned URLs lead nowhere (--documents FOLDER or --s3-endpoint URL)",
    };

    public static void Print(WebApplication app, EmulatorOptions options, IEnumerable<(string Scheme, int Port)> optionalPorts)
    {
        if (app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is not { } address)
            return;
        var url = new UriBuilder(address) { Path = options.BasePath };
        url.Host = url.Host is "localhost" or "0.0.0.0" or "[::]" ? "127.0.0.1" : url.Host;
        var here = url.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        Console.WriteLine($"""
            IoT Jobs emulator {Version}
            Listening on {here}
              documents  {here}/swagger{(options.HasConsole ? $"\n  console    {here}{ConsoleRoutes.Path}" : "")}
              devices    {string.Join(", ", optionalPorts.Select(open => $"{open.Scheme}://{url.Host}:{open.Port}").Append($"ws://{url.Host}:{url.Port}/mqtt"))}
              state      {(options.Database is { } file ? Path.GetFullPath(file) : "in memory, gone at exit (--database FILE keeps it)")}
              links      {Links(options)}
              account    {options.Account}, region {options.Region}, unless the credentials say otherwise
              try        aws --endpoint-url {here} iot list-jobs
            """);
    }
}
