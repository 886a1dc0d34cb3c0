using System.Globalization;
using System.Text;

namespace IoTJobsEmulator.Http.Logging;

/// <summary>
/// The log, one line for each entry. A background thread writes all lines that have gathered with one call. The console logger of
/// Microsoft.Extensions.Logging writes each line with a call of its own, which costs as much as answering a request.
/// Nobody who writes to the log waits: while its output takes nothing, as standard output that is not read, lines that do not fit are dropped
/// and counted.
/// </summary>
internal sealed class BufferedLog : ILoggerProvider
{
    /// <summary>Characters that may wait for the output.</summary>
    public const int MaxGathered = 1 << 20;

    /// <summary>How long lines wait for others, because waking the thread costs more than writing a line.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);

    /// <summary>How long the end of the emulator waits for the output, usually.</summary>
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(1);

    private const string Dropped = "lines of the log were dropped, because standard output did not take them";

    private readonly TimeProvider _machine;
    private readonly object _sync = new();
    private readonly Stream _output;
    private readonly TimeSpan _patience;
    private readonly Thread _writer;
    private readonly RepeatedEntries _repeated;
    private StringBuilder _gathered = new();
    private long _dropped;
    private int _lines;
    private bool _isClosed;

    public BufferedLog(TimeProvider machine, Stream output)
        : this(machine, output, UsualPatience)
    {
    }

    /// <param name="machine">The clock of the lines.</param>
    /// <param name="output">Where they are written.</param>
    /// <param name="patience">How long the end of the emulator waits until they are.</param>
    internal BufferedLog(TimeProvider machine, Stream output, TimeSpan patience)
    {
        (_machine, _output, _patience) = (machine, output, patience);
        _repeated = new(machine, line => Write("", line, fault: null));
        _writer = new(WriteAll) { IsBackground = true, Name = "log" };
        _writer.Start();
    }

    /// <summary>Writes a line, with the machine's time before it.</summary>
    public void Write(ReadOnlySpan<char> line) => Write("", line, fault: null);

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    /// <summary>Returns when all lines are written, or when the output has not taken them for a second.</summary>
    public void Dispose()
    {
        _repeated.Dispose();
        lock (_sync)
        {
            if (_isClosed)
                return; // it is registered as two services, and each is disposed of
            _isClosed = true;
            Monitor.PulseAll(_sync);
        }
        _writer.Join(_patience);
    }

    private void Write(string prefix, ReadOnlySpan<char> line, Exception? fault)
    {
        Span<char> time = stackalloc char["HH:mm:ss.fff ".Length];
        var now = _machine.GetUtcNow();
        time.TryWrite(CultureInfo.InvariantCulture, $"{now.Hour:D2}:{now.Minute:D2}:{now.Second:D2}.{now.Millisecond:D3} ", out _);
        lock (_sync)
        {
            if (_gathered.Length > MaxGathered)
            {
                _dropped++;
                return;
            }
            if (_gathered.Length == 0)
                Monitor.PulseAll(_sync);
            _gathered.Append(time).Append(prefix);
            LogLine.Append(_gathered, line);
            _gathered.Append('\n');
            if (fault is not null)
                LogLine.Append(_gathered, fault);
            _lines++;
        }
    }

    private void WriteAll()
    {
        using var output = new StreamWriter(_output, new UTF8Encoding(false), bufferSize: 1 << 16);
        var writing = new StringBuilder();
        while (true)
        {
            int lines;
            lock (_sync)
            {
                while (_gathered.Length == 0 && !_isClosed)
                    Monitor.Wait(_sync);
                if (_gathered.Length == 0)
                    return;
                if (!_isClosed)
                    Monitor.Wait(_sync, Linger);
                if (_dropped > 0)
                    _gathered.Append(CultureInfo.InvariantCulture, $"warning: {_dropped} {Dropped}\n");
                (_gathered, writing) = (writing, _gathered);
                (lines, _lines, _dropped) = (_lines, 0, 0);
            }
            try
            {
                output.Write(writing);
                output.Flush();
            }
            catch (IOException)
            {
                // A full disk, for one. The emulator goes on without the log.
                lock (_sync)
                    _dropped += lines;
            }
            writing.Clear();
        }
    }

    private sealed class Logger(BufferedLog log) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var (prefix, line) = (Prefix(logLevel), formatter(state, exception));
            var entry = exception is null ? prefix + line : $"{prefix}{line}: {exception.GetType().Name}: {exception.Message}";
            if (logLevel < LogLevel.Warning || log._repeated.IsFirst(entry))
                log.Write(prefix, line, exception);
        }

        private static string Prefix(LogLevel level) => level switch
        {
            LogLevel.Warning => "warning: ",
            LogLevel.Error or LogLevel.Critical => "error: ",
            _ => "",
        };
    }
}
