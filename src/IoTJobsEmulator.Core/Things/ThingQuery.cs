using System.Collections.Concurrent;

namespace IoTJobsEmulator.Core.Things;

/// <summary>
/// What finds the members of a dynamic group: of the fleet index's queries those that the registry can answer. Fields are thingName,
/// thingTypeName, thingGroupNames (static groups that the thing was added to) and attributes.NAME; terms are joined by AND, which
/// is also meant where nothing stands, OR, NOT or a hyphen, and parentheses; a value may have the wildcards * and ?, and is found
/// whatever its case. Source: the developer guide, "Query syntax".
/// </summary>
public sealed class ThingQuery
{
    private const int MaxTerms = 12, MaxLength = 1000;

    /// <summary>Queries that are kept parsed: those of two accounts and regions at their limit. Callers choose their texts, so the number is limited.</summary>
    public const int MaxCached = 200;

    private static readonly ConcurrentDictionary<string, ThingQuery> Cache = [];

    private readonly Condition _condition;
    private readonly string _text;
    private int _at;
    private int _terms;

    private ThingQuery(string text)
    {
        _text = text;
        if (text.Length > MaxLength)
            throw Refused($"it is longer than {MaxLength} characters");
        _condition = ParseOr(null);
        if (!IsAtEnd)
            throw Refused($"'{_text[_at]}' is not expected at position {_at + 1}");
    }

    private delegate bool Condition(Thing thing, IReadOnlyList<string> groupNames);

    private bool IsAtEnd => _at == _text.Length;

    /// <summary>Reads a query, or refuses it.</summary>
    public static ThingQuery Parse(string queryString)
    {
        if (Cache.TryGetValue(queryString, out var known))
            return known;
        if (Cache.Count >= MaxCached)
            Cache.Clear();
        return Cache.GetOrAdd(queryString, static text => new(text));
    }

    /// <summary>How many are kept now.</summary>
    public static int CachedCount => Cache.Count;

    /// <summary>Whether a thing that was added to these static groups is found.</summary>
    public bool Matches(Thing thing, IReadOnlyList<string> groupNames) => _condition(thing, groupNames);

    private Condition ParseOr(string? field)
    {
        var either = ParseAnd(field);
        while (TryTakeWord("OR"))
        {
            var (left, right) = (either, ParseAnd(field));
            either = (thing, groups) => left(thing, groups) || right(thing, groups);
        }
        return either;
    }

    private Condition ParseAnd(string? field)
    {
        var all = ParseNot(field);
        while (TryTakeWord("AND") || (SkipBlanks() && _text[_at] != ')' && !IsWord("OR")))
        {
            var (left, right) = (all, ParseNot(field));
            all = (thing, groups) => left(thing, groups) && right(thing, groups);
        }
        return all;
    }

    private Condition ParseNot(string? field)
    {
        if (TryTakeWord("NOT") || TryTake('-'))
        {
            var refused = ParseNot(field);
            return (thing, groups) => !refused(thing, groups);
        }
        if (TryTake('('))
            return ParseParentheses(field);
        return field is null ? ParseTerm() : ParseValue(field);
    }

    private Condition ParseParentheses(string? field)
    {
        var inner = ParseOr(field);
        return TryTake(')') ? inner : throw Refused("a parenthesis is not closed");
    }

    private Condition ParseTerm()
    {
        var field = ReadText(isField: true, out _);
        if (!IsAtEnd && _text[_at] == ':')
            _at++;
        else
            return field is [WildcardPattern.AnyCharacters] ? (_, _) => true : throw Refused(field.Length == 0 ? "a term is missing" : "a term without a field cannot be decided from the registry");
        if (!IsKnownField(field))
            throw Refused($"field {field} cannot be decided from the registry");
        if (!IsAtEnd && _text[_at] == '(')
        {
            _at++;
            return ParseParentheses(field);
        }
        return ParseValue(field);
    }

    private Condition ParseValue(string field)
    {
        if (++_terms > MaxTerms)
            throw Refused($"the maximum number of terms is {MaxTerms}");
        var value = ReadText(isField: false, out var isQuoted);
        if (value.Length == 0 || (!isQuoted && value is ("AND" or "OR")))
            throw Refused($"a value for {field} is missing");
        if (!isQuoted && value[0] is '<' or '>' or '[' or '{')
            throw Refused("ranges cannot be decided from the registry, where values are texts");
        var pattern = new WildcardPattern(value);
        var attribute = field.StartsWith(Attribute, StringComparison.Ordinal) ? field[Attribute.Length..] : "";
        return field switch
        {
            "thingName" => (thing, _) => pattern.Matches(thing.ThingName),
            "thingTypeName" => (thing, _) => thing.ThingTypeName is { } type && pattern.Matches(type),
            "thingGroupNames" => (_, groups) => groups.Any(pattern.Matches),
            _ => (thing, _) => thing.Attributes.TryGetValue(attribute, out var given) && pattern.Matches(given),
        };
    }

    private const string Attribute = "attributes.";

    private static bool IsKnownField(string field) =>
        field is "thingName" or "thingTypeName" or "thingGroupNames" || (field.StartsWith(Attribute, StringComparison.Ordinal) && field.Length > Attribute.Length);

    // A word, or what stands in quotation marks, where wildcards are plain characters.
    private string ReadText(bool isField, out bool isQuoted)
    {
        isQuoted = false;
        if (isField)
            SkipBlanks();
        isQuoted = !isField && !IsAtEnd && _text[_at] == '"';
        var read = new System.Text.StringBuilder();
        for (_at += isQuoted ? 1 : 0; !IsAtEnd; _at++)
        {
            var character = _text[_at];
            if (isQuoted ? character == '"' : IsEnd(character, isField))
                break;
            if (character == '\\' && _at + 1 < _text.Length)
                read.Append(_text[++_at]);
            else
                read.Append(isQuoted ? character : WildcardPattern.Of(character));
        }
        if (isQuoted && (IsAtEnd || _text[_at++] != '"'))
            throw Refused("a quotation mark is not closed");
        return read.ToString();
    }

    private static bool IsEnd(char character, bool isField) => char.IsWhiteSpace(character) || character is '(' or ')' or '"' || (isField && character == ':');

    private bool TryTakeWord(string word)
    {
        if (!IsWord(word))
            return false;
        _at += word.Length;
        return true;
    }

    private bool IsWord(string word) => SkipBlanks()
        && _text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal)
        && (_at + word.Length == _text.Length || IsEnd(_text[_at + word.Length], isField: true))
        && !_text.AsSpan(_at + word.Length).StartsWith(":");

    private bool TryTake(char character)
    {
        if (!SkipBlanks() || _text[_at] != character)
            return false;
        _at++;
        return true;
    }

    // Answers whether anything comes after the blanks.
    private bool SkipBlanks()
    {
        while (!IsAtEnd && char.IsWhiteSpace(_text[_at]))
            _at++;
        return !IsAtEnd;
    }

    private static ServiceException Refused(string reason) => ServiceError.InvalidQuery.Because($"Query string is invalid: {reason}.");
}
