using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

/// <summary>
/// JSON that is being written, value by value, with no check of its form. The comma before the first value of an object or a list becomes its bracket in
/// <see cref="End"/>. One that is disposed of is used again.
/// </summary>
internal sealed class JsonText : IBufferWriter<byte>, IDisposable
{
    /// <summary>A larger one is not kept for the next answer.</summary>
    private const int KeptAtMost = 256 << 10;

    private const int LongestNumber = 40;

    /// <summary>
    /// Moments whose seconds since the epoch have ten digits: from 2001 to 2286. Their digits are written here, which takes a quarter less than with Utf8Formatter.
    /// </summary>
    private const long FirstOfTenDigits = 1_000_000_000_000, LastOfTenDigits = 9_999_999_999_999;

    [ThreadStatic] private static JsonText? t_unused;

    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private byte[] _bytes = new byte[16 << 10];
    private readonly byte[] _lastMomentText = new byte[LongestNumber];
    private int _length, _lastMomentLength;
    private Moment _lastMoment;
    private string? _lastArns;
    private JsonPrefix? _arns;
    private Utf8JsonWriter? _writer;
    private JsonText? _next;

    /// <summary>An empty one.</summary>
    public static JsonText Rent()
    {
        var text = t_unused ?? new();
        (t_unused, text._next, text._length) = (text._next, null, 0);
        return text;
    }

    /// <summary>What is written, until it is disposed of.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Has System.Text.Json write a value.</summary>
    public void Serialize(object? value, JsonTypeInfo type)
    {
        if (_writer is null)
            _writer = new(this, Form);
        else
            _writer.Reset(this);
        JsonSerializer.Serialize(_writer, value, type);
    }

    /// <summary>A thread keeps two: a list within an answer is written to one of its own.</summary>
    public void Dispose()
    {
        if (_bytes.Length <= KeptAtMost && t_unused?._next is null)
            (t_unused, _next) = (this, t_unused);
    }

