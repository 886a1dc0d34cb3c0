using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

public sealed class ConnectTests
{
    private readonly TestBroker _broker = new();

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_client_is_known_by_what_it_says(MqttVersion version)
    {
        await _broker.Connect(new ConnectPacket { ClientId = "pump-1", Version = version, UserName = "?region=eu-west-1" }, tag: "port 1883");

        var connection = Assert.Single(_broker.Broker.Connections);
        Assert.Equal(
            ("pump-1", "?region=eu-west-1", version, "port 1883", _broker.Time.GetUtcNow()),
            (connection.ClientId, connection.UserName, connection.Version, connection.Tag, connection.ConnectedAt));
        Assert.Same(connection, _broker.Broker.Find("pump-1"));
    }

    [Fact]
    public async Task Version_5_is_told_what_it_may_do()
    {
        var client = await _broker.Connect(new ConnectPacket
        {
            Version = MqttVersion.V5,
            KeepAlive = 5000,
            Properties = new() { SessionExpiryInterval = uint.MaxValue },
        });

        var told = client.Answer.Properties;
        Assert.StartsWith("$GEN/", told.AssignedClientIdentifier, StringComparison.Ordinal);
        Assert.Equal(
            ((ushort)100, (byte)1, 149504u, (ushort)8, (byte)0, (ushort)1200, 3600u),
            (told.ReceiveMaximum, told.MaximumQos, told.MaximumPacketSize, told.TopicAliasMaximum, told.SubscriptionIdentifierAvailable,
                told.ServerKeepAlive, told.SessionExpiryInterval));
    }

    [Fact]
    public async Task Version_5_is_not_told_what_it_asked_for()
    {
        var client = await _broker.Connect(new ConnectPacket
        {
            ClientId = "pump-1",
            Version = MqttVersion.V5,
            KeepAlive = 60,
            Properties = new() { SessionExpiryInterval = 60, RequestResponseInformation = 1 },
        });

        var told = client.Answer.Properties;
        Assert.Equal((null, null, null, null), (told.AssignedClientIdentifier, told.ServerKeepAlive, told.SessionExpiryInterval, told.ResponseInformation));
    }

