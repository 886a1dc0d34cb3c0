using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Sessions;

public sealed class RetainedMessagesTests
{
    private readonly TestBroker _broker = new();

    [Fact]
    public async Task A_later_subscriber_receives_the_last_retained_message_of_each_topic()
    {
        var client = await _broker.Connect("pump-1");
        await client.Publish("plant/1", "old", retain: true);
        await client.Publish("plant/1", "new", retain: true);
        await client.Publish("plant/2", "two", retain: true);
        await client.Publish("plant/3", "not kept");

        await client.SubscribeAll(new("plant/1", Qos.AtLeastOnce), new("plant/2", Qos.AtLeastOnce), new("plant/3", Qos.AtLeastOnce));

        var received = new[] { await client.ReceiveMessage(), await client.ReceiveMessage() };
        Assert.All(received, p => Assert.True(p.Retain));
        Assert.Equal(["plant/1", "plant/2"], received.Select(p => p.Topic));
        await client.ReceivesNoMessage();
        Assert.Equal(["plant/1", "plant/2"], _broker.Broker.ListRetained().Select(m => m.Topic));
        Assert.Equal("new"u8.ToArray(), _broker.Broker.GetRetained("plant/1")!.Payload.ToArray());
    }

    [Theory]
    [InlineData("plant/+")]
    [InlineData("plant/#")]
    [InlineData("#")]
    public async Task A_filter_with_wildcards_gets_none_as_on_AWS(string filter)
    {
        var client = await _broker.Connect("pump-1");
        await client.Publish("plant/1", "1", retain: true);

        await client.Subscribe(filter);

        await client.ReceivesNoMessage();
    }