    void IBufferWriter<byte>.Advance(int count) => _length += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Room(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => Room(Math.Max(sizeHint, 1));

    /// <summary>Begins an object or a list. Answers where.</summary>
    public int Begin(JsonPrefix before)
    {
        RoomAfter(before, 0);
        return _length += before.Length;
    }

    /// <summary>Ends the object or the list that was begun at a place.</summary>
    public void End(int begin, char opening, char closing)
    {
        Room(2);
        if (_length == begin)
            _length++;
        _bytes[begin] = (byte)opening;
        _bytes[_length++] = (byte)closing;
    }

    /// <summary>A string in quotation marks, with the escapes that <see cref="WireJson.Options"/> have.</summary>
    public void Append(JsonPrefix before, string value)
    {
        var room = RoomAfter(before, value.Length + 2);
        if (!TryCopy(value, room[1..]))
        {
            AppendEscaped(before, value);
            return;
        }
        room[0] = room[value.Length + 1] = (byte)'"';
        _length += before.Length + value.Length + 2;
    }

    public void Append(JsonPrefix before, IEnumText value) => Append(before, value.Text);

    /// <summary>A member of a record, with its name.</summary>
    public void Append(JsonEnumMember member, IEnumText value)
    {
        if (member.Find(value) is { } whole)
            Begin(whole);
        else
            Append(member.Before, value);
    }

    /// <summary>The ARNs of a page begin alike: what the last began with is kept.</summary>
    public void Append(JsonPrefix before, ArnText value)
    {
        var (beginning, name) = value;
        if (!ReferenceEquals(beginning, _lastArns) || _arns is null)
            (_lastArns, _arns) = (beginning, JsonPrefix.Beginning(beginning));
        var begun = _arns;
        var room = RoomAfter(before, begun.PaddedLength + name.Length + 1);
        begun.CopyTo(room);
        room = room[begun.Length..];
        if (!TryCopy(name, room))
        {
            AppendEscaped(before, value);
            return;
        }
        room[name.Length] = (byte)'"';
        _length += before.Length + begun.Length + name.Length + 1;
    }

    public void Append(JsonPrefix before, bool value)
    {
        var room = RoomAfter(before, LongestNumber);
        if (value)
            "true"u8.CopyTo(room);
        else
            "false"u8.CopyTo(room);
        _length += before.Length + (value ? "true"u8 : "false"u8).Length;
    }

    public void Append(JsonPrefix before, int value) => Append(before, (long)value);

    public void Append(JsonPrefix before, long value)
    {
        Utf8Formatter.TryFormat(value, RoomAfter(before, LongestNumber), out var length);
        _length += before.Length + length;
    }

    /// <summary>50.0 and not 50, because some clients read the latter as an integer.</summary>
    public void Append(JsonPrefix before, double value) => _length += before.Length + FormatDouble(value, RoomAfter(before, LongestNumber));

    /// <summary>Rows of a page have often come in the same turn: the text of the last moment is kept.</summary>
    public void Append(JsonPrefix before, Moment value)
    {
        if (value != _lastMoment || _lastMomentLength == 0)
            (_lastMoment, _lastMomentLength) = (value, Format(value, _lastMomentText));
        var room = RoomAfter(before, LongestNumber);
        if (_lastMomentLength <= Vector128<byte>.Count)
            Vector128.Create(_lastMomentText).CopyTo(room);
        else
            _lastMomentText.CopyTo(room);
        _length += before.Length + _lastMomentLength;
    }

    public void Append(JsonPrefix before, ValueMap value)
    {
        var begin = Begin(before);
        foreach (var (name, text) in value)
        {
            Append(JsonPrefix.Comma, name);
            if (text is null)
                AppendNull(JsonPrefix.Colon);
            else
                Append(JsonPrefix.Colon, text);
        }
        End(begin, '{', '}');
    }

    public void AppendNull(JsonPrefix before)
    {
        "null"u8.CopyTo(RoomAfter(before, LongestNumber));
        _length += before.Length + "null"u8.Length;
    }

    /// <summary>The number with a decimal point or an exponent. Answers how long it is.</summary>
    public static int FormatDouble(double number, Span<byte> text)
    {
        Utf8Formatter.TryFormat(number, text, out var length);
        if (!text[..length].ContainsAny(".E"u8))
        {
            ".0"u8.CopyTo(text[length..]);
            length += 2;
        }
        return length;
    }

    /// <summary>Seconds since the epoch, with a fraction when there is one: 1560787022.733. Answers how long it is.</summary>
    public static int Format(Moment moment, Span<byte> text)
    {
        if (moment.Milliseconds is < FirstOfTenDigits or > LastOfTenDigits)
        {
            Utf8Formatter.TryFormat(moment.Milliseconds / 1000m, text, out var length);
            return length;
        }
        var (seconds, fraction) = ((ulong)moment.Milliseconds / 1000, (uint)((ulong)moment.Milliseconds % 1000));
        var others = (uint)(seconds % 100_000_000);
        WriteTwoDigits((uint)(seconds / 100_000_000), text);
        WriteTwoDigits(others / 1_000_000, text[2..]);
        WriteTwoDigits(others / 10_000 % 100, text[4..]);
        WriteTwoDigits(others / 100 % 100, text[6..]);
        WriteTwoDigits(others % 100, text[8..]);
        if (fraction == 0)
            return 10;
        text[10] = (byte)'.';
        WriteTwoDigits(fraction / 10, text[11..]);
        text[13] = (byte)('0' + (fraction % 10));
        return fraction % 10 > 0 ? 14 : fraction % 100 > 0 ? 13 : 12;
    }

    private static void WriteTwoDigits(uint number, Span<byte> text)
    {
        text[1] = (byte)('0' + (number % 10));
        text[0] = (byte)('0' + (number / 10));
    }

    private void AppendEscaped(JsonPrefix before, string value)
    {
        var escaped = JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        var room = RoomAfter(before, escaped.Length + 2)[..(escaped.Length + 2)];
        escaped.CopyTo(room[1..]);
        room[0] = room[^1] = (byte)'"';
        _length += before.Length + room.Length;
    }

    /// <summary>
    /// Copies a text of as many bytes, of which no character needs an escape: ASCII but for control characters, quotation marks and backslashes. Answers false for
    /// any other. To look at the characters and to make bytes of them in one loop takes half as long as one after the other.
    /// </summary>
    private static bool TryCopy(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        const int Half = 8, Whole = 16; // characters in a vector, and in the two that make a vector of bytes
        var characters = MemoryMarshal.Cast<char, ushort>(text);
        if (characters.Length < Half)
            return TryCopyFew(text, bytes);
        if (characters.Length < Whole)
        {
            var last = characters.Length - Half; // may overlap the first
            var few = Vector128.NarrowWithSaturation(Vector128.Create(characters), Vector128.Create(characters[last..]));
            few.GetLower().CopyTo(bytes);
            few.GetUpper().CopyTo(bytes[last..]);
            return Others(few) == Vector128<byte>.Zero;
        }
        var others = Vector128<byte>.Zero;
        for (var at = 0; ; at = Math.Min(at + Whole, characters.Length - Whole))
        {
            var narrow = Vector128.NarrowWithSaturation(Vector128.Create(characters[at..]), Vector128.Create(characters[(at + Half)..]));
            narrow.CopyTo(bytes[at..]);
            others |= Others(narrow);
            if (at == characters.Length - Whole)
                return others == Vector128<byte>.Zero;
        }
    }

    private static bool TryCopyFew(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not (>= ' ' and <= '~' and not '"' and not '\\'))
                return false;
            bytes[i] = (byte)text[i];
        }
        return true;
    }

    /// <summary>Which of the characters need an escape, or are not ASCII.</summary>
    private static Vector128<byte> Others(Vector128<byte> characters) =>
        Vector128.GreaterThan(characters - Vector128.Create((byte)' '), Vector128.Create((byte)('~' - ' ')))
        | Vector128.Equals(characters, Vector128.Create((byte)'"')) | Vector128.Equals(characters, Vector128.Create((byte)'\\'));

    /// <summary>Writes what stands before a value. Answers the room for the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> RoomAfter(JsonPrefix before, int bytes)
    {
        var room = Room(before.PaddedLength + bytes);
        before.CopyTo(room);
        return room[before.Length..];
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes)
            Grow(bytes);
        return _bytes.AsSpan(_length);
    }

    private void Grow(int bytes) => Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + bytes));
}