    [Theory]
    [InlineData(MqttVersion.V31, true, false)]
    [InlineData(MqttVersion.V311, true, true)]
    [InlineData(MqttVersion.V311, false, false)]
    [InlineData(MqttVersion.V5, false, true)]
    public async Task A_client_without_a_name_is_given_one_where_the_version_allows_it(MqttVersion version, bool cleanStart, bool isAllowed)
    {
        var answer = await _broker.Dial(version).Connect(new ConnectPacket { CleanStart = cleanStart });

        Assert.Equal(isAllowed ? ReasonCode.Success : ReasonCode.ClientIdentifierNotValid, answer.Reason);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_client_id_has_128_bytes_at_the_most(MqttVersion version)
    {
        var allowed = await _broker.Dial(version).Connect(new ConnectPacket { ClientId = new string('p', 128) });
        var refused = _broker.Dial(version);
        var answer = await refused.Connect(new ConnectPacket { ClientId = new string('p', 129) });

        Assert.Equal((ReasonCode.Success, ReasonCode.ClientIdentifierNotValid), (allowed.Reason, answer.Reason));
        await refused.Ended();
    }

    [Fact]
    public async Task A_version_that_is_not_spoken_is_refused_in_a_way_that_all_understand()
    {
        var client = _broker.Dial();

        await client.SendBytes(0x10, 0x0C, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 0x84, 2, 0, 60, 0, 0);

        Assert.Equal(ReasonCode.UnsupportedProtocolVersion, await client.Ended());
    }

    [Fact]
    public async Task Enhanced_authentication_is_refused()
    {
        var answer = await _broker.Dial(MqttVersion.V5).Connect(new ConnectPacket { ClientId = "pump-1", Properties = new() { AuthenticationMethod = "SCRAM" } });

        Assert.Equal(ReasonCode.BadAuthenticationMethod, answer.Reason);
    }

    [Fact]
    public async Task The_front_may_refuse_a_client_and_name_its_tag()
    {
        var broker = new TestBroker(o => o with
        {
            Connecting = c =>
            {
                c.Tag = c.UserName;
                return c.UserName is null ? ReasonCode.NotAuthorized : ReasonCode.Success;
            },
        });

        var refused = await broker.Dial().Connect(new ConnectPacket { ClientId = "pump-1" });
        await broker.Connect(new ConnectPacket { ClientId = "pump-2", UserName = "eu-west-1" });

        Assert.Equal(ReasonCode.NotAuthorized, refused.Reason);
        Assert.Equal("eu-west-1", Assert.Single(broker.Broker.Connections).Tag);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0x00 }, ReasonCode.ProtocolError)] // a ping before CONNECT
    [InlineData(new byte[] { 0x47, 0x45, 0x54, 0x20, 0x2F }, ReasonCode.MalformedPacket)] // a browser
    public async Task Who_does_not_begin_with_connect_is_put_out(byte[] bytes, ReasonCode reason)
    {
        var client = _broker.Dial();

        await client.SendBytes(bytes);

        Assert.Null(await client.Ended());
        Assert.Equal(("", reason), Assert.Single(_broker.Endings));
    }

    [Fact]
    public async Task Who_connects_twice_is_put_out()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);

        await client.Send(new ConnectPacket { ClientId = "pump-1", Version = MqttVersion.V5 });

        Assert.Equal(ReasonCode.ProtocolError, await client.Ended());
    }

    [Fact]
    public async Task A_malformed_packet_ends_its_connection_and_no_other()
    {
        var broken = await _broker.Connect("pump-1", MqttVersion.V5);
        var healthy = await _broker.Connect("pump-2");

        await broken.SendBytes(0x30, 0x03, 0x00, 0x01, 0xFF);

        Assert.Equal(ReasonCode.MalformedPacket, await broken.Ended());
        await healthy.Ping();
        Assert.Equal("pump-2", Assert.Single(_broker.Broker.Connections).ClientId);
    }

    [Fact]
    public async Task A_client_can_be_put_out()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);

        _broker.Broker.Find("pump-1")!.Disconnect();

        Assert.Equal(ReasonCode.AdministrativeAction, await client.Ended());
        Assert.Null(_broker.Broker.Find("pump-1"));
        Assert.Equal(("pump-1", ReasonCode.AdministrativeAction), Assert.Single(_broker.Endings));
    }

    [Fact]
    public async Task A_server_that_stops_tells_its_clients()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);

        await _broker.Stopping.CancelAsync();

        Assert.Equal(ReasonCode.ServerShuttingDown, await client.Ended());
    }

    [Fact]
    public async Task A_client_that_cannot_take_an_answer_is_put_out()
    {
        var client = await _broker.Connect(new ConnectPacket { ClientId = "pump-1", Properties = new() { MaximumPacketSize = 40 }, Version = MqttVersion.V5 });
        await client.Send(new SubscribePacket(1, [.. Enumerable.Range(0, 8).Select(i => new SubscriptionRequest($"{i}", Qos.AtMostOnce))]));
        await client.Receive<SubAckPacket>();

        var refused = _broker.Dial(MqttVersion.V5);
        await refused.Send(new ConnectPacket { ClientId = "pump-2", Version = MqttVersion.V5, Properties = new() { MaximumPacketSize = 5 } });

        Assert.Null(await refused.Ended()); // its CONNACK would have more bytes
        Assert.Equal("pump-1", Assert.Single(_broker.Broker.Connections).ClientId);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(500u, false)]
    public async Task Version_5_is_told_in_words_what_was_wrong_if_it_can_take_them(uint? limit, bool told)
    {
        var client = await _broker.Connect(new ConnectPacket { ClientId = "pump-1", Version = MqttVersion.V5, Properties = new() { MaximumPacketSize = limit } });

        await client.Send(new AcknowledgePacket(PacketType.PubRel, 1));

        var said = await client.Receive<DisconnectPacket>();
        Assert.Equal((ReasonCode.ProtocolError, told ? "PubRel is not for a client to send now" : null), (said.Reason, said.Properties.ReasonString));
    }
}
