using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Connections;

public sealed class ConnectTests
{
    private readonly TestBroker _broker = new();

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_connection_shows_what_the_client_states(MqttVersion version)
    {
        string? userName = null;
        var broker = new TestBroker(options => options with
        {
            ValidateConnection = connection =>
            {
                userName = connection.UserName;
                return ReasonCode.Success;
            },
        });
        await broker.Connect(new ConnectPacket { ClientId = "pump-1", Version = version, UserName = "?region=eu-west-1" }, tag: "port 1883");

        var connection = Assert.Single(broker.Broker.Connections);
        Assert.Equal(
            ("pump-1", "?region=eu-west-1", version, "port 1883", broker.Time.GetUtcNow()),
            (connection.ClientId, userName, connection.Version, connection.Tag, connection.ConnectedAt));
        Assert.Null(connection.UserName); // which may be long
        Assert.Same(connection, broker.Broker.Find("pump-1"));
    }

    [Fact]
    public async Task Version_5_CONNACK_contains_the_limits()
    {
        var client = await _broker.Connect(new ConnectPacket
        {
            Version = MqttVersion.V5,
            KeepAlive = 5000,
            Properties = new() { SessionExpiryInterval = uint.MaxValue },
        });

        var properties = client.ConnAck.Properties;
        Assert.StartsWith("$GEN/", properties.AssignedClientIdentifier, StringComparison.Ordinal);
        Assert.Equal(
            ((ushort)100, (byte)1, 149504u, (ushort)8, (byte)0, (ushort)1200, 3600u),
            (properties.ReceiveMaximum, properties.MaximumQos, properties.MaximumPacketSize, properties.TopicAliasMaximum, properties.SubscriptionIdentifierAvailable,
                properties.ServerKeepAlive, properties.SessionExpiryInterval));
    }

    [Fact]
    public async Task Version_5_CONNACK_omits_what_the_client_asked_for()
    {
        var client = await _broker.Connect(new ConnectPacket
        {
            ClientId = "pump-1",
            Version = MqttVersion.V5,
            KeepAlive = 60,
            Properties = new() { SessionExpiryInterval = 60, RequestResponseInformation = 1 },
        });

        var properties = client.ConnAck.Properties;
        Assert.Equal((null, null, null, null), (properties.AssignedClientIdentifier, properties.ServerKeepAlive, properties.SessionExpiryInterval, properties.ResponseInformation));
    }

