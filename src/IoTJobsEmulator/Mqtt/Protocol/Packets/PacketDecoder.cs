using System.Buffers;

namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Decodes packets. For any bytes it returns a packet, asks for more bytes, or throws <see cref="MqttProtocolException"/>.</summary>
public static class PacketDecoder
{
    private const int MaxHeaderBytes = 5;

    /// <summary>Reads one packet from the buffer. Leaves the buffer unchanged when the packet is not complete.</summary>
    /// <param name="buffer">The bytes received and not yet read.</param>
    /// <param name="version">The version of the connection; ignored for CONNECT, which contains it.</param>
    /// <param name="limit">The maximum packet size in bytes. A longer packet is refused as soon as its length is read.</param>
    /// <param name="packet">The packet, if true is returned.</param>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, MqttVersion version, int limit, out MqttPacket packet)
    {
        packet = PingRequestPacket.Instance;
        if (!TryReadHeader(buffer, version, out var first, out var headerLength, out var bodyLength))
            return false;
        if (headerLength + bodyLength > limit)
            throw new MqttProtocolException(ReasonCode.PacketTooLarge, $"A packet has {headerLength + bodyLength} bytes, more than {limit}");
        if (buffer.Length < headerLength + bodyLength)
            return false;
        packet = Read(buffer.Slice(headerLength, bodyLength), (PacketType)(first >> 4), first & 0x0F, version);
        buffer = buffer.Slice(headerLength + bodyLength);
        return true;
    }

    private static bool TryReadHeader(in ReadOnlySequence<byte> buffer, MqttVersion version, out byte first, out int headerLength, out int bodyLength)
    {
        (first, headerLength, bodyLength) = (0, 0, 0);
        Span<byte> start = stackalloc byte[MaxHeaderBytes];
        var count = (int)Math.Min(MaxHeaderBytes, buffer.Length);
        buffer.Slice(0, count).CopyTo(start);
        start = start[..count];
        if (start.IsEmpty)
            return false;
        first = start[0];
        CheckFlags((PacketType)(first >> 4), first & 0x0F, version);
        var lengthBytes = start[1..].IndexOfAnyInRange((byte)0, (byte)0x7F) + 1;
        if (lengthBytes == 0)
            return count == MaxHeaderBytes ? throw FieldReader.Malformed("The remaining length has more than four bytes") : false;
        bodyLength = (int)new FieldReader(start.Slice(1, lengthBytes)).ReadVariableByteInteger();
        headerLength = 1 + lengthBytes;
        return true;
    }

    /// <summary>The flags of the fixed header (MQTT 5, 2.1.3).</summary>
    private static void CheckFlags(PacketType type, int flags, MqttVersion version)
    {
        var isValid = type switch
        {
            PacketType.Will => false,
            PacketType.Publish => (flags & 0b0110) != 0b0110,
            PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe =>
                flags == 0b0010 || (flags == 0b1010 && version == MqttVersion.V31), // MQTT 3.1 sets the DUP flag when it repeats them
            PacketType.Auth => flags == 0 && version == MqttVersion.V5,
            _ => flags == 0,
        };
        if (!isValid)
            throw FieldReader.Malformed($"A packet cannot begin with 0x{((int)type << 4) | flags:X2}");
    }

    private static MqttPacket Read(in ReadOnlySequence<byte> body, PacketType type, int flags, MqttVersion version)
    {
        if (body.IsSingleSegment)
            return Read(body.FirstSpan, type, flags, version);
        var length = (int)body.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(copy);
            return Read(copy.AsSpan(0, length), type, flags, version);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private static MqttPacket Read(ReadOnlySpan<byte> body, PacketType type, int flags, MqttVersion version)
    {
        var fields = new FieldReader(body);
        var packet = type switch
        {
            PacketType.Connect => ConnectReader.Read(ref fields),
            PacketType.ConnAck => PacketBodyReader.ReadConnAck(ref fields, version),
            PacketType.Publish => PacketBodyReader.ReadPublish(ref fields, flags, version),
            PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp =>
                PacketBodyReader.ReadAcknowledge(ref fields, type, version),
            PacketType.Subscribe => PacketBodyReader.ReadSubscribe(ref fields, version),
            PacketType.SubAck => PacketBodyReader.ReadSubAck(ref fields, version),
            PacketType.Unsubscribe => PacketBodyReader.ReadUnsubscribe(ref fields, version),
            PacketType.UnsubAck => PacketBodyReader.ReadUnsubAck(ref fields, version),
            PacketType.PingRequest => PingRequestPacket.Instance,
            PacketType.PingResponse => PingResponsePacket.Instance,
            PacketType.Disconnect => PacketBodyReader.ReadDisconnect(ref fields, version),
            _ => PacketBodyReader.ReadAuth(ref fields),
        };
        return fields.AtEnd ? packet : throw FieldReader.Malformed($"{type} has bytes after its end");
    }
}
