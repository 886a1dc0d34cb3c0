using System.Globalization;
using System.Text.RegularExpressions;

namespace IoTJobsEmulator.RobustnessTests.Soak;

/// <summary>What the system says of a process.</summary>
/// <param name="ResidentKilobytes">Its resident memory.</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="OpenFiles">What its descriptors stand for, sockets and files alike, but for assemblies, which are loaded when first needed. A file that is open twice is there twice.</param>
internal sealed record ProcessFigures(long ResidentKilobytes, int Threads, IReadOnlyList<string> OpenFiles)
{
    public int Descriptors => OpenFiles.Count;

    public static ProcessFigures Of(int process)
    {
        var status = File.ReadAllText($"/proc/{process}/status");
        return new(Number("VmRSS"), (int)Number("Threads"), [.. Directory.GetFileSystemEntries($"/proc/{process}/fd").Select(Target).OfType<string>().Where(file => !file.EndsWith(".dll", StringComparison.Ordinal))]);

        long Number(string name) => long.Parse(Regex.Match(status, $@"^{name}:\s+(\d+)", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>What is open here and not there: each that is there once takes away one.</summary>
    public IReadOnlyList<string> OpenBeyond(ProcessFigures other)
    {
        var beyond = OpenFiles.Select(Kind).ToList();
        foreach (var file in other.OpenFiles)
            beyond.Remove(Kind(file));
        return beyond;
    }

    /// <summary>The TCP sockets of a process now, with their ports and states as the system has them: 01 is established, 08 waits to be closed, 0A listens.</summary>
    public static IReadOnlyList<string> SocketsOf(int process)
    {
        var own = Of(process).OpenFiles.ToHashSet();
        return
        [
            .. new[] { "tcp", "tcp6" }
                .SelectMany(table => File.ReadLines($"/proc/{process}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => own.Contains($"socket:[{fields[9]}]"))
                .Select(fields => $"{Port(fields[1])} with {Port(fields[2])} in state {fields[3]}"),
        ];

        static int Port(string address) => int.Parse(address[(address.IndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    /// <summary>What a descriptor stands for; null when it was closed meanwhile.</summary>
    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Sockets and pipes have numbers, which say nothing.</summary>
    private static string Kind(string file) => Regex.Replace(file, @":\[\d+\]$", "");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ResidentKilobytes / 1024} MB, {Threads} threads, {Descriptors} descriptors");
}