    [Theory]
    [InlineData(MqttVersion.V31, true, false)]
    [InlineData(MqttVersion.V311, true, true)]
    [InlineData(MqttVersion.V311, false, false)]
    [InlineData(MqttVersion.V5, false, true)]
    public async Task A_client_without_an_identifier_is_assigned_one_where_the_version_allows_it(MqttVersion version, bool cleanStart, bool isAllowed)
    {
        var answer = await _broker.Open(version).Connect(new ConnectPacket { CleanStart = cleanStart });

        Assert.Equal(isAllowed ? ReasonCode.Success : ReasonCode.ClientIdentifierNotValid, answer.Reason);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_client_id_has_128_bytes_at_the_most(MqttVersion version)
    {
        var allowed = await _broker.Open(version).Connect(new ConnectPacket { ClientId = new string('p', 128) });
        var refused = _broker.Open(version);
        var answer = await refused.Connect(new ConnectPacket { ClientId = new string('p', 129) });

        Assert.Equal((ReasonCode.Success, ReasonCode.ClientIdentifierNotValid), (allowed.Reason, answer.Reason));
        await refused.Ended();
    }

    [Fact]
    public async Task An_unsupported_version_is_refused_with_a_CONNACK_of_MQTT_3()
    {
        var client = _broker.Open();

        await client.SendBytes(0x10, 0x0C, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 0x84, 2, 0, 60, 0, 0);

        Assert.Equal(ReasonCode.UnsupportedProtocolVersion, await client.Ended());
    }

    [Fact]
    public async Task Enhanced_authentication_is_refused()
    {
        var answer = await _broker.Open(MqttVersion.V5).Connect(new ConnectPacket { ClientId = "pump-1", Properties = new() { AuthenticationMethod = "SCRAM" } });

        Assert.Equal(ReasonCode.BadAuthenticationMethod, answer.Reason);
    }

    [Fact]
    public async Task ValidateConnection_may_refuse_a_client_and_set_its_tag()
    {
        var broker = new TestBroker(o => o with
        {
            ValidateConnection = c =>
            {
                c.Tag = c.UserName;
                return c.UserName is null ? ReasonCode.NotAuthorized : ReasonCode.Success;
            },
        });

        var refused = await broker.Open().Connect(new ConnectPacket { ClientId = "pump-1" });
        await broker.Connect(new ConnectPacket { ClientId = "pump-2", UserName = "eu-west-1" });

        Assert.Equal(ReasonCode.NotAuthorized, refused.Reason);
        Assert.Equal("eu-west-1", Assert.Single(broker.Broker.Connections).Tag);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0x00 }, ReasonCode.ProtocolError)] // a ping before CONNECT
    [InlineData(new byte[] { 0x47, 0x45, 0x54, 0x20, 0x2F }, ReasonCode.MalformedPacket)] // a browser
    public async Task A_first_packet_that_is_not_CONNECT_ends_the_connection(byte[] bytes, ReasonCode reason)
    {
        var client = _broker.Open();

        await client.SendBytes(bytes);

        Assert.Null(await client.Ended());
        Assert.Equal(("", reason), Assert.Single(_broker.Disconnections));
    }

    [Fact]
    public async Task A_second_CONNECT_ends_the_connection()
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
    public async Task The_server_can_disconnect_a_client()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);

        _broker.Broker.Find("pump-1")!.Disconnect();

        Assert.Equal(ReasonCode.AdministrativeAction, await client.Ended());
        Assert.Null(_broker.Broker.Find("pump-1"));
        Assert.Equal(("pump-1", ReasonCode.AdministrativeAction), Assert.Single(_broker.Disconnections));
    }

    [Fact]
    public async Task A_server_that_stops_sends_DISCONNECT()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);

        await _broker.Stopping.CancelAsync();

        Assert.Equal(ReasonCode.ServerShuttingDown, await client.Ended());
    }

    [Fact]
    public async Task A_client_that_cannot_receive_a_response_is_disconnected()
    {
        var client = await _broker.Connect(new ConnectPacket { ClientId = "pump-1", Properties = new() { MaximumPacketSize = 40 }, Version = MqttVersion.V5 });
        await client.Send(new SubscribePacket(1, [.. Enumerable.Range(0, 8).Select(i => new SubscriptionRequest($"{i}", Qos.AtMostOnce))]));
        await client.Receive<SubAckPacket>();

        var refused = _broker.Open(MqttVersion.V5);
        await refused.Send(new ConnectPacket { ClientId = "pump-2", Version = MqttVersion.V5, Properties = new() { MaximumPacketSize = 5 } });

        Assert.Null(await refused.Ended()); // its CONNACK would have more bytes
        Assert.Equal("pump-1", Assert.Single(_broker.Broker.Connections).ClientId);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(500u, false)]
    public async Task Version_5_receives_a_reason_string_if_it_fits(uint? limit, bool fits)
    {
        var client = await _broker.Connect(new ConnectPacket { ClientId = "pump-1", Version = MqttVersion.V5, Properties = new() { MaximumPacketSize = limit } });

        await client.Send(new AcknowledgePacket(PacketType.PubRel, 1));

        var disconnect = await client.Receive<DisconnectPacket>();
        Assert.Equal((ReasonCode.ProtocolError, fits ? "PubRel is not for a client to send now" : null), (disconnect.Reason, disconnect.Properties.ReasonString));
    }
}
