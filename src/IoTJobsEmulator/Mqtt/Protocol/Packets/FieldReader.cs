using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Reads the data types of MQTT (section 1.5) off the bytes of one packet; refuses what is cut short or not canonical.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ushort PacketId() => UInt16() is var id && id != 0 ? id : throw Malformed("A packet identifier may not be zero");

    public uint VariableByteInteger()
    {
        uint value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var digit = Byte();
            value |= (uint)(digit & 0x7F) << shift;
            if ((digit & 0x80) == 0)
                return digit == 0 && shift > 0 ? throw Malformed("A variable byte integer is longer than need be") : value;
        }
        throw Malformed("A variable byte integer has more than four bytes");
    }

    public string Text()
    {
        var bytes = Take(UInt16());
        if (!Utf8.IsValid(bytes) || bytes.Contains((byte)0))
            throw Malformed("A string is not UTF-8, or contains a null character");
        return Encoding.UTF8.GetString(bytes);
    }

    public ReadOnlyMemory<byte> Binary() => Take(UInt16()).ToArray();

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw Malformed("A packet ends in the middle of a field");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public ReadOnlySpan<byte> TakeRest() => Take(_rest.Length);

    public static MqttProtocolException Malformed(string message) => new(ReasonCode.MalformedPacket, message);

    public static MqttProtocolException Error(string message) => new(ReasonCode.ProtocolError, message);
}
