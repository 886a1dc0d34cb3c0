using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Tests.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

public sealed class BrokerFuzzTests
{
    [Fact]
    public async Task Invalid_bytes_of_a_client_end_no_other_connection()
    {
        var broker = new TestBroker();
        var healthy = await broker.Connect("healthy", MqttVersion.V5);
        foreach (var seed in Fuzz.SeedsFor(1000))
        {
            var random = new Random(seed);
            var sample = RandomPackets.Make(random);
            var client = broker.Open(sample.Version);
            if (random.Next(5) > 0)
                await client.Connect(new ConnectPacket { ClientId = $"pump-{random.Next(3)}", CleanStart = random.Next(2) == 0, Will = new("wills", default, Qos.AtLeastOnce, false) });
            for (var packets = random.Next(1, 8); packets > 0; packets--)
            {
                await client.SendBytes(random.Next(3) > 0 ? PacketCodecTests.Bytes(sample) : Fuzz.Damaged(random, sample));
                sample = RandomPackets.Make(random, sample.Version);
            }
            await client.CloseTransport(); // throws what the server throws
        }

        await healthy.Ping();
        Assert.Equal("healthy", Assert.Single(broker.Broker.Connections).ClientId);
        Assert.True(broker.Disconnections.Select(ending => ending.Reason).Distinct().Count() > 5, "too few of the packets were wrong in too few ways");
    }
}
