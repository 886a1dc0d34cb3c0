using System.Reflection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace IoTJobsEmulator.WebConsole.Hosting;

/// <summary>The environment of the console: its scripts and styles lie beside the program, or, in a build that is not published, where the build says.</summary>
internal sealed class ConsoleEnvironment : IWebHostEnvironment
{
    private const string ServerName = "IoTJobsEmulator";

    /// <summary>The program that runs: the server, or the tool, whose build writes the same lists under its own name.</summary>
    private static readonly string ProgramName =
        Assembly.GetEntryAssembly()?.GetName().Name is { } entry && File.Exists(ManifestOf(entry)) ? entry : ServerName;

    /// <summary>The list of all scripts and styles, which the build writes.</summary>
    public static string AssetsManifest { get; } = ManifestOf(ProgramName);

    public ConsoleEnvironment(IWebHostEnvironment outer)
    {
        (ContentRootPath, ContentRootFileProvider) = (outer.ContentRootPath, outer.ContentRootFileProvider);
        WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        WebRootFileProvider = Directory.Exists(WebRootPath) ? new PhysicalFileProvider(WebRootPath) : new NullFileProvider();
        StaticWebAssetsLoader.UseStaticWebAssets(this, new ConfigurationBuilder().Build());
    }

    public string ApplicationName { get; set; } = ProgramName;

    public string EnvironmentName { get; set; } = Environments.Production;

    public string ContentRootPath { get; set; }

    public IFileProvider ContentRootFileProvider { get; set; }

    public string WebRootPath { get; set; }

    public IFileProvider WebRootFileProvider { get; set; }

    private static string ManifestOf(string program) => Path.Combine(AppContext.BaseDirectory, program + ".staticwebassets.endpoints.json");
}
