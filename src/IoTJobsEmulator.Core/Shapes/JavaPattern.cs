using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IoTJobsEmulator.Core.Shapes;

/// <summary>A pattern of the service model. They are Java's, match the whole value, and see code points where .NET sees UTF-16.</summary>
internal sealed class JavaPattern
{
    private static readonly ConcurrentDictionary<string, JavaPattern> Known = [];
    private static readonly Regex RepeatedClass = new(@"^\[(\\.|[^\[\]\\])*\][+*]$", RegexOptions.CultureInvariant);

    /// <summary>A repetition, and what could be taken for one: a class and an escaped character.</summary>
    private static readonly Regex Repetition = new(@"\[(\\.|[^\[\]\\])*\]|\\.|(?<repetition>[+*?{]+)", RegexOptions.CultureInvariant);

    private readonly Regex _regex;

    /// <summary>What any number of may follow one another: texts of these need no engine. Null when the pattern is not one class.</summary>
    private readonly SearchValues<char>? _anyNumberOf;

    private JavaPattern(string pattern)
    {
        // Java's POSIX classes are ASCII. \z, because $ would let a final line feed pass.
        var classes = pattern.Replace(@"\p{Upper}", "A-Z").Replace(@"\p{Digit}", "0-9").Replace(@"\p{Graph}", "!-~");
        _regex = new Regex($@"\A(?:{classes})\z", RegexOptions.CultureInvariant | EngineFor(classes));
        if (RepeatedClass.IsMatch(classes))
            _anyNumberOf = SearchValues.Create([.. Enumerable.Range(0, 128).Select(c => (char)c).Where(c => _regex.IsMatch([c]))]);
    }

    public static JavaPattern Of(string pattern) => Known.GetOrAdd(pattern, text => new(text));

    public bool Matches(string value) =>
        (_anyNumberOf is not null && value.Length > 0 && !value.AsSpan().ContainsAnyExcept(_anyNumberOf)) || _regex.IsMatch(CodePoints.ToBasicPlane(value));

    /// <summary>
    /// One repetition is gone back over once at the most, so that the time is in proportion to the text. Several, one after another or
    /// within one another, may take its square or worse: these run without backtracking, which costs ten times the memory and start.
    /// </summary>
    private static RegexOptions EngineFor(string pattern) =>
        Repetition.Matches(pattern).Count(match => match.Groups["repetition"].Success) > 1 ? RegexOptions.NonBacktracking : RegexOptions.None;
}

/// <summary>Text as a sequence of code points, as the service measures and matches it. Half a surrogate pair counts as one.</summary>
internal static class CodePoints
{
    /// <summary>For each general category a character of the basic plane, outside ASCII.</summary>
    private static readonly char[] Representatives = FirstOfEachCategory();

    /// <summary>Whether a text has no more than so many. A code point takes one or two characters, so that most texts need not be counted.</summary>
    public static bool AreAtMost(string text, int most) => text.Length <= most || Count(text) <= most;

    /// <summary>Whether a text has no less than so many.</summary>
    public static bool AreAtLeast(string text, int least) => text.Length >= 2L * least || Count(text) >= least;

    public static int Count(string text)
    {
        if (!HasSurrogates(text))
            return text.Length;
        var count = 0;
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
            count++;
        return count;
    }

    /// <summary>
    /// The text with each character beyond the basic plane replaced by one within it, of the same general category. A pattern
    /// cannot tell them apart, as none names such a character; but .NET would see two surrogates, and refuse every emoji.
    /// </summary>
    public static string ToBasicPlane(string text)
    {
        if (!HasSurrogates(text))
            return text;
        var basic = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                basic.Append(Representatives[(int)CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(text[i], text[++i]))]);
            else
                basic.Append(text[i]);
        }
        return basic.ToString();
    }

    private static bool HasSurrogates(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    private static char[] FirstOfEachCategory()
    {
        var first = new char[Enum.GetValues<UnicodeCategory>().Length];
        for (var c = char.MaxValue; c >= '\u0080'; c--)
            first[(int)char.GetUnicodeCategory(c)] = c;
        return first;
    }
}
