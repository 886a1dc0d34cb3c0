using System.Text;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// The short texts that a load has met. Names of things, jobs and groups repeat by the hundred thousand: equal ones become the same
/// text in memory, as they are in a world that was made live.
/// </summary>
internal sealed class NamePool
{
    /// <summary>No name is longer: those of things, groups and types have 128 at most.</summary>
    private const int LongestName = 128;

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _names = new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestName)
            return Encoding.UTF8.GetString(utf8);
        Span<char> buffer = stackalloc char[LongestName];
        var text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        if (!_names.TryGetValue(text, out var name))
            _names.Set.Add(name = text.ToString());
        return name;
    }
}
