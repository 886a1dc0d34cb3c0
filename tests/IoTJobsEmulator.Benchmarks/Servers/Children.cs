using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using IoTJobsEmulator.Benchmarks.Report;

namespace IoTJobsEmulator.Benchmarks.Servers;

/// <summary>The processes that were started: none outlives the benchmark, also when it is interrupted.</summary>
internal static class Children
{
    private static readonly ConcurrentDictionary<Process, bool> Running = [];

    // A registration that nobody holds is taken back.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        Running[process] = true;
        return process;
    }

    public static void End(Process process)
    {
        if (!Running.TryRemove(process, out _))
            return;
        if (process.HasExited && process.ExitCode != 0)
            Reporter.Say($"Process {process.Id} has ended by itself, with {process.ExitCode}.");
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>On an interrupt ends them all, cleans up, and ends this process.</summary>
    public static void EndWhenInterrupted(Action cleanUp)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
            Registrations.Add(PosixSignalRegistration.Create(signal, _ =>
            {
                foreach (var process in Running.Keys)
                    End(process);
                cleanUp();
                Environment.Exit(1);
            }));
    }
}
