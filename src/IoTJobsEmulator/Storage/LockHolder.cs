using System.Globalization;

namespace IoTJobsEmulator.Storage;

/// <summary>Who has locked a file. Only Linux tells, and only of processes that this one may look into.</summary>
internal static class LockHolder
{
    /// <summary>The process that has locked one of the files, such as <c>process 1234</c>; if it is not known, <c>another process</c>.</summary>
    public static string Of(params string[] files)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                foreach (var process in Lockers())
                    if (process != Environment.ProcessId && HasOpen(process, files))
                        return string.Create(CultureInfo.InvariantCulture, $"process {process}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
        return "another process";
    }

    /// <summary>The processes that hold an exclusive lock on anything.</summary>
    /// <remarks>https://man7.org/linux/man-pages/man5/proc_locks.5.html</remarks>
    private static IEnumerable<int> Lockers() =>
        from line in File.ReadLines("/proc/locks")
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields is [_, _, _, "WRITE", ..]
        let process = int.Parse(fields[4], CultureInfo.InvariantCulture)
        where process > 0
        group process by process into processes
        select processes.Key;

    private static bool HasOpen(int process, string[] files)
    {
        try
        {
            return Directory.EnumerateFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd"))
                .Any(descriptor => new FileInfo(descriptor).LinkTarget is { } name && files.Contains(name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended, or is another user's
        }
    }
}
