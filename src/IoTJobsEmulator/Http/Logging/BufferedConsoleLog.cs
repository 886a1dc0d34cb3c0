using System.Globalization;
using System.Text;

namespace IoTJobsEmulator.Http.Logging;

/// <summary>
/// The log on standard output, one line for each entry. A background thread writes all lines that have gathered with one call. The console
/// logger of Microsoft.Extensions.Logging writes each line with a call of its own, which costs as much as answering a request.
/// </summary>
internal sealed class BufferedConsoleLog : ILoggerProvider
{
    private const int MaxGathered = 1 << 20;

    /// <summary>How long lines wait for others, because waking the thread costs more than writing a line.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _machine;
    private readonly object _sync = new();
    private readonly Thread _writer;
    private StringBuilder _gathered = new();
    private bool _isClosed;

    public BufferedConsoleLog(TimeProvider machine)
    {
        _machine = machine;
        _writer = new(WriteAll) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    /// <summary>Writes a line, with the machine's time before it.</summary>
    public void Write(ReadOnlySpan<char> line) => Write("", line, fault: null);

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    /// <summary>Returns when all lines are written.</summary>
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
            // A slow reader of the log delays whoever writes to it, instead of filling the memory.
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
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), bufferSize: 1 << 16);
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

    private sealed class Logger(BufferedConsoleLog log) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Write(Prefix(logLevel), formatter(state, exception), exception);

        private static string Prefix(LogLevel level) => level switch
        {
            LogLevel.Warning => "warning: ",
            LogLevel.Error or LogLevel.Critical => "error: ",
            _ => "",
        };
    }
}
