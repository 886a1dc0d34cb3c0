using System.Buffers;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Packets;

public sealed class PacketCodecTests
{
    [Fact]
    public void What_is_encoded_decodes_to_the_same() => Check.One(Fuzz.Config(3000), Prop.ForAll(RandomPackets.Any, sample =>
    {
        var buffer = new ReadOnlySequence<byte>(Bytes(sample));
        return PacketDecoder.TryRead(ref buffer, sample.Version, int.MaxValue, out var decoded)
            && buffer.IsEmpty
            && Described(decoded) == Described(sample.Packet);
    }));

    [Fact]
    public void A_packet_in_pieces_is_the_same_packet_and_not_read_before_its_last_byte() => Check.One(Fuzz.Config(3000), Prop.ForAll(RandomPackets.Any, sample =>
    {
        var bytes = Bytes(sample);
        for (var count = 0; count < bytes.Length; count += 1 + count / 8)
        {
            var part = new ReadOnlySequence<byte>(bytes, 0, count);
            if (PacketDecoder.TryRead(ref part, sample.Version, int.MaxValue, out _) || part.Length != count)
                return false;
        }
        var pieces = Pieces(bytes, bytes.Length / 3 + 1);
        return PacketDecoder.TryRead(ref pieces, sample.Version, int.MaxValue, out var decoded) && Described(decoded) == Described(sample.Packet);
    }));

    [Fact]
    public void Packets_are_read_one_after_the_other()
    {
        var output = new ArrayBufferWriter<byte>();
        PacketEncoder.Write(output, PingRequestPacket.Instance, MqttVersion.V311);
        PacketEncoder.Write(output, new AcknowledgePacket(PacketType.PubAck, 7), MqttVersion.V311);
        var buffer = new ReadOnlySequence<byte>(output.WrittenMemory);

        Assert.True(PacketDecoder.TryRead(ref buffer, MqttVersion.V311, 100, out var first));
        Assert.True(PacketDecoder.TryRead(ref buffer, MqttVersion.V311, 100, out var second));

        Assert.Equal((PacketType.PingRequest, PacketType.PubAck, 0), (first.Type, second.Type, buffer.Length));
    }

    [Fact]
    public void A_publish_that_would_exceed_the_clients_limit_is_not_written()
    {
        var output = new ArrayBufferWriter<byte>();

        var isWritten = PacketEncoder.WritePublish(output, MqttVersion.V5, "a", new byte[100], Qos.AtMostOnce, false, false, 0, MqttProperties.None, limit: 105);

        Assert.Equal((false, 0), (isWritten, output.WrittenCount));
        Assert.True(PacketEncoder.WritePublish(output, MqttVersion.V5, "a", new byte[100], Qos.AtMostOnce, false, false, 0, MqttProperties.None, limit: 106));
        Assert.Equal(106, output.WrittenCount);
    }

    public static byte[] Bytes(object sample)
    {
        var (packet, version) = (RandomPackets.Sample)sample;
        var output = new ArrayBufferWriter<byte>();
        PacketEncoder.Write(output, packet, version);
        return output.WrittenSpan.ToArray();
    }

    public static ReadOnlySequence<byte> Pieces(byte[] bytes, int size)
    {
        var first = new Piece(ReadOnlyMemory<byte>.Empty, 0);
        var last = first;
        for (var at = 0; at < bytes.Length; at += size)
            last = last.Then(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        return new(first, 0, last, last.Memory.Length);
    }

    private static string Described(MqttPacket packet) => packet.GetType().Name + JsonSerializer.Serialize(packet, packet.GetType());

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long at) => (Memory, RunningIndex) = (memory, at);

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
