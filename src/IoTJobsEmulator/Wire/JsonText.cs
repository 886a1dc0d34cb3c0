using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Wire;

/// <summary>JSON that is being written, piece by piece, with no check of its form.</summary>
internal sealed class JsonText
{
    /// <summary>A larger one is not kept for the next answer.</summary>
    private const int KeptAtMost = 256 << 10;

    private const int LongestNumber = 40;

    /// <summary>What stands in a string as it is: ASCII but for control characters, quotation marks and backslashes.</summary>
    private static readonly SearchValues<char> AsItIs = SearchValues.Create(
        string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(one => one is not ('"' or '\\'))));

    [ThreadStatic] private static JsonText? t_ofThread;

    private byte[] _bytes = new byte[16 << 10];
    private int _length;

    /// <summary>An empty one, until the thread asks for the next.</summary>
    public static JsonText OfThread()
    {
        if (t_ofThread is not { } text || text._bytes.Length > KeptAtMost)
            text = t_ofThread = new();
        text._length = 0;
        return text;
    }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Append(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        _length += json.Length;
    }

    /// <summary>A string in quotation marks, with the escapes that <see cref="WireJson.Options"/> have.</summary>
    public void AppendText(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(AsItIs))
        {
            Append("\""u8);
            Append(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
            Append("\""u8);
            return;
        }
        var room = Room(text.Length + 2);
        room[0] = (byte)'"';
        Encoding.ASCII.GetBytes(text, room[1..]);
        room[text.Length + 1] = (byte)'"';
        _length += text.Length + 2;
    }

    public void AppendNumber(long number)
    {
        Utf8Formatter.TryFormat(number, Room(LongestNumber), out var length);
        _length += length;
    }

    public void AppendMoment(Moment moment) => _length += Format(moment, Room(LongestNumber));

    /// <summary>Seconds since the epoch, with a fraction when there is one: 1560787022.733. Answers how long it is.</summary>
    public static int Format(Moment moment, Span<byte> text)
    {
        var (seconds, milliseconds) = Math.DivRem(moment.Milliseconds, 1000);
        int length;
        if (milliseconds < 0)
            Utf8Formatter.TryFormat(moment.Milliseconds / 1000m, text, out length);
        else
            Utf8Formatter.TryFormat(seconds, text, out length);
        if (milliseconds <= 0)
            return length;
        text[length++] = (byte)'.';
        var digits = (uint)milliseconds;
        text[length++] = (byte)('0' + (digits / 100));
        if (digits % 100 > 0)
            text[length++] = (byte)('0' + (digits / 10 % 10));
        if (digits % 10 > 0)
            text[length++] = (byte)('0' + (digits % 10));
        return length;
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + bytes));
        return _bytes.AsSpan(_length);
    }
}
