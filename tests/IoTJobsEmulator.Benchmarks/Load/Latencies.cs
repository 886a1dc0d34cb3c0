using System.Diagnostics;

namespace IoTJobsEmulator.Benchmarks.Load;

/// <summary>How long answers took, each of them kept.</summary>
internal sealed class Latencies
{
    private long[] _ticks = new long[1 << 16];

    public int Count { get; private set; }

    public void Add(long ticks)
    {
        if (Count == _ticks.Length)
            Array.Resize(ref _ticks, Count * 2);
        _ticks[Count++] = ticks;
    }

    public void Add(Latencies others)
    {
        for (var i = 0; i < others.Count; i++)
            Add(others._ticks[i]);
    }

    /// <summary>In milliseconds: 0.5 is the median, 0.99 is p99, 1 is the longest.</summary>
    public double Quantile(double share)
    {
        if (Count == 0)
            return double.NaN;
        Array.Sort(_ticks, 0, Count);
        return _ticks[Math.Min(Count - 1, (int)(share * Count))] * 1000.0 / Stopwatch.Frequency;
    }
}
