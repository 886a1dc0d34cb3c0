using System.Runtime.InteropServices;

namespace IoTJobsEmulator.Storage;

/// <summary>The size of the largest file that the process may write (<c>ulimit -f</c>).</summary>
public static partial class FileSizeLimit
{
    /// <summary>The number on Linux and macOS.</summary>
    private const int Sigxfsz = 25;

    private const nint Ignored = 1;

    /// <summary>
    /// Has a write beyond the limit fail as one to a full disk does. Without this the signal SIGXFSZ ends the process. PosixSignalRegistration
    /// has no such signal.
    /// </summary>
    public static void DoNotEndTheProcess()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            _ = Signal(Sigxfsz, Ignored);
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);
}
