using System.Buffers.Binary;
using System.Text;

namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Gathers one packet at a time in a buffer that is used again, with room before it for the header, whose length comes last.</summary>
internal sealed class FieldWriter
{
    private const int HeaderRoom = 5;

    /// <summary>One per thread: encoding never awaits, so a thousand connections share a few buffers.</summary>
    [ThreadStatic]
    private static FieldWriter? _ofThread;

    private byte[] _bytes = new byte[4096];
    private int _end = HeaderRoom;

    public static FieldWriter Fresh()
    {
        var writer = _ofThread ??= new();
        writer._end = HeaderRoom;
        return writer;
    }

    public void Byte(byte value) => Room(1)[0] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Room(2), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);

    public void VariableByteInteger(uint value)
    {
        Span<byte> digits = stackalloc byte[4];
        Raw(digits[..Digits(digits, value)]);
    }

    public void Text(string value)
    {
        var length = Short(Encoding.UTF8.GetByteCount(value));
        UInt16(length);
        Encoding.UTF8.GetBytes(value, Room(length));
    }

    public void Binary(ReadOnlySpan<byte> value)
    {
        UInt16(Short(value.Length));
        Raw(value);
    }

    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    /// <summary>Writes a part that begins with its own length.</summary>
    public void Measured<T>(T value, Action<FieldWriter, T> write)
    {
        var start = _end;
        write(this, value);
        Span<byte> digits = stackalloc byte[4];
        var count = Digits(digits, (uint)(_end - start));
        Room(count);
        _bytes.AsSpan(start, _end - count - start).CopyTo(_bytes.AsSpan(start + count));
        digits[..count].CopyTo(_bytes.AsSpan(start));
    }

    /// <summary>The packet, its header put before what was written. Valid until the thread writes the next one.</summary>
    public ReadOnlySpan<byte> Finish(byte first)
    {
        Span<byte> digits = stackalloc byte[4];
        var count = Digits(digits, (uint)(_end - HeaderRoom));
        var start = HeaderRoom - count - 1;
        _bytes[start] = first;
        digits[..count].CopyTo(_bytes.AsSpan(start + 1));
        return _bytes.AsSpan(start, _end - start);
    }

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - _end < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + count));
        _end += count;
        return _bytes.AsSpan(_end - count, count);
    }

    private static int Digits(Span<byte> digits, uint value)
    {
        var count = 0;
        do
        {
            digits[count++] = (byte)((value & 0x7F) | (value > 0x7F ? 0x80u : 0));
            value >>= 7;
        }
        while (value > 0);
        return count;
    }

    private static ushort Short(int length) =>
        length <= ushort.MaxValue ? (ushort)length : throw new ArgumentException($"A field has {length} bytes, more than MQTT can say");
}
