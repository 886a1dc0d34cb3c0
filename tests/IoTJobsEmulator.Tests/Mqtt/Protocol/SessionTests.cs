using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

public sealed class SessionTests
{
    private readonly TestBroker _broker = new();

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_session_that_lasts_keeps_subscriptions_and_messages_with_qos_1(MqttVersion version)
    {
        var client = await _broker.ConnectForLong("pump-1", version);
        await client.Subscribe("a");
        await client.Disconnect();

        _broker.Publish("a", "1");
        _broker.Publish("a", "not promised", Qos.AtMostOnce);
        _broker.Publish("a", "2");
        client = await _broker.ConnectForLong("pump-1", version);

        Assert.True(client.Answer.SessionPresent);
        Assert.Equal(("a 1", "a 2"), (await client.HearText(), await client.HearText()));
        await client.HearsNothing();
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_clean_session_ends_with_its_connection(MqttVersion version)
    {
        var client = await _broker.Connect("pump-1", version);
        await client.Subscribe("a");
        await client.HangUp();

        client = await _broker.ConnectForLong("pump-1", version);
        _broker.Publish("a", "1");

        Assert.False(client.Answer.SessionPresent);
        await client.HearsNothing();
    }

    [Fact]
    public async Task A_clean_start_ends_the_session_that_was()
    {
        var client = await _broker.ConnectForLong("pump-1");
        await client.Subscribe("a");
        await client.Disconnect();
        _broker.Publish("a", "1");

        client = await _broker.Connect("pump-1");
        Assert.False(client.Answer.SessionPresent);
        await client.HearsNothing();
        await client.Disconnect();

        Assert.False((await _broker.ConnectForLong("pump-1")).Answer.SessionPresent);
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_first_and_marked()
    {
        var client = await _broker.ConnectForLong("pump-1");
        await client.Subscribe("a");
        for (var i = 1; i <= 3; i++)
            _broker.Publish("a", $"{i}");
        var first = await client.Receive<PublishPacket>();
        await client.Acknowledge(await client.Receive<PublishPacket>());
        var third = await client.Receive<PublishPacket>();
        await client.HangUp();
        _broker.Publish("a", "4");

        client = await _broker.ConnectForLong("pump-1");

        var again = new[] { await client.Hear(), await client.Hear(), await client.Hear() };
        Assert.Equal([(first.PacketId, true, "1"), (third.PacketId, true, "3")],
            again[..2].Select(p => (p.PacketId, p.Duplicate, System.Text.Encoding.UTF8.GetString(p.Payload.Span))));
        Assert.False(again[2].Duplicate);
        Assert.DoesNotContain(again[2].PacketId, new[] { first.PacketId, third.PacketId });
        await client.HearsNothing();
    }

    [Fact]
    public async Task Repeating_heeds_what_the_client_can_bear_now()
    {
        var client = await _broker.ConnectForLong("pump-1", MqttVersion.V5);
        await client.Subscribe("a");
        for (var i = 1; i <= 3; i++)
            _broker.Publish("a", $"{i}");
        for (var i = 1; i <= 3; i++)
            await client.Receive<PublishPacket>();
        await client.HangUp();

        client = await _broker.Connect(new ConnectPacket
        {
            ClientId = "pump-1",
            Version = MqttVersion.V5,
            CleanStart = false,
            Properties = new() { ReceiveMaximum = 1, SessionExpiryInterval = 60 },
        });

        for (var i = 1; i <= 3; i++)
        {
            var again = await client.Receive<PublishPacket>();
            await client.PingInSilence(); // the next one does not come before this is acknowledged
            Assert.Equal((true, (byte)('0' + i)), (again.Duplicate, again.Payload.Span[0]));
            await client.Acknowledge(again);
        }
        await client.HearsNothing();
    }

    [Theory]
    [InlineData(MqttVersion.V311, null)]
    [InlineData(MqttVersion.V5, ReasonCode.SessionTakenOver)]
    public async Task Another_connection_with_the_same_client_id_takes_over(MqttVersion version, ReasonCode? told)
    {
        var earlier = await _broker.ConnectForLong("pump-1", version);
        await earlier.Subscribe("a");

        var later = await _broker.ConnectForLong("pump-1", version);
        _broker.Publish("a", "1");

        Assert.True(later.Answer.SessionPresent);
        Assert.Equal("a 1", await later.HearText());
        Assert.Equal(told, await earlier.Ended());
        Assert.Single(_broker.Broker.Connections);
        await later.HearsNothing(); // the end of the earlier one takes nothing from the later
    }

    [Fact]
    public async Task Many_connections_with_one_client_id_leave_one()
    {
        await Parallel.ForAsync(0, 20, TestContext.Current.CancellationToken, async (_, _) =>
            await _broker.Dial().Send(new ConnectPacket { ClientId = "pump-1" }));

        while (_broker.Endings.Count < 19)
            await Task.Yield();

        Assert.Single(_broker.Broker.Connections);
        Assert.All(_broker.Endings, ending => Assert.Equal(("pump-1", ReasonCode.SessionTakenOver), ending));
    }

    [Theory]
    [InlineData(MqttVersion.V311, 3600)]
    [InlineData(MqttVersion.V5, 60)]
    public async Task A_session_lasts_as_long_as_it_was_granted(MqttVersion version, int seconds)
    {
        var connect = new ConnectPacket
        {
            ClientId = "pump-1",
            Version = version,
            CleanStart = false,
            Properties = version == MqttVersion.V5 ? new() { SessionExpiryInterval = 60 } : MqttProperties.None,
        };
        await (await _broker.Connect(connect)).HangUp();
        _broker.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        var inTime = await _broker.Connect(connect);
        await inTime.HangUp();
        _broker.Time.Advance(TimeSpan.FromSeconds(seconds));
        var late = await _broker.Connect(connect);

        Assert.Equal((true, false), (inTime.Answer.SessionPresent, late.Answer.SessionPresent));
    }

    [Fact]
    public async Task Version_5_may_change_its_mind_as_it_leaves()
    {
        var client = await _broker.ConnectForLong("pump-1", MqttVersion.V5);
        await client.Disconnect(properties: new() { SessionExpiryInterval = 0 });
        client = await _broker.ConnectForLong("pump-1", MqttVersion.V5);
        Assert.False(client.Answer.SessionPresent);

        var brief = await _broker.Connect("pump-2", MqttVersion.V5);
        await brief.Send(new DisconnectPacket(ReasonCode.Success) { Properties = new() { SessionExpiryInterval = 10 } });
        Assert.Equal(ReasonCode.ProtocolError, await brief.Ended());
    }

    [Fact]
    public async Task A_message_that_has_waited_too_long_is_gone_and_the_others_say_how_long_they_have_left()
    {
        var client = await _broker.ConnectForLong("pump-1", MqttVersion.V5);
        await client.Subscribe("a");
        await client.Disconnect();
        _broker.Publish("a", "brief", properties: new() { MessageExpiryInterval = 10 });
        _broker.Publish("a", "long", properties: new() { MessageExpiryInterval = 100 });

        _broker.Time.Advance(TimeSpan.FromSeconds(30));
        client = await _broker.ConnectForLong("pump-1", MqttVersion.V5);

        var heard = await client.Hear();
        Assert.Equal(("long", 70u), (System.Text.Encoding.UTF8.GetString(heard.Payload.Span), heard.Properties.MessageExpiryInterval));
        await client.HearsNothing();
    }

    [Fact]
    public async Task Reset_forgets_what_waits_and_who_is_offline_and_keeps_who_is_connected()
    {
        var (offline, connected) = (await _broker.ConnectForLong("pump-1"), await _broker.Connect("pump-2"));
        await offline.Disconnect();
        await connected.Subscribe("a");
        _broker.Publish("b", "kept", retain: true);

        _broker.Broker.Reset();
        _broker.Publish("a", "1");

        Assert.Equal("a 1", await connected.HearText());
        Assert.Empty(_broker.Broker.AllRetained());
        Assert.False((await _broker.ConnectForLong("pump-1")).Answer.SessionPresent);
    }
}
