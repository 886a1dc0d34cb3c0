using System.Text;

namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>What makes a topic name or a filter well-formed, and whether one matches the other.</summary>
public static class Topics
{
    private const string SharePrefix = "$share/";
    private const string BasicIngestPrefix = "$aws/rules/";

    public static bool IsName(ReadOnlySpan<char> topic) => topic.Length > 0 && topic.IndexOfAny('+', '#', '\0') < 0;

    /// <summary>Whether wildcards stand where they may: each a whole level, <c>#</c> the last one.</summary>
    public static bool IsFilter(ReadOnlySpan<char> filter)
    {
        if (filter.StartsWith(SharePrefix, StringComparison.Ordinal))
            return TryReadShare(filter, out var share, out var shared) && IsName(share) && IsPlainFilter(shared);
        return IsPlainFilter(filter);
    }

    /// <summary>Takes <c>$share/NAME/FILTER</c> apart.</summary>
    public static bool TryReadShare(ReadOnlySpan<char> filter, out ReadOnlySpan<char> share, out ReadOnlySpan<char> shared)
    {
        share = shared = [];
        if (!filter.StartsWith(SharePrefix, StringComparison.Ordinal))
            return false;
        var rest = filter[SharePrefix.Length..];
        var slash = rest.IndexOf('/');
        if (slash < 0)
            return false;
        share = rest[..slash];
        shared = rest[(slash + 1)..];
        return true;
    }

    /// <summary>
    /// Whether a message with this topic belongs to this filter. Leading wildcards do not match topics that begin with <c>$</c>, and
    /// <c>a/#</c> does not match <c>a</c>: there AWS differs from MQTT (developer guide, "AWS IoT differences from MQTT specifications").
    /// </summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (topic.StartsWith('$') && filter.Length > 0 && filter[0] is '+' or '#')
            return false;
        while (true)
        {
            if (filter is "#")
                return true;
            var (filterSlash, topicSlash) = (filter.IndexOf('/'), topic.IndexOf('/'));
            var level = filterSlash < 0 ? filter : filter[..filterSlash];
            if (level is not "+" && !level.SequenceEqual(topicSlash < 0 ? topic : topic[..topicSlash]))
                return false;
            if (topicSlash < 0)
                return filterSlash < 0;
            if (filterSlash < 0)
                return false;
            filter = filter[(filterSlash + 1)..];
            topic = topic[(topicSlash + 1)..];
        }
    }

    /// <summary>Whether a topic, or a filter without its share, is within the limits.</summary>
    public static bool IsWithin(MqttLimits limits, ReadOnlySpan<char> topic) =>
        topic.Length <= limits.TopicBytes
        && Encoding.UTF8.GetByteCount(topic) <= limits.TopicBytes
        && topic.Count('/') - (topic.StartsWith(BasicIngestPrefix, StringComparison.Ordinal) ? 3 : 0) <= limits.TopicSlashes;

    public static bool HasWildcards(ReadOnlySpan<char> filter) => filter.IndexOfAny('+', '#') >= 0;

    private static bool IsPlainFilter(ReadOnlySpan<char> filter)
    {
        if (filter.IsEmpty || filter.Contains('\0'))
            return false;
        foreach (var range in filter.Split('/'))
        {
            var level = filter[range];
            if (level.Length > 1 && level.IndexOfAny('+', '#') >= 0)
                return false;
            if (level is "#" && range.End.GetOffset(filter.Length) != filter.Length)
                return false;
        }
        return true;
    }
}
