using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

public sealed class RetainedTests
{
    private readonly TestBroker _broker = new();

    [Fact]
    public async Task Who_subscribes_later_gets_the_last_retained_message_of_each_topic()
    {
        var client = await _broker.Connect("pump-1");
        await client.Publish("plant/1", "old", retain: true);
        await client.Publish("plant/1", "new", retain: true);
        await client.Publish("plant/2", "two", retain: true);
        await client.Publish("plant/3", "not kept");

        await client.SubscribeAll(new("plant/1", Qos.AtLeastOnce), new("plant/2", Qos.AtLeastOnce), new("plant/3", Qos.AtLeastOnce));

        var heard = new[] { await client.Hear(), await client.Hear() };
        Assert.All(heard, p => Assert.True(p.Retain));
        Assert.Equal(["plant/1", "plant/2"], heard.Select(p => p.Topic));
        await client.HearsNothing();
        Assert.Equal(["plant/1", "plant/2"], _broker.Broker.AllRetained().Select(m => m.Topic));
        Assert.Equal("new"u8.ToArray(), _broker.Broker.Retained("plant/1")!.Payload.ToArray());
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

        await client.HearsNothing();
    }

    [Fact]
    public async Task Who_is_subscribed_already_gets_it_as_any_other()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);
        await client.SubscribeAll(new("a", Qos.AtLeastOnce), new("b", Qos.AtLeastOnce, RetainAsPublished: true));

        _broker.Publish("a", "1", retain: true);
        _broker.Publish("b", "2", retain: true);

        Assert.Equal((false, true), ((await client.Hear()).Retain, (await client.Hear()).Retain));
    }

    [Fact]
    public async Task An_empty_payload_takes_it_away()
    {
        var client = await _broker.Connect("pump-1");
        await client.Publish("a", "1", retain: true);
        await client.Publish("a", "", retain: true);

        await client.Subscribe("a");

        await client.HearsNothing();
        Assert.Null(_broker.Broker.Retained("a"));
    }

    [Theory]
    [InlineData(RetainHandling.Send, "a 1", "a 1")]
    [InlineData(RetainHandling.SendIfNew, "a 1", "")]
    [InlineData(RetainHandling.DoNotSend, "", "")]
    public async Task A_subscription_says_when_it_wants_them(RetainHandling handling, string first, string second)
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);
        _broker.Publish("a", "1", retain: true);

        foreach (var expected in new[] { first, second })
        {
            await client.SubscribeAll(new SubscriptionRequest("a", Qos.AtLeastOnce, RetainHandling: handling));
            if (expected.Length > 0)
                Assert.Equal(expected, await client.HearText());
            await client.HearsNothing();
        }
    }

    [Fact]
    public async Task Shared_subscriptions_and_dollar_topics_know_none()
    {
        var client = await _broker.Connect("pump-1");
        _broker.Publish("a", "1", retain: true);
        _broker.Publish("$aws/things/pump-1/jobs/notify", "1", retain: true);

        await client.Subscribe("$share/g/a");
        await client.Subscribe("$aws/things/pump-1/jobs/notify");

        await client.HearsNothing();
    }

    [Fact]
    public async Task A_retained_message_expires()
    {
        var client = await _broker.Connect("pump-1");
        _broker.Publish("a", "1", retain: true, properties: new() { MessageExpiryInterval = 60 });

        _broker.Time.Advance(TimeSpan.FromSeconds(60));
        await client.Ping();
        await client.Subscribe("a");

        await client.HearsNothing();
        Assert.Empty(_broker.Broker.AllRetained());
        Assert.Null(_broker.Broker.Retained("a"));
    }

    /// <summary>What was published when, as HOUSE:PAYLOAD (no tenant: -; no payload: taken away), and what each sees of it then.</summary>
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
    public async Task Everybody_has_the_last_one_that_was_meant_for_them(string history, string east, string west, string nobodys)
    {
        foreach (var (tenant, payload) in history.Split(' ').Select(step => step.Split(':')).Select(step => (step[0], step[1])))
            _broker.Publish("a", payload, retain: true, tenant: tenant == "-" ? null : tenant);

        foreach (var (tenant, seen) in new[] { ("east", east), ("west", west), (null, nobodys) })
        {
            var client = await _broker.Connect("pump-1", tag: tenant);
            await client.Subscribe("a");
            if (seen != "-")
                Assert.Equal("a " + seen, await client.HearText());
            await client.HearsNothing();
            Assert.Equal(seen == "-" ? [] : ["a"], _broker.Broker.AllRetained(tenant).Select(message => message.Topic));
            Assert.Equal(seen == "-", _broker.Broker.Retained("a", tenant) is null);
        }
    }

    [Fact]
    public async Task Who_wants_nothing_of_its_own_is_not_sent_what_it_retained()
    {
        var (client, other) = (await _broker.Connect("pump-1", MqttVersion.V5), await _broker.Connect("pump-2", MqttVersion.V5));
        await client.Publish("a", "mine", retain: true);
        foreach (var subscriber in new[] { client, other })
            await subscriber.SubscribeAll(new SubscriptionRequest("a", Qos.AtMostOnce, NoLocal: true));
        await client.HearsNothing();
        Assert.Equal("a mine", await other.HearText());
    }

    [Fact]
    public async Task Beyond_the_limit_only_what_replaces_another_is_kept()
    {
        var dropped = new List<string>();
        var broker = new TestBroker(options => options with
        {
            Limits = new() { RetainedMessages = 2 },
            Dropped = (connection, message) => dropped.Add($"{connection.ClientId} {message.Topic}"),
        });
        var (east, west) = (await broker.Connect("east", tag: "east"), await broker.Connect("west", tag: "west"));

        await east.Publish("a", "1", retain: true);
        await west.Publish("a", "2", retain: true);
        await east.Publish("a", "3", retain: true);
        await west.Publish("b", "4", retain: true);
        Assert.Equal(["west b"], dropped);
        await west.Publish("a", "", retain: true);
        await west.Publish("b", "5", retain: true);

        Assert.Equal(["west b"], dropped);
        Assert.Equal(["a", "b"], broker.Broker.AllRetained().Select(message => message.Topic));
        Assert.Equal(["b"], broker.Broker.AllRetained("west").Select(message => message.Topic));
    }
}
