using System.Net.Sockets;
using Samples;

namespace IoTJobsEmulator.Testing.Tests;

/// <summary>What emulators leave behind when they have ended. These tests look at the whole process, so no other runs beside them.</summary>
[CollectionDefinition(nameof(NothingLeftTests), DisableParallelization = true)]
[Collection(nameof(NothingLeftTests))]
public sealed class NothingLeftTests : IDisposable
{
    private const int Emulators = 50;

    /// <summary>Handles that .NET itself opens and closes as it likes.</summary>
    private const int OfTheRuntime = 10;

    /// <summary>The variables that name the folder of temporary files, on Unix and on Windows.</summary>
    private static readonly string[] Variables = ["TMPDIR", "TMP"];

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("iot-jobs-tests-");
    private readonly string?[] _values = Array.ConvertAll(Variables, Environment.GetEnvironmentVariable);

    public NothingLeftTests()
    {
        foreach (var variable in Variables)
            Environment.SetEnvironmentVariable(variable, _temporary.FullName);
    }

    public void Dispose()
    {
        foreach (var (variable, value) in Variables.Zip(_values))
            Environment.SetEnvironmentVariable(variable, value);
        _temporary.Delete(recursive: true);
    }

    [Fact]
    public async Task Fifty_that_ran_at_once_leave_no_port_thread_file_or_object()
    {
        await Run(emulators: 2); // what .NET sets up once
        var (files, threads) = (OpenFiles(), Threads());

        var (ports, owned) = await Run(Emulators);

        Assert.Equal(Emulators * 4, ports.Count);
        Assert.All(ports, port => Assert.Throws<SocketException>(() => new TcpClient("127.0.0.1", port)));
        Assert.Empty(_temporary.EnumerateFileSystemInfos());
        await Until(() => Threads() <= threads, "Threads");
        await Until(() => OpenFiles() <= files + OfTheRuntime, "Open files");
        await Until(() => !owned.Exists(one => one.IsAlive), "Objects");
    }

    [Fact]
    public async Task The_signals_of_the_process_are_as_they_were()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var before = Signals();
        await using var emulator = await JobsEmulator.StartAsync(cancellationToken: Cancelled);
        Assert.Equal(before, Signals());
    }

    /// <summary>Starts emulators, has each do its work, and ends them. Answers their ports, and an object that each alone has held.</summary>
    private static async Task<(List<int> Ports, List<WeakReference> Owned)> Run(int emulators)
    {
        var (ports, owned) = (new List<int>(), new List<WeakReference>());
        var running = await Task.WhenAll(Enumerable.Range(0, emulators).Select(_ =>
        {
            var lines = new List<string>();
            owned.Add(new(lines));
            return JobsEmulator.StartAsync(
                options =>
                {
                    options.Tls = true;
                    options.Log = lines.Add;
                },
                Cancelled);
        }));
        await Task.WhenAll(running.Select(async emulator =>
        {
            using var fleet = new Fleet(emulator);
            await fleet.CreateThing("pump-1");
            await fleet.CreateJob("update-firmware", "pump-1");
            await fleet.Report("pump-1", "update-firmware", "SUCCEEDED");
            using var mqtt = new TcpClient("127.0.0.1", emulator.MqttPort);
            await emulator.Clock.AdvanceAsync(TimeSpan.FromHours(1), Cancelled);
        }));
        foreach (var emulator in running)
            ports.AddRange(emulator.ServiceUrl.Port, emulator.MqttPort, emulator.MqttTlsPort, emulator.HttpsUrl.Port);
        await Task.WhenAll(running.Select(emulator => emulator.DisposeAsync().AsTask()));
        return (ports, owned);
    }

    /// <summary>Threads that emulators start: of their logs and of their databases.</summary>
    private static int Threads() => OperatingSystem.IsLinux()
        ? Directory.GetDirectories("/proc/self/task").Count(thread => TryRead($"{thread}/comm").Trim() is "log" or "journal")
        : 0;

    private static int OpenFiles() => OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;

    /// <summary>Which signals are ignored, and which are handled.</summary>
    private static string Signals() => string.Join('\n', File.ReadLines("/proc/self/status").Where(line => line.StartsWith("SigIgn", StringComparison.Ordinal) || line.StartsWith("SigCgt", StringComparison.Ordinal)));

    private static string TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // the thread has ended
        }
    }

    /// <summary>Lets the system and the garbage collector do what they do in their own time: in the first tries, usually.</summary>
    private static async Task Until(Func<bool> isSo, string what)
    {
        for (var tries = 0; !isSo(); tries++)
        {
            Assert.True(tries < 1000, $"{what} are left.");
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
