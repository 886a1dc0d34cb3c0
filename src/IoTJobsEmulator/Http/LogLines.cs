using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace IoTJobsEmulator.Http;

/// <summary>The log: the machine's time, then what happened, a line each; what went wrong says so, and brings its stack.</summary>
internal sealed class LogLines(TimeProvider machine) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "lines";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        writer.Write(machine.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        writer.Write(entry.LogLevel switch
        {
            LogLevel.Warning => " warning: ",
            LogLevel.Error or LogLevel.Critical => " error: ",
            _ => " ",
        });
        writer.WriteLine(entry.Formatter(entry.State, entry.Exception));
        if (entry.Exception is { } exception)
            writer.WriteLine(exception);
    }
}
