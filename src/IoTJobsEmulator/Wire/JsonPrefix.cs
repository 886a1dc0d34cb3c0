using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IoTJobsEmulator.Wire;

/// <summary>
/// What stands before a value: a comma, and in an object the name of the member, perhaps with what all values begin with. Kept with room behind it, because copying
/// a fixed number of bytes takes half as long as copying just those of a name.
/// </summary>
internal sealed class JsonPrefix
{
    private readonly byte[] _padded;

    private JsonPrefix(ReadOnlySpan<byte> json)
    {
        Length = json.Length;
        PaddedLength = ((json.Length / Vector256<byte>.Count) + 1) * Vector256<byte>.Count;
        _padded = new byte[PaddedLength];
        json.CopyTo(_padded);
    }

    /// <summary>Before a text as a whole.</summary>
    public static JsonPrefix None { get; } = new([]);

    /// <summary>Before an element of a list.</summary>
    public static JsonPrefix Comma { get; } = new(","u8);

    /// <summary>Between the name and the value of a pair in a map.</summary>
    public static JsonPrefix Colon { get; } = new(":"u8);

    public int Length { get; }

    /// <summary>How many bytes <see cref="CopyTo"/> writes.</summary>
    public int PaddedLength { get; }

    /// <summary>Before a member of an object.</summary>
    public static JsonPrefix Of(string member) => new(NameOf(member));

    /// <summary>A member of an object, with its value, which is a text.</summary>
    public static JsonPrefix Of(string member, string value) => new([.. NameOf(member), (byte)'"', .. Escape(value), (byte)'"']);

    /// <summary>The quotation mark before a text, and what the text begins with.</summary>
    public static JsonPrefix Beginning(string text) => new([(byte)'"', .. Escape(text)]);

    /// <summary>Copies it to where there is room for <see cref="PaddedLength"/> bytes. The value then goes after <see cref="Length"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyTo(Span<byte> room)
    {
        var at = 0;
        do
        {
            Vector256.Create(_padded, at).CopyTo(room[at..]);
            at += Vector256<byte>.Count;
        }
        while (at < _padded.Length);
    }

    private static byte[] NameOf(string member) => [.. ",\""u8, .. Escape(member), .. "\":"u8];

    private static ReadOnlySpan<byte> Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
}
