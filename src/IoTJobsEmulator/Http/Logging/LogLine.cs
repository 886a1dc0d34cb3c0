using System.Buffers;
using System.Globalization;
using System.Text;

namespace IoTJobsEmulator.Http.Logging;

/// <summary>
/// How a text is written as one line of the log. Paths, topics and client ids come from callers: control characters, line separators and marks that
/// change the direction of text are escaped as <c>\u000A</c>, so that no caller can write a line of its own or steer a terminal.
/// </summary>
internal static class LogLine
{
    /// <summary>Longer texts are cut.</summary>
    public const int MaxLength = 4096;

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue).Select(code => (char)code)
            .Where(c => char.IsControl(c) || c is (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069'))]);

    public static void Append(StringBuilder line, ReadOnlySpan<char> text)
    {
        var isCut = text.Length > MaxLength;
        if (isCut)
            text = text[..MaxLength];
        while (text.IndexOfAny(Escaped) is >= 0 and var place)
        {
            line.Append(text[..place]).Append(CultureInfo.InvariantCulture, $"\\u{(int)text[place]:X4}");
            text = text[(place + 1)..];
        }
        line.Append(text);
        if (isCut)
            line.Append("...");
    }

    /// <summary>Appends the lines of an exception, each indented, so that none looks like an entry.</summary>
    public static void Append(StringBuilder lines, Exception fault)
    {
        foreach (var line in fault.ToString().AsSpan().EnumerateLines())
        {
            lines.Append("  ");
            Append(lines, line);
            lines.Append('\n');
        }
    }
}
