using System.Buffers;
using System.Buffers.Text;
using System.Collections;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;
using IoTJobsEmulator.Wire;

namespace IoTJobsEmulator.Operations.Requests;

/// <summary>
/// Finds signatures, tokens and credentials in what requests give and get, and cuts their values out: of presigned URLs of AWS and of the emulator, also
/// where such a URL stands percent-encoded in another, of authorization headers, and of AWS IoT's custom authorizers. Each is found by its name before
/// an equals sign, or after the word authorization, so that most texts are searched for few characters only.
/// </summary>
internal static class Secrets
{
    private const string Replacement = "(cut)";

    private const string Authorization = "authorization";

    /// <summary>The shortest base64 that can have a secret in it.</summary>
    private const int ShortestBase64 = 24;

    private static readonly string[] Names =
        ["X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Credential", "X-Amz-CustomAuthorizer-Signature", "Signature", "Credential"];

    /// <summary>A plus as JSON may write it: base64 has some.</summary>
    private const string EscapedPlus = "\\u002B";

    private static readonly string[] Schemes = ["Basic ", "Bearer "];

    // What an equals sign begins with, as it is, percent-encoded (%3D, %253D), or as JSON may write it (\u003d); and the rarest letter of authorization.
    private static readonly SearchValues<char> Marks = SearchValues.Create("=%\\zZ");

    private static readonly SearchValues<byte> MarksInBytes = SearchValues.Create("=%zZ"u8);

    private static readonly SearchValues<byte> MarksAndEscapesInBytes = SearchValues.Create("=%zZ\\"u8);

    private static readonly ConcurrentDictionary<Type, Func<object, object?>[]> Members = [];

    /// <summary>The text without secrets: itself when it has none.</summary>
    public static string Cut(string text)
    {
        StringBuilder? shown = null;
        var copied = 0;
        for (var found = Find(text, 0); found is { } secret; found = Find(text, secret.End))
        {
            (shown ??= new()).Append(text, copied, secret.Begin - copied).Append(Replacement);
            copied = secret.End;
        }
        return shown is null ? text : shown.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>The text without secrets, also when it is the base64 of one that has some: headers of the user properties of MQTT 5 are.</summary>
    public static string CutAlsoInBase64(string text)
    {
        if (text.Length < ShortestBase64 || !Base64.IsValid(text))
            return Cut(text);
        var bytes = Convert.FromBase64String(text);
        var cut = Cut(bytes);
        return cut.Span == bytes ? text : Convert.ToBase64String(cut.Span);
    }

    /// <summary>The bytes without secrets, whatever they are: themselves when they have none.</summary>
    public static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> bytes) =>
        MayBeIn(bytes.Span) && Find(Encoding.Latin1.GetString(bytes.Span), 0) is not null
            ? Encoding.Latin1.GetBytes(Cut(Encoding.Latin1.GetString(bytes.Span))) // Latin-1 keeps each byte
            : bytes;

    /// <summary>
    /// Whether JSON has a sign that follows the name of a secret, as it is or as an escape, or a header with credentials. To search the bytes costs less
    /// than to search what is read from them.
    /// </summary>
    public static bool MayBeIn(ReadOnlySequence<byte> json) => !json.IsSingleSegment || MayBeIn(json.FirstSpan);

    /// <summary>Whether there are secrets in an argument: a text, or a structure.</summary>
    public static bool AreIn(object? argument) => argument switch
    {
        null => false,
        string text => Find(text, 0) is not null,
        IEnumText text => Find(text.Text, 0) is not null,
        IReadOnlyDictionary<string, string> map => AreIn(map),
        IEnumerable list => AreIn(list),
        _ => AreInMembers(argument),
    };

