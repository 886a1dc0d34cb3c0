using System.Buffers.Binary;
using System.Text;

namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Writes the data types of MQTT (MQTT 5, 1.5) to a buffer that is reused for each packet. The fixed header is added at the end, when the
/// packet's length is known.</summary>
internal sealed class FieldWriter
{
    private const int HeaderBytes = 5;

    /// <summary>One per thread: encoding never awaits, so all connections share a few buffers.</summary>
    [ThreadStatic]
    private static FieldWriter? _threadInstance;

    private byte[] _bytes = new byte[4096];
    private int _end = HeaderBytes;

    public static FieldWriter ForThread()
    {
        var writer = _threadInstance ??= new();
        writer._end = HeaderBytes;
        return writer;
    }

    public void WriteByte(byte value) => Reserve(1)[0] = value;

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    public void WriteVariableByteInteger(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        WriteBytes(bytes[..EncodeVariableByteInteger(bytes, value)]);
    }

    public void WriteString(string value)
    {
        var length = FieldLength(Encoding.UTF8.GetByteCount(value));
        WriteUInt16(length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    public void WriteBinary(ReadOnlySpan<byte> value)
    {
        WriteUInt16(FieldLength(value.Length));
        WriteBytes(value);
    }

    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    /// <summary>Writes a part of the packet with its length before it.</summary>
    public void WriteLengthPrefixed<T>(T value, Action<FieldWriter, T> write)
    {
        var start = _end;
        write(this, value);
        Span<byte> bytes = stackalloc byte[4];
        var count = EncodeVariableByteInteger(bytes, (uint)(_end - start));
        Reserve(count);
        _bytes.AsSpan(start, _end - count - start).CopyTo(_bytes.AsSpan(start + count));
        bytes[..count].CopyTo(_bytes.AsSpan(start));
    }

    /// <summary>Adds the fixed header (MQTT 5, 2.1). The packet is valid until this thread encodes the next one.</summary>
    public ReadOnlySpan<byte> Finish(byte first)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = EncodeVariableByteInteger(bytes, (uint)(_end - HeaderBytes));
        var start = HeaderBytes - count - 1;
        _bytes[start] = first;
        bytes[..count].CopyTo(_bytes.AsSpan(start + 1));
        return _bytes.AsSpan(start, _end - start);
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _end < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + count));
        _end += count;
        return _bytes.AsSpan(_end - count, count);
    }

    private static int EncodeVariableByteInteger(Span<byte> bytes, uint value)
    {
        var count = 0;
        do
        {
            bytes[count++] = (byte)((value & 0x7F) | (value > 0x7F ? 0x80u : 0));
            value >>= 7;
        }
        while (value > 0);
        return count;
    }

    private static ushort FieldLength(int length) =>
        length <= ushort.MaxValue ? (ushort)length : throw new ArgumentException($"A field has {length} bytes, more than the 65 535 that MQTT allows");
}
