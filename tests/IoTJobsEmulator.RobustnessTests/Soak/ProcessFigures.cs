using System.Globalization;
using System.Text.RegularExpressions;

namespace IoTJobsEmulator.RobustnessTests.Soak;

/// <summary>What the system says of a process.</summary>
internal sealed record ProcessFigures(long ResidentKilobytes, int Threads, int Descriptors)
{
    public static ProcessFigures Of(int process)
    {
        var status = File.ReadAllText($"/proc/{process}/status");
        return new(Number("VmRSS"), (int)Number("Threads"), Directory.GetFileSystemEntries($"/proc/{process}/fd").Length);

        long Number(string name) => long.Parse(Regex.Match(status, $@"^{name}:\s+(\d+)", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ResidentKilobytes / 1024} MB, {Threads} threads, {Descriptors} descriptors");
}
