using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace IoTJobsEmulator.Wire;

/// <summary>
/// What stands before a value: a comma, and in an object the name of the member. Kept with room behind it, because copying a fixed number of bytes takes half as
/// long as copying just those of a name.
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
    public static JsonPrefix Of(string member) => new([.. ",\""u8, .. JsonEncodedText.Encode(member).EncodedUtf8Bytes, .. "\":"u8]);

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
}
