using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

public sealed class LimitsTests
{
    private readonly TestBroker _broker = new();

    [Fact]
    public async Task A_subscribe_has_eight_filters_at_the_most()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);
        var eight = Enumerable.Range(1, 8).Select(i => new SubscriptionRequest($"a/{i}", Qos.AtLeastOnce)).ToArray();

        Assert.Equal(8, (await client.SubscribeAll(eight)).Count);
        await client.Send(new SubscribePacket(9, [.. eight, new("a/9", Qos.AtLeastOnce)]));

        Assert.Equal(ReasonCode.QuotaExceeded, await client.Ended());
    }

    [Theory]
    [InlineData(MqttVersion.V311, ReasonCode.UnspecifiedError, ReasonCode.UnspecifiedError)]
    [InlineData(MqttVersion.V5, ReasonCode.TopicFilterInvalid, ReasonCode.QuotaExceeded)]
    public async Task A_filter_with_too_many_slashes_and_the_fifty_first_are_refused(MqttVersion version, ReasonCode slashes, ReasonCode quota)
    {
        var client = await _broker.Connect("pump-1", version);

        Assert.Equal([slashes, ReasonCode.GrantedQos1], await client.SubscribeAll(new("1/2/3/4/5/6/7/8/9", Qos.AtLeastOnce), new("$share/g/1/2/3/4/5/6/7/8", Qos.AtLeastOnce)));
        for (var i = 2; i <= 50; i++)
            Assert.Equal([ReasonCode.GrantedQos1], await client.Subscribe($"a/{i}"));
        Assert.Equal([quota], await client.Subscribe("a/51"));
        Assert.Equal([ReasonCode.GrantedQos1], await client.Subscribe("a/50")); // again
    }

    [Theory]
    [InlineData(131072, 1, null)]
    [InlineData(131073, 1, ReasonCode.PacketTooLarge)]
    [InlineData(150000, 1, ReasonCode.PacketTooLarge)]
    [InlineData(1, 256, null)]
    [InlineData(1, 257, ReasonCode.TopicNameInvalid)]
    public async Task A_publish_is_within_the_limits(int payload, int topic, ReasonCode? reason)
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);

        var sending = client.Send(new PublishPacket(new string('t', topic), new byte[payload]) { Qos = Qos.AtLeastOnce, PacketId = 1 });

        if (reason is null)
            Assert.Equal(1, (await client.Receive<AcknowledgePacket>()).PacketId);
        else
            Assert.Equal(reason, await client.Ended());
        await sending;
    }

    [Fact]
    public async Task A_publish_with_too_many_slashes_ends_the_connection()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);

        await client.Send(new PublishPacket("1/2/3/4/5/6/7/8/9", default));

        Assert.Equal(ReasonCode.TopicNameInvalid, await client.Ended());
    }

    [Fact]
    public async Task Subscription_identifiers_are_not_supported()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);

        await client.Send(new SubscribePacket(1, [new("a", Qos.AtLeastOnce)]) { Properties = new() { SubscriptionIdentifiers = [1] } });

        Assert.Equal(ReasonCode.SubscriptionIdentifiersNotSupported, await client.Ended());
    }

    [Fact]
    public async Task A_client_that_sends_without_reading_is_not_read_further()
    {
        var client = await _broker.Connect("pump-1");
        var pings = Task.Run(async () =>
        {
            for (var i = 0; i < 200_000; i++)
                await client.Send(PingRequestPacket.Instance);
        }, TestContext.Current.CancellationToken);

        for (var i = 0; i < 1000 && !pings.IsCompleted; i++)
            await Task.Yield();
        for (var i = 0; i < 200_000; i++)
            await client.Receive<PingResponsePacket>();

        await pings;
    }
}
