using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>
/// Reads the data types of MQTT (MQTT 5, 1.5) from the bytes of one packet. Throws <see cref="MqttProtocolException"/> when they are
/// incomplete or invalid.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte ReadByte() => ReadBytes(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(ReadBytes(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(ReadBytes(4));

    public ushort ReadPacketId() => ReadUInt16() is var id && id != 0 ? id : throw Malformed("A packet identifier may not be zero");

    public uint ReadVariableByteInteger()
    {
        uint value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var digit = ReadByte();
            value |= (uint)(digit & 0x7F) << shift;
            if ((digit & 0x80) == 0)
                return digit == 0 && shift > 0 ? throw Malformed("A variable byte integer is not encoded in the fewest bytes") : value;
        }
        throw Malformed("A variable byte integer has more than four bytes");
    }

    public string ReadString()
    {
        var bytes = ReadBytes(ReadUInt16());
        if (!Utf8.IsValid(bytes) || bytes.Contains((byte)0))
            throw Malformed("A string is not UTF-8, or contains a null character");
        return Encoding.UTF8.GetString(bytes);
    }

    public ReadOnlyMemory<byte> ReadBinary() => ReadBytes(ReadUInt16()).ToArray();

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > _rest.Length)
            throw Malformed("A packet ends in the middle of a field");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public ReadOnlySpan<byte> ReadRest() => ReadBytes(_rest.Length);

    public static MqttProtocolException Malformed(string message) => new(ReasonCode.MalformedPacket, message);

    public static MqttProtocolException ProtocolError(string message) => new(ReasonCode.ProtocolError, message);
}