    [Fact]
    public async Task An_existing_subscription_receives_it_as_any_other_message()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);
        await client.SubscribeAll(new("a", Qos.AtLeastOnce), new("b", Qos.AtLeastOnce, RetainAsPublished: true));

        _broker.Publish("a", "1", retain: true);
        _broker.Publish("b", "2", retain: true);

        Assert.Equal((false, true), ((await client.ReceiveMessage()).Retain, (await client.ReceiveMessage()).Retain));
    }

    [Fact]
    public async Task An_empty_payload_clears_it()
    {
        var client = await _broker.Connect("pump-1");
        await client.Publish("a", "1", retain: true);
        await client.Publish("a", "", retain: true);

        await client.Subscribe("a");

        await client.ReceivesNoMessage();
        Assert.Null(_broker.Broker.GetRetained("a"));
    }

    [Theory]
    [InlineData(RetainHandling.Send, "a 1", "a 1")]
    [InlineData(RetainHandling.SendIfNew, "a 1", "")]
    [InlineData(RetainHandling.DoNotSend, "", "")]
    public async Task Retain_handling_decides_when_they_are_sent(RetainHandling handling, string first, string second)
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);
        _broker.Publish("a", "1", retain: true);

        foreach (var expected in new[] { first, second })
        {
            await client.SubscribeAll(new SubscriptionRequest("a", Qos.AtLeastOnce, RetainHandling: handling));
            if (expected.Length > 0)
                Assert.Equal(expected, await client.ReceiveText());
            await client.ReceivesNoMessage();
        }
    }

    [Fact]
    public async Task Shared_subscriptions_and_dollar_topics_have_none()
    {
        var client = await _broker.Connect("pump-1");
        _broker.Publish("a", "1", retain: true);
        _broker.Publish("$aws/things/pump-1/jobs/notify", "1", retain: true);

        await client.Subscribe("$share/g/a");
        await client.Subscribe("$aws/things/pump-1/jobs/notify");

        await client.ReceivesNoMessage();
    }

    [Fact]
    public async Task A_retained_message_expires()
    {
        var client = await _broker.Connect("pump-1");
        _broker.Publish("a", "1", retain: true, properties: new() { MessageExpiryInterval = 60 });

        _broker.Time.Advance(TimeSpan.FromSeconds(60));
        await client.Ping();
        await client.Subscribe("a");

        await client.ReceivesNoMessage();
        Assert.Empty(_broker.Broker.ListRetained());
        Assert.Null(_broker.Broker.GetRetained("a"));
    }

    /// <summary>What was published when, as TENANT:PAYLOAD (no tenant: -; no payload: cleared), and what each tenant sees then.</summary>
    [Theory]
    [InlineData("east:1", "1", "-", "1")]
    [InlineData("east:1 west:2", "1", "2", "2")]
    [InlineData("west:2 east:1", "1", "2", "1")]
    [InlineData("east:1 west:2 east:3", "3", "2", "3")]
    [InlineData("-:1", "1", "1", "1")]
    [InlineData("-:1 east:2", "2", "1", "2")]
    [InlineData("east:1 west:2 -:3", "3", "3", "3")]
    [InlineData("east:1 west:2 east:", "-", "2", "2")]
    [InlineData("east:1 west:2 east: west:", "-", "-", "-")]
    [InlineData("-:1 east:", "-", "1", "-")]
    [InlineData("-:1 east: -:2", "2", "2", "2")]
    [InlineData("-:1 east: west:3", "-", "3", "3")]
    [InlineData("east:1 west:2 -:", "-", "-", "-")]
    [InlineData("east: west:2", "-", "2", "2")]
    public async Task Each_tenant_sees_the_last_message_published_for_it(string history, string east, string west, string withoutTenant)
    {
        foreach (var (tenant, payload) in history.Split(' ').Select(step => step.Split(':')).Select(step => (step[0], step[1])))
            _broker.Publish("a", payload, retain: true, tenant: tenant == "-" ? null : tenant);

        foreach (var (tenant, seen) in new[] { ("east", east), ("west", west), (null, withoutTenant) })
        {
            var client = await _broker.Connect("pump-1", tag: tenant);
            await client.Subscribe("a");
            if (seen != "-")
                Assert.Equal("a " + seen, await client.ReceiveText());
            await client.ReceivesNoMessage();
            Assert.Equal(seen == "-" ? [] : ["a"], _broker.Broker.ListRetained(tenant).Select(message => message.Topic));
            Assert.Equal(seen == "-", _broker.Broker.GetRetained("a", tenant) is null);
        }
    }

    [Fact]
    public async Task A_no_local_subscription_does_not_receive_the_clients_own_retained_message()
    {
        var (client, other) = (await _broker.Connect("pump-1", MqttVersion.V5), await _broker.Connect("pump-2", MqttVersion.V5));
        await client.Publish("a", "mine", retain: true);
        foreach (var subscriber in new[] { client, other })
            await subscriber.SubscribeAll(new SubscriptionRequest("a", Qos.AtMostOnce, NoLocal: true));
        await client.ReceivesNoMessage();
        Assert.Equal("a mine", await other.ReceiveText());
    }

    [Fact]
    public async Task At_the_limit_only_a_message_that_replaces_another_is_stored()
    {
        var reports = new List<string>();
        var broker = new TestBroker(options => options with { Limits = new() { RetainedMessages = 2 }, LimitReached = reports.Add });
        var (east, west) = (await broker.Connect("east", tag: "east"), await broker.Connect("west", tag: "west"));

        await east.Publish("a", "1", retain: true);
        await west.Publish("a", "2", retain: true);
        await east.Publish("a", "3", retain: true);
        await west.Publish("b", "4", retain: true);
        await west.Publish("c", "4", retain: true);
        Assert.StartsWith("2 retained messages", Assert.Single(reports), StringComparison.Ordinal);
        await west.Publish("a", "", retain: true);
        await west.Publish("b", "5", retain: true);

        Assert.Single(reports);
        Assert.Equal(["a", "b"], broker.Broker.ListRetained().Select(message => message.Topic));
        Assert.Equal(["b"], broker.Broker.ListRetained("west").Select(message => message.Topic));
    }
}
