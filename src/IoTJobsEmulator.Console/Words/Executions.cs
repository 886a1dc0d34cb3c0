using System.Globalization;
using IoTJobsEmulator.Core.Jobs;
using static IoTJobsEmulator.Core.Jobs.JobExecutionStatus;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>Counts of executions as they are shown: in words and in parts of a bar.</summary>
public static class Executions
{
    /// <summary>From the left: what is over, then what goes on, then what waits.</summary>
    public static IReadOnlyList<JobExecutionStatus> Order { get; } = [SUCCEEDED, FAILED, TIMED_OUT, REJECTED, CANCELED, REMOVED, IN_PROGRESS, QUEUED];

    /// <summary>A part of a bar of a thousand units.</summary>
    public readonly record struct Part(JobExecutionStatus Status, int From, int Width);

    /// <summary>The parts of a bar, those that have any. Each is at least five units wide, so that one among thousands is seen.</summary>
    public static IReadOnlyList<Part> Parts(JobExecutionCounts counts)
    {
        const int Whole = 1000, Least = 5;
        JobExecutionStatus[] present = [.. Order.Where(status => counts.Of(status) > 0)];
        var shared = Whole - Least * present.Length;
        List<Part> parts = [];
        long before = 0;
        for (var i = 0; i < present.Length; i++)
        {
            var from = (int)(before * shared / counts.Total) + Least * i;
            before += counts.Of(present[i]);
            parts.Add(new(present[i], from, (int)(before * shared / counts.Total) + Least * (i + 1) - from));
        }
        return parts;
    }

    /// <summary><c>3 of 10 finished: 2 SUCCEEDED, 1 FAILED, 7 QUEUED</c>.</summary>
    public static string InWords(JobExecutionCounts counts)
    {
        if (counts.Total == 0)
            return "No executions yet";
        var parts = Order.Where(status => counts.Of(status) > 0).Select(status => $"{Number(counts.Of(status))} {status}");
        return $"{Number(counts.Terminal)} of {Number(counts.Total)} finished: {string.Join(", ", parts)}";
    }

    /// <summary>With a space between thousands: <c>100 000</c>.</summary>
    public static string Number(long number) => number.ToString("#,0", Grouped);

    private static readonly NumberFormatInfo Grouped = new() { NumberGroupSeparator = "\u202f" };
}
