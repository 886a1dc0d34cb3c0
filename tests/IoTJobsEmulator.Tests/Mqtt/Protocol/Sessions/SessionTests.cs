using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Sessions;

public sealed class SessionTests
{
    private readonly TestBroker _broker = new();

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_persistent_session_keeps_subscriptions_and_messages_with_qos_1(MqttVersion version)
    {
        var client = await _broker.ConnectPersistent("pump-1", version);
        await client.Subscribe("a");
        await client.Disconnect();

        _broker.Publish("a", "1");
        _broker.Publish("a", "not promised", Qos.AtMostOnce);
        _broker.Publish("a", "2");
        client = await _broker.ConnectPersistent("pump-1", version);

        Assert.True(client.ConnAck.SessionPresent);
        Assert.Equal(("a 1", "a 2"), (await client.ReceiveText(), await client.ReceiveText()));
        await client.ReceivesNoMessage();
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_clean_session_ends_with_its_connection(MqttVersion version)
    {
        var client = await _broker.Connect("pump-1", version);
        await client.Subscribe("a");
        await client.CloseTransport();

        client = await _broker.ConnectPersistent("pump-1", version);
        _broker.Publish("a", "1");

        Assert.False(client.ConnAck.SessionPresent);
        await client.ReceivesNoMessage();
    }

    [Fact]
    public async Task A_clean_start_ends_the_earlier_session()
    {
        var client = await _broker.ConnectPersistent("pump-1");
        await client.Subscribe("a");
        await client.Disconnect();
        _broker.Publish("a", "1");

        client = await _broker.Connect("pump-1");
        Assert.False(client.ConnAck.SessionPresent);
        await client.ReceivesNoMessage();
        await client.Disconnect();

        Assert.False((await _broker.ConnectPersistent("pump-1")).ConnAck.SessionPresent);
    }

    [Fact]
    public async Task Unacknowledged_messages_are_resent_first_and_marked_as_duplicates()
    {
        var client = await _broker.ConnectPersistent("pump-1");
        await client.Subscribe("a");
        for (var i = 1; i <= 3; i++)
            _broker.Publish("a", $"{i}");
        var first = await client.Receive<PublishPacket>();
        await client.Acknowledge(await client.Receive<PublishPacket>());
        var third = await client.Receive<PublishPacket>();
        await client.CloseTransport();
        _broker.Publish("a", "4");

        client = await _broker.ConnectPersistent("pump-1");

        var again = new[] { await client.ReceiveMessage(), await client.ReceiveMessage(), await client.ReceiveMessage() };
        Assert.Equal([(first.PacketId, true, "1"), (third.PacketId, true, "3")],
            again[..2].Select(p => (p.PacketId, p.Duplicate, System.Text.Encoding.UTF8.GetString(p.Payload.Span))));
        Assert.False(again[2].Duplicate);
        Assert.DoesNotContain(again[2].PacketId, new[] { first.PacketId, third.PacketId });
        await client.ReceivesNoMessage();
    }

    [Fact]
    public async Task Resending_respects_the_receive_maximum_of_the_new_connection()
    {
        var client = await _broker.ConnectPersistent("pump-1", MqttVersion.V5);
        await client.Subscribe("a");
        for (var i = 1; i <= 3; i++)
            _broker.Publish("a", $"{i}");
        for (var i = 1; i <= 3; i++)
            await client.Receive<PublishPacket>();
        await client.CloseTransport();

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
            await client.PingWithoutMessages(); // the next one does not come before this is acknowledged
            Assert.Equal((true, (byte)('0' + i)), (again.Duplicate, again.Payload.Span[0]));
            await client.Acknowledge(again);
        }
        await client.ReceivesNoMessage();
    }

    [Theory]
    [InlineData(MqttVersion.V311, null)]
    [InlineData(MqttVersion.V5, ReasonCode.SessionTakenOver)]
    public async Task Another_connection_with_the_same_client_id_takes_over(MqttVersion version, ReasonCode? reason)
    {
        var earlier = await _broker.ConnectPersistent("pump-1", version);
        await earlier.Subscribe("a");

        var later = await _broker.ConnectPersistent("pump-1", version);
        _broker.Publish("a", "1");

        Assert.True(later.ConnAck.SessionPresent);
        Assert.Equal("a 1", await later.ReceiveText());
        Assert.Equal(reason, await earlier.Ended());
        Assert.Single(_broker.Broker.Connections);
        await later.ReceivesNoMessage(); // the end of the earlier one takes nothing from the later
    }

    [Fact]
    public async Task Many_connections_with_one_client_id_leave_one()
    {
        await Parallel.ForAsync(0, 20, TestContext.Current.CancellationToken, async (_, _) =>
            await _broker.Open().Send(new ConnectPacket { ClientId = "pump-1" }));

        while (_broker.Disconnections.Count < 19)
            await Task.Yield();

        Assert.Single(_broker.Broker.Connections);
        Assert.All(_broker.Disconnections, ending => Assert.Equal(("pump-1", ReasonCode.SessionTakenOver), ending));
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
        await (await _broker.Connect(connect)).CloseTransport();
        _broker.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        var inTime = await _broker.Connect(connect);
        await inTime.CloseTransport();
        _broker.Time.Advance(TimeSpan.FromSeconds(seconds));
        var late = await _broker.Connect(connect);

        Assert.Equal((true, false), (inTime.ConnAck.SessionPresent, late.ConnAck.SessionPresent));
    }

    [Fact]
    public async Task A_version_5_disconnect_may_change_the_session_expiry()
    {
        var client = await _broker.ConnectPersistent("pump-1", MqttVersion.V5);
        await client.Disconnect(properties: new() { SessionExpiryInterval = 0 });
        client = await _broker.ConnectPersistent("pump-1", MqttVersion.V5);
        Assert.False(client.ConnAck.SessionPresent);

        var brief = await _broker.Connect("pump-2", MqttVersion.V5);
        await brief.Send(new DisconnectPacket(ReasonCode.Success) { Properties = new() { SessionExpiryInterval = 10 } });
        Assert.Equal(ReasonCode.ProtocolError, await brief.Ended());
    }

    [Fact]
    public async Task An_expired_message_is_discarded_and_the_others_carry_their_remaining_expiry()
    {
        var client = await _broker.ConnectPersistent("pump-1", MqttVersion.V5);
        await client.Subscribe("a");
        await client.Disconnect();
        _broker.Publish("a", "brief", properties: new() { MessageExpiryInterval = 10 });
        _broker.Publish("a", "long", properties: new() { MessageExpiryInterval = 100 });

        _broker.Time.Advance(TimeSpan.FromSeconds(30));
        client = await _broker.ConnectPersistent("pump-1", MqttVersion.V5);

        var received = await client.ReceiveMessage();
        Assert.Equal(("long", 70u), (System.Text.Encoding.UTF8.GetString(received.Payload.Span), received.Properties.MessageExpiryInterval));
        await client.ReceivesNoMessage();
    }

    [Fact]
    public async Task Reset_discards_queues_and_offline_sessions_and_keeps_connected_clients()
    {
        var (offline, connected) = (await _broker.ConnectPersistent("pump-1"), await _broker.Connect("pump-2"));
        await offline.Disconnect();
        await connected.Subscribe("a");
        _broker.Publish("b", "kept", retain: true);

        _broker.Broker.Reset();
        _broker.Publish("a", "1");

        Assert.Equal("a 1", await connected.ReceiveText());
        Assert.Empty(_broker.Broker.ListRetained());
        Assert.False((await _broker.ConnectPersistent("pump-1")).ConnAck.SessionPresent);
    }
}
