using System.Reflection;
using IoTJobsEmulator.ConsoleHost;

namespace IoTJobsEmulator;

/// <summary>What is printed when the emulator has started: its addresses, where its state and S3 objects are, and a first command to try.</summary>
internal static class Banner
{
    public static string Version { get; } =
        typeof(Banner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static string State(EmulatorOptions options) => options switch
    {
        { Database: { } file } => Path.GetFullPath(file),
        { Export: { } file } => $"in memory, written to {Path.GetFullPath(file)} at exit",
        _ => "in memory, gone at exit (--database FILE keeps it)",
    };

    private static string Links(EmulatorOptions options) => options switch
    {
        { Documents: { } folder } => $"S3 is the folder {Path.GetFullPath(folder)}",
        { S3: { } s3 } => s3.ToString(),
        _ => "not read: the document of a job with a documentSource is {}, presigned URLs lead nowhere (--documents FOLDER or --s3-endpoint URL)",
    };

    /// <param name="host">The emulator, started.</param>
    /// <param name="options">Its settings.</param>
    public static void Print(EmulatorHost host, EmulatorOptions options)
    {
        var url = new UriBuilder(host.Address!) { Path = options.BasePath };
        url.Host = url.Host is "localhost" or "0.0.0.0" or "[::]" ? "127.0.0.1" : url.Host;
        var here = url.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        Console.WriteLine($"""
            IoT Jobs emulator {Version}
            Listening on {here}
              documents  {here}/swagger{(options.HasConsole ? $"\n  console    {here}{ConsoleRoutes.Path}" : "")}
              devices    {string.Join(", ", host.OtherPorts.Select(open => $"{open.Scheme}://{url.Host}:{open.Port}").Append($"ws://{url.Host}:{url.Port}/mqtt"))}
              state      {State(options)}
              links      {Links(options)}
              account    {options.Account}, region {options.Region}, unless the credentials say otherwise
              try        aws --endpoint-url {here} iot list-jobs
            """);
    }
}
