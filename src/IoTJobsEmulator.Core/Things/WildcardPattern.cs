namespace IoTJobsEmulator.Core.Things;

/// <summary>
/// A pattern in which * stands for any characters and ? for one, of a query whatever the case. All ways to match are followed at once, as bits: 64
/// characters of the pattern for each step over a character of the value, so that no pattern and no value take long.
/// </summary>
internal sealed class WildcardPattern
{
    /// <summary>How * is written here: a character that no value has, so that one in quotation marks is plain.</summary>
    public const char AnyCharacters = '\uFFFE';

    private const char AnyCharacter = '\uFFFF';

    private const int BitsPerWord = 64;

    private readonly string? _plain;
    private readonly int _length;
    private readonly bool _ignoresCase;

    /// <summary>For each place in the pattern, without its stars, a bit: whether a star stands there, so that any character leaves it.</summary>
    private readonly ulong[] _stars = [];

    /// <summary>Whether the place has a question mark.</summary>
    private readonly ulong[] _ones = [];

    /// <summary>For each character that the pattern names, in upper case if the case does not count: whether the place has it or a question mark.</summary>
    private readonly Dictionary<char, ulong[]> _places = [];

    /// <param name="pattern">The pattern, with its special characters as <see cref="Of(char)"/> writes them.</param>
    /// <param name="ignoresCase">Whether the case does not count.</param>
    public WildcardPattern(string pattern, bool ignoresCase = true)
    {
        _ignoresCase = ignoresCase;
        if (pattern.AsSpan().IndexOfAny(AnyCharacters, AnyCharacter) < 0)
        {
            _plain = pattern;
            return;
        }
        _length = pattern.Count(character => character != AnyCharacters);
        _stars = new ulong[_length / BitsPerWord + 1];
        _ones = new ulong[_stars.Length];
        Each(pattern, (character, place) =>
        {
            if (character is AnyCharacters or AnyCharacter)
                Set(character == AnyCharacters ? _stars : _ones, place);
        });
        Each(pattern, (character, place) =>
        {
            if (character is AnyCharacters or AnyCharacter)
                return;
            var folded = Folded(character);
            if (!_places.TryGetValue(folded, out var places))
                _places.Add(folded, places = [.. _ones]);
            Set(places, place);
        });
    }

    /// <summary>A character of a query, outside quotation marks, as it is written here.</summary>
    public static char Of(char character) => character switch
    {
        '*' => AnyCharacters,
        '?' => AnyCharacter,
        _ => character,
    };

    public bool Matches(string value)
    {
        if (_plain is not null)
            return _plain.Equals(value, _ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        Span<ulong> at = stackalloc ulong[_stars.Length];
        at.Clear();
        at[0] = 1;
        foreach (var character in value)
        {
            var places = _places.GetValueOrDefault(Folded(character), _ones);
            ulong carried = 0;
            for (var word = 0; word < at.Length; word++)
            {
                var passed = at[word] & places[word];
                at[word] = (at[word] & _stars[word]) | (passed << 1) | carried;
                carried = passed >> (BitsPerWord - 1);
            }
        }
        return (at[_length / BitsPerWord] & (1UL << (_length % BitsPerWord))) != 0;
    }

    private char Folded(char character) => _ignoresCase ? char.ToUpperInvariant(character) : character;

    private static void Each(string pattern, Action<char, int> visit)
    {
        var place = 0;
        foreach (var character in pattern)
        {
            visit(character, place);
            if (character != AnyCharacters)
                place++;
        }
    }

    private static void Set(ulong[] bits, int place) => bits[place / BitsPerWord] |= 1UL << (place % BitsPerWord);
}
