using System.Diagnostics;
using System.Runtime.InteropServices;

namespace IoTJobsEmulator.Benchmarks.Servers;

/// <summary>
/// What is measured, published into a temporary folder for this platform, as the image has it, and the limits beside it: this
/// program, published the same way (ReadyToRun), with the very runtime settings of the emulator.
/// </summary>
internal sealed class Published : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iot-jobs-benchmark-");
    private int _files;

    public Published()
    {
        var root = Root();
        Publish(Path.Combine(root, "src", "IoTJobsEmulator"), "emulator");
        Publish(Path.Combine(root, "tests", "IoTJobsEmulator.Benchmarks"), "limit", "-p:PublishReadyToRun=true");
        File.Copy(Emulator + ".runtimeconfig.json", Limit + ".runtimeconfig.json", overwrite: true);
    }

    public string Emulator => Path.Combine(_folder.FullName, "emulator", "IoTJobsEmulator");

    public string Limit => Path.Combine(_folder.FullName, "limit", "IoTJobsEmulator.Benchmarks");

    /// <summary>The path of a file that is not there yet, and goes at the end.</summary>
    public string NewFile(string extension) => Path.Combine(_folder.FullName, $"{++_files}{extension}");

    public void Dispose()
    {
        if (Directory.Exists(_folder.FullName))
            _folder.Delete(recursive: true);
    }

    private void Publish(string project, string name, params string[] more)
    {
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-o", Path.Combine(_folder.FullName, name), "-v", "quiet", "--nologo", .. more])
        {
            RedirectStandardOutput = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1" },
        })!;
        var said = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        if (publish.ExitCode != 0)
            throw new BenchmarkException($"{project} cannot be published:\n{said}");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "IoTJobsEmulator.sln")))
                return folder.FullName;
        throw new BenchmarkException("The benchmark must lie in the repository, whose emulator it publishes.");
    }
}
