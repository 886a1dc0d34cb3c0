using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Operations.Requests;

/// <summary>
/// Finds signatures, tokens and credentials in what requests give and get, and cuts their values out: of presigned URLs of AWS and of the emulator,
/// and of authorization headers. Each is found by its name before an equals sign, so that most texts are searched for one character only.
/// </summary>
internal static class Secrets
{
    private const string Replacement = "(cut)";

    private static readonly string[] Names = ["X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Credential", "Signature", "Credential"];

    private static readonly ConcurrentDictionary<Type, Func<object, object?>[]> Members = [];

    /// <summary>The text without secrets: itself when it has none.</summary>
    public static string Cut(string text)
    {
        StringBuilder? shown = null;
        var copied = 0;
        for (var at = Find(text, 0); at >= 0; at = Find(text, at))
        {
            (shown ??= new()).Append(text, copied, at - copied).Append(Replacement);
            while (at < text.Length && text[at] is not ('&' or '"' or '\\' or ',') && !char.IsWhiteSpace(text[at]))
                at++;
            copied = at;
        }
        return shown is null ? text : shown.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>The bytes without secrets, whatever they are: themselves when they have none.</summary>
    public static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.Contains((byte)'=') && Find(Encoding.Latin1.GetString(bytes.Span), 0) >= 0
            ? Encoding.Latin1.GetBytes(Cut(Encoding.Latin1.GetString(bytes.Span))) // Latin-1 keeps each byte
            : bytes;

    /// <summary>Whether JSON has the sign that follows the name of each secret, as it is or as an escape. To search the bytes costs less than to search what is read from them.</summary>
    public static bool MayBeIn(ReadOnlySequence<byte> json) =>
        !json.IsSingleSegment || json.FirstSpan.Contains((byte)'=') || json.FirstSpan.IndexOf("\\u"u8) >= 0;

    /// <summary>Whether there are secrets in an argument: a text, or a structure.</summary>
    public static bool AreIn(object? argument) => argument switch
    {
        null => false,
        string text => Find(text, 0) >= 0,
        IEnumText text => Find(text.Text, 0) >= 0,
        IReadOnlyDictionary<string, string> map => AreIn(map),
        IEnumerable list => AreIn(list),
        _ => AreInMembers(argument),
    };

    private static bool AreIn(IReadOnlyDictionary<string, string> map)
    {
        foreach (var (name, value) in map)
        {
            if (Find(name, 0) >= 0 || Find(value, 0) >= 0)
                return true;
        }
        return false;
    }

    private static bool AreIn(IEnumerable list)
    {
        foreach (var element in list)
        {
            if (AreIn(element))
                return true;
        }
        return false;
    }

    private static bool AreInMembers(object structure)
    {
        foreach (var get in Members.GetOrAdd(structure.GetType(), ReadersOf))
        {
            if (AreIn(get(structure)))
                return true;
        }
        return false;
    }

    /// <summary>Reads the members of a structure that may have text in them.</summary>
    private static Func<object, object?>[] ReadersOf(Type type)
    {
        var info = WireJson.Options.GetTypeInfo(type);
        return info.Kind != JsonTypeInfoKind.Object ? [] :
        [
            .. info.Properties
                .Where(member => !member.PropertyType.IsValueType || (Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType).IsAssignableTo(typeof(IEnumText)))
                .Select(member => member.Get).OfType<Func<object, object?>>(),
        ];
    }

    /// <summary>Where the value of the next secret begins; -1 without one. A request that was refused may have null where a text should be.</summary>
    private static int Find(string? text, int from)
    {
        if (text is null)
            return -1;
        for (var at = text.IndexOf('=', from); at >= 0; at = text.IndexOf('=', at))
        {
            if (IsName(text.AsSpan(0, at++)))
                return at;
        }
        return -1;
    }

    /// <summary>Whether a text ends with the name of a secret. In JSON the ampersand before it may be written as an escape.</summary>
    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var name in Names)
        {
            if (text.EndsWith(name, StringComparison.OrdinalIgnoreCase)
                && text[..^name.Length] is [] or [.., '?' or '&' or ',' or ' ' or '"'] or [.., '\\', 'u', '0', '0', '2', '6'])
                return true;
        }
        return false;
    }
}
