using System.Text;

namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>Topic names and topic filters: whether they are well-formed, and whether a filter matches a name (MQTT 5, 4.7 and 4.8.2).</summary>
public static class Topics
{
    private const string SharePrefix = "$share/";
    private const string BasicIngestPrefix = "$aws/rules/";

    /// <summary>Whether this is a topic name: not empty, without wildcards (MQTT 5, 4.7.1 and 4.7.3).</summary>
    public static bool IsName(ReadOnlySpan<char> topic) => topic.Length > 0 && topic.IndexOfAny('+', '#', '\0') < 0;

    /// <summary>Whether this is a topic filter: each wildcard is a whole level, and <c>#</c> the last one (MQTT 5, 4.7.1 and 4.8.2).</summary>
    public static bool IsFilter(ReadOnlySpan<char> filter)
    {
        if (filter.StartsWith(SharePrefix, StringComparison.Ordinal))
            return TryParseShared(filter, out var shareName, out var sharedFilter) && IsName(shareName) && IsPlainFilter(sharedFilter);
        return IsPlainFilter(filter);
    }

    /// <summary>Splits the filter of a shared subscription, <c>$share/NAME/FILTER</c> (MQTT 5, 4.8.2).</summary>
    public static bool TryParseShared(ReadOnlySpan<char> filter, out ReadOnlySpan<char> shareName, out ReadOnlySpan<char> sharedFilter)
    {
        shareName = sharedFilter = [];
        if (!filter.StartsWith(SharePrefix, StringComparison.Ordinal))
            return false;
        var rest = filter[SharePrefix.Length..];
        var slash = rest.IndexOf('/');
        if (slash < 0)
            return false;
        shareName = rest[..slash];
        sharedFilter = rest[(slash + 1)..];
        return true;
    }

    /// <summary>
    /// Whether a filter matches a topic name (MQTT 5, 4.7). Leading wildcards do not match topics that begin with <c>$</c> (4.7.2). Unlike in
    /// MQTT, <c>a/#</c> does not match <c>a</c> (developer guide, "AWS IoT differences from MQTT specifications").
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

    /// <summary>Whether a topic name, or a filter without its share name, is within the limits.</summary>
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
