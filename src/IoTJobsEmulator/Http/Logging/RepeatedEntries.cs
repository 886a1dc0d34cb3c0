using System.Globalization;

namespace IoTJobsEmulator.Http.Logging;

/// <summary>
/// Writes the first of equal warnings and errors, counts the others, and writes the count at the end of each period. Callers cause warnings: one that
/// never reads its messages would fill the log with a line for each.
/// </summary>
/// <param name="machine">The clock of the periods.</param>
/// <param name="write">Writes a line.</param>
internal sealed class RepeatedEntries(TimeProvider machine, Action<string> write) : IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Different entries in a period. Those beyond are counted together.</summary>
    public const int MaxEntries = 1000;

    private readonly Lock _sync = new();
    private readonly Dictionary<string, int> _repeats = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private int _others;

    /// <summary>Whether an entry is to be written; else it is counted.</summary>
    public bool IsFirst(string entry)
    {
        lock (_sync)
        {
            if (_repeats.TryGetValue(entry, out var repeats))
            {
                _repeats[entry] = repeats + 1;
                return false;
            }
            if (_repeats.Count == MaxEntries)
            {
                _others++;
                return false;
            }
            _repeats.Add(entry, 0);
            _timer ??= machine.CreateTimer(_ => EndPeriod(), null, Period, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>Writes the counts. An entry that was not repeated is forgotten: the next one like it is a first one again.</summary>
    private void EndPeriod()
    {
        lock (_sync)
        {
            WriteCounts();
            foreach (var (entry, repeats) in _repeats.ToArray())
            {
                if (repeats == 0)
                    _repeats.Remove(entry);
                else
                    _repeats[entry] = 0;
            }
            _timer?.Dispose();
            _timer = _repeats.Count == 0 ? null : machine.CreateTimer(_ => EndPeriod(), null, Period, Timeout.InfiniteTimeSpan);
        }
    }

    private void WriteCounts()
    {
        foreach (var (entry, repeats) in _repeats)
        {
            if (repeats > 0)
                write(string.Create(CultureInfo.InvariantCulture, $"{entry} ({repeats} more)"));
        }
        if (_others > 0)
            write(string.Create(CultureInfo.InvariantCulture, $"warning: {_others} other warnings and errors are not shown"));
        _others = 0;
    }

    /// <summary>Writes the counts of the period that has begun.</summary>
    public void Dispose()
    {
        lock (_sync)
        {
            _timer?.Dispose();
            _timer = null;
            WriteCounts();
            _repeats.Clear();
        }
    }
}