    private static bool AreIn(IReadOnlyDictionary<string, string> map)
    {
        foreach (var (name, value) in map)
        {
            if (Find(name, 0) is not null || Find(value, 0) is not null)
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
        if (JsonCodecs.Find(type) is { } codec)
            return [.. (codec.Members ?? []).Select(member => member.GetObject).OfType<Func<object, object?>>()];
        var info = WireJson.Reflecting(WireJson.Options).GetTypeInfo(type);
        return info.Kind != JsonTypeInfoKind.Object ? [] :
        [
            .. info.Properties
                .Where(member => !member.PropertyType.IsValueType || (Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType).IsAssignableTo(typeof(IEnumText)))
                .Select(member => member.Get).OfType<Func<object, object?>>(),
        ];
    }

    private static bool MayBeIn(ReadOnlySpan<byte> bytes)
    {
        var first = bytes.IndexOfAny(MarksAndEscapesInBytes);
        if (first < 0)
            return false;
        bytes = bytes[first..];
        if (bytes.Contains((byte)'\\') && bytes.IndexOf("\\u"u8) >= 0)
            return true;
        for (var rest = bytes; rest.IndexOfAny(MarksInBytes) is var at and >= 0; rest = rest[(at + 1)..])
        {
            if (rest[at..] is [(byte)'=' or (byte)'%', ..] or [_, (byte)'a' or (byte)'A', (byte)'t' or (byte)'T', ..])
                return true;
        }
        return false;
    }

    /// <summary>Where the value of the next secret is; null without one. A request that was refused may have null where a text should be.</summary>
    private static (int Begin, int End)? Find(string? text, int from)
    {
        if (text is null)
            return null;
        for (var at = from; text.AsSpan(at).IndexOfAny(Marks) is var next and >= 0; at++)
        {
            at += next;
            if (text[at] is 'z' or 'Z')
            {
                if (CredentialsAround(text, at) is { } credentials)
                    return credentials;
            }
            else if (SignAt(text.AsSpan(at)) is { Length: > 0 } sign && IsName(text.AsSpan(0, at)))
                return (at + sign.Length, EndOf(text, at + sign.Length, sign));
        }
        return null;
    }

    /// <summary>The equals sign, in whatever form, with which a text begins; empty when it does not.</summary>
    private static ReadOnlySpan<char> SignAt(ReadOnlySpan<char> text)
    {
        if (text[0] == '=')
            return text[..1];
        if (text.StartsWith("\\u003d", StringComparison.OrdinalIgnoreCase))
            return text[.."\\u003d".Length];
        var length = LengthOfEncoded(text);
        return length > 0 && text[(length - 2)..length].Equals("3D", StringComparison.OrdinalIgnoreCase) ? text[..length] : [];
    }

    /// <summary>How long the percent-encoded character is with which a text begins, which may be encoded several times over; 0 when there is none.</summary>
    private static int LengthOfEncoded(ReadOnlySpan<char> text)
    {
        if (text is not ['%', ..])
            return 0;
        var at = 1;
        while (text[at..].StartsWith("25", StringComparison.Ordinal))
            at += 2;
        return at + 2 <= text.Length ? at + 2 : 0;
    }

    /// <summary>Where a value ends: within an encoded URL at its encoded ampersand, too.</summary>
    private static int EndOf(string text, int at, ReadOnlySpan<char> sign)
    {
        while (at < text.Length && (text[at] is not ('&' or '"' or '\\' or ',') || text.AsSpan(at).StartsWith(EscapedPlus)) && !char.IsWhiteSpace(text[at]))
        {
            if (sign[0] == '%' && text[at] == '%' && LengthOfEncoded(text.AsSpan(at)) == sign.Length && text.AsSpan(at + sign.Length - 2, 2) is "26")
                break;
            at++;
        }
        return at;
    }

    /// <summary>Where the credentials are of a header of whose name the z is at a place; null when there are none.</summary>
    private static (int Begin, int End)? CredentialsAround(string text, int z)
    {
        var at = z - Authorization.IndexOf('z', StringComparison.Ordinal);
        if (at < 0 || !text.AsSpan(at).StartsWith(Authorization, StringComparison.OrdinalIgnoreCase))
            return null;
        at += Authorization.Length;
        while (at < text.Length && (text[at] is '"' or '\'' or ':' or '=' or ' ' or '\\' || text.AsSpan(at).StartsWith("u0022")))
            at += text[at] == 'u' ? "u0022".Length : 1;
        foreach (var scheme in Schemes)
        {
            if (text.AsSpan(at).StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return (at + scheme.Length, EndOf(text, at + scheme.Length, "="));
        }
        return null;
    }

    /// <summary>Whether a text ends with the name of a secret. In JSON the ampersand before it may be written as an escape, in a URL percent-encoded.</summary>
    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var name in Names)
        {
            if (text.EndsWith(name, StringComparison.OrdinalIgnoreCase)
                && text[..^name.Length] is [] or [.., '?' or '&' or ',' or ' ' or '"'] or [.., '\\', 'u', '0', '0', '2', '6']
                    or [.., '%' or '5', '2', '6'] or [.., '%' or '5', '3', 'F' or 'f'])
                return true;
        }
        return false;
    }
}
