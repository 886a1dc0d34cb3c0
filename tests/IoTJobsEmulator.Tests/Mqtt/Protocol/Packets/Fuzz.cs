using FsCheck;
using FsCheck.Fluent;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Packets;

/// <summary>
/// The random inputs of the packet tests. They are the same in every run.
/// FUZZ_PACKETS=1000000 tries as many others in each test. A failure shows the seed for System.Random, or the packet.
/// </summary>
internal static class Fuzz
{
    private static readonly string? Wanted = Environment.GetEnvironmentVariable("FUZZ_PACKETS");

    public static Arbitrary<int> Seeds => Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    public static Config Config(int usual) => Wanted is null
        ? FsCheck.Config.QuickThrowOnFailure.WithMaxTest(usual).WithReplay(20260101, 1)
        : FsCheck.Config.QuickThrowOnFailure.WithMaxTest(int.Parse(Wanted));

    /// <summary>For tests that must await.</summary>
    public static IEnumerable<int> SeedsFor(int usual)
    {
        var random = Wanted is null ? new System.Random(20260101) : System.Random.Shared;
        return Enumerable.Range(0, Wanted is null ? usual : int.Parse(Wanted)).Select(_ => random.Next());
    }

    /// <summary>A packet with a few bytes that are wrong, missing or too many.</summary>
    public static byte[] Damaged(System.Random random, RandomPackets.Sample sample)
    {
        var bytes = PacketCodecTests.Bytes(sample).ToList();
        for (var damages = random.Next(1, 4); damages > 0 && bytes.Count > 0; damages--)
            Damage(bytes, random);
        return [.. bytes];
    }

    private static void Damage(List<byte> bytes, System.Random random)
    {
        var at = random.Next(bytes.Count);
        switch (random.Next(4))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 2: bytes.RemoveAt(at); break;
            default: bytes.Insert(at, (byte)random.Next(256)); break;
        }
    }
}
