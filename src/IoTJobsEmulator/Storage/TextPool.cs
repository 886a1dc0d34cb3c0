using System.Text;

namespace IoTJobsEmulator.Storage;

/// <summary>
/// The short texts that a load has read. Names of things, jobs and groups repeat in hundreds of thousands of rows: equal names become
/// the same string in memory, as they are before a restart. Not the StringPool of CommunityToolkit.HighPerformance: that one has a
/// fixed size and evicts, and takes a lock for each text.
/// </summary>
internal sealed class TextPool
{
    /// <summary>In bytes. Names of things, groups and types have 128 characters at most.</summary>
    private const int MaxLength = 128;

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _texts = new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public string GetOrAdd(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
            return Encoding.UTF8.GetString(utf8);
        Span<char> buffer = stackalloc char[MaxLength];
        var text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        if (!_texts.TryGetValue(text, out var pooled))
            _texts.Set.Add(pooled = text.ToString());
        return pooled;
    }
}
