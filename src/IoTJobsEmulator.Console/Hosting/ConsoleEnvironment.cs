using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace IoTJobsEmulator.WebConsole.Hosting;

/// <summary>The environment of the console: its scripts and styles lie beside the program, or, in a build that is not published, where the build says.</summary>
internal sealed class ConsoleEnvironment : IWebHostEnvironment
{
    /// <summary>The list of all scripts and styles, which the build writes.</summary>
    public static string AssetsManifest { get; } = Path.Combine(AppContext.BaseDirectory, ServerName + ".staticwebassets.endpoints.json");

    private const string ServerName = "IoTJobsEmulator";

    public ConsoleEnvironment(IWebHostEnvironment outer)
    {
        (ContentRootPath, ContentRootFileProvider) = (outer.ContentRootPath, outer.ContentRootFileProvider);
        WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        WebRootFileProvider = Directory.Exists(WebRootPath) ? new PhysicalFileProvider(WebRootPath) : new NullFileProvider();
        StaticWebAssetsLoader.UseStaticWebAssets(this, new ConfigurationBuilder().Build());
    }

    public string ApplicationName { get; set; } = ServerName;

    public string EnvironmentName { get; set; } = Environments.Production;

    public string ContentRootPath { get; set; }

    public IFileProvider ContentRootFileProvider { get; set; }

    public string WebRootPath { get; set; }

    public IFileProvider WebRootFileProvider { get; set; }
}
