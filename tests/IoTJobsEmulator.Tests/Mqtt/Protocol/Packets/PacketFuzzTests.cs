using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Packets;

public sealed class PacketFuzzTests
{
    private const int Limit = 4096;

    /// <summary>A short filter or an empty property costs its object; a packet costs at most this many times its bytes.</summary>
    private const int Overhead = 40;

    /// <summary>What an exception costs, with its message and its stack.</summary>
    private const int Refusal = 64 * 1024;

    private static readonly MqttVersion[] Versions = [MqttVersion.V31, MqttVersion.V311, MqttVersion.V5];

    [Fact]
    public void Random_bytes_are_a_packet_or_too_few_or_a_protocol_error() =>
        Check.One(Fuzz.Config(20_000), Prop.ForAll(Fuzz.Seeds, seed =>
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (bytes.Length > 2 && random.Next(2) == 0)
                bytes[1] = (byte)Math.Min(127, bytes.Length - 2); // or hardly any would be whole
            return IsHarmless(bytes, Versions[random.Next(3)]);
        }));

    [Fact]
    public void Damaged_packets_are_a_packet_or_too_few_or_a_protocol_error() =>
        Check.One(Fuzz.Config(20_000), Prop.ForAll(Fuzz.Seeds, seed =>
        {
            var random = new Random(seed);
            var sample = RandomPackets.Make(random);
            return IsHarmless(Fuzz.Damaged(random, sample), random.Next(4) == 0 ? Versions[random.Next(3)] : sample.Version);
        }));

    [Theory]
    [InlineData(0x10)]
    [InlineData(0x30)]
    [InlineData(0x82)]
    public void A_packet_that_announces_too_much_is_refused_before_it_is_received(byte first)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<MqttProtocolException>(() =>
        {
            var buffer = new ReadOnlySequence<byte>([first, 0xFF, 0xFF, 0xFF, 0x7F]);
            PacketDecoder.TryRead(ref buffer, MqttVersion.V5, Limit, out _);
        });

        Assert.Equal(ReasonCode.PacketTooLarge, error.Reason);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000); // the exception and its stack, not 256 MB
    }

    private static bool IsHarmless(byte[] bytes, MqttVersion version)
    {
        var buffer = bytes.Length % 2 == 0 ? new ReadOnlySequence<byte>(bytes) : PacketCodecTests.Pieces(bytes, 7);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var allowed = 4096 + (Overhead * bytes.Length);
        try
        {
            while (PacketDecoder.TryRead(ref buffer, version, Limit, out _))
            {
            }
        }
        catch (MqttProtocolException)
        {
            allowed += Refusal;
        }
        return GC.GetAllocatedBytesForCurrentThread() - before <= allowed;
    }
}
