using System.Globalization;
using System.Text;

namespace IoTJobsEmulator.Http;

/// <summary>
/// The log on standard output, a line for whatever happened. A thread of its own writes what has gathered at once: a line at a
/// time, as the console logger does it, costs as much as answering the request.
/// </summary>
internal sealed class LogLines : ILoggerProvider
{
    private const int MaxGathered = 1 << 20;

    /// <summary>How long lines wait for others: waking a thread for each costs more than the line.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _machine;
    private readonly object _sync = new();
    private readonly Thread _writer;
    private StringBuilder _gathered = new();
    private bool _isClosed;

    public LogLines(TimeProvider machine)
    {
        _machine = machine;
        _writer = new(WriteAll) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    /// <summary>Writes a line, behind the machine's time.</summary>
    public void Write(ReadOnlySpan<char> line) => Write("", line, fault: null);

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    /// <summary>Ends when all lines are written.</summary>
    public void Dispose()
    {
        lock (_sync)
        {
            _isClosed = true;
            Monitor.PulseAll(_sync);
        }
        _writer.Join();
    }

    private void Write(string prefix, ReadOnlySpan<char> line, Exception? fault)
    {
        Span<char> time = stackalloc char["HH:mm:ss.fff ".Length];
        var now = _machine.GetUtcNow();
        time.TryWrite(CultureInfo.InvariantCulture, $"{now.Hour:D2}:{now.Minute:D2}:{now.Second:D2}.{now.Millisecond:D3} ", out _);
        lock (_sync)
        {
            // Whoever reads the log may be slow; it does not cost memory without end.
            while (_gathered.Length > MaxGathered && !_isClosed)
                Monitor.Wait(_sync);
            if (_gathered.Length == 0)
                Monitor.PulseAll(_sync);
            _gathered.Append(time).Append(prefix).Append(line).Append('\n');
            if (fault is not null)
                _gathered.Append(fault).Append('\n');
        }
    }

    private void WriteAll()
    {
        using var output = new StreamWriter(System.Console.OpenStandardOutput(), new UTF8Encoding(false), bufferSize: 1 << 16);
        var writing = new StringBuilder();
        while (true)
        {
            lock (_sync)
            {
                while (_gathered.Length == 0 && !_isClosed)
                    Monitor.Wait(_sync);
                if (_gathered.Length == 0)
                    return;
                if (!_isClosed)
                    Monitor.Wait(_sync, Linger);
                (_gathered, writing) = (writing, _gathered);
                Monitor.PulseAll(_sync);
            }
            output.Write(writing);
            output.Flush();
            writing.Clear();
        }
    }

    private sealed class Logger(LogLines lines) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Write(Prefix(logLevel), formatter(state, exception), exception);

        private static string Prefix(LogLevel level) => level switch
        {
            LogLevel.Warning => "warning: ",
            LogLevel.Error or LogLevel.Critical => "error: ",
            _ => "",
        };
    }
}
