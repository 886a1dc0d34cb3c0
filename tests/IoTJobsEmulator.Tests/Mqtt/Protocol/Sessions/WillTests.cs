using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Sessions;

public sealed class WillTests
{
    private readonly TestBroker _broker = new();

    [Fact]
    public async Task The_will_of_a_client_that_closes_without_DISCONNECT_is_published()
    {
        var listener = await Listener();
        var client = await ConnectWithWill(MqttVersion.V311);

        await client.CloseTransport();

        Assert.Equal("wills/pump-1 gone", await listener.ReceiveText());
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_normal_disconnection_publishes_no_will(MqttVersion version)
    {
        var listener = await Listener();
        var client = await ConnectWithWill(version);

        await client.Disconnect();

        await listener.ReceivesNoMessage();
    }

    [Fact]
    public async Task A_version_5_client_may_disconnect_with_its_will()
    {
        var listener = await Listener();
        var client = await ConnectWithWill(MqttVersion.V5);

        await client.Disconnect(ReasonCode.DisconnectWithWill);

        Assert.Equal("wills/pump-1 gone", await listener.ReceiveText());
    }

    [Fact]
    public async Task Keep_alive_timeout_errors_and_takeover_publish_the_will()
    {
        var listener = await _broker.Connect(new ConnectPacket { ClientId = "listener", KeepAlive = 1200 });
        await listener.Subscribe("wills/#");
        await ConnectWithWill(MqttVersion.V311);

        var broken = await ConnectWithWill(MqttVersion.V311);
        Assert.Equal("wills/pump-1 gone", await listener.ReceiveText());
        await broken.SendBytes(0xFF);
        Assert.Equal("wills/pump-1 gone", await listener.ReceiveText());
        await ConnectWithWill(MqttVersion.V311);
        _broker.Time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal("wills/pump-1 gone", await listener.ReceiveText());
    }

    [Fact]
    public async Task A_will_is_retained_and_has_its_properties()
    {
        var client = await _broker.Connect(new ConnectPacket
        {
            ClientId = "pump-1",
            Version = MqttVersion.V5,
            Will = new("wills/pump-1", "gone"u8.ToArray(), Qos.AtLeastOnce, Retain: true)
            {
                Properties = new() { ContentType = "text/plain", WillDelayInterval = 0 },
            },
        });
        await client.CloseTransport();

        var listener = await _broker.Connect("listener", MqttVersion.V5);
        await listener.Subscribe("wills/pump-1");

        var received = await listener.ReceiveMessage();
        Assert.Equal((true, "text/plain", null), (received.Retain, received.Properties.ContentType, received.Properties.WillDelayInterval));
    }

    [Fact]
    public async Task A_will_is_published_after_its_delay()
    {
        var listener = await Listener();
        var client = await ConnectWithWill(MqttVersion.V5, delay: 60, expiry: 600);
        await client.CloseTransport();

        _broker.Time.Advance(TimeSpan.FromSeconds(59));
        await listener.ReceivesNoMessage();
        _broker.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("wills/pump-1 gone", await listener.ReceiveText());
    }

    [Fact]
    public async Task A_client_that_reconnects_within_the_will_delay_has_no_will_published()
    {
        var listener = await Listener();
        await (await ConnectWithWill(MqttVersion.V5, delay: 60, expiry: 600)).CloseTransport();

        _broker.Time.Advance(TimeSpan.FromSeconds(59));
        var client = await _broker.ConnectPersistent("pump-1", MqttVersion.V5);
        await client.Disconnect();
        _broker.Time.Advance(TimeSpan.FromSeconds(600));

        await listener.ReceivesNoMessage();
    }

    [Fact]
    public async Task A_will_does_not_outlive_its_session()
    {
        var listener = await Listener();
        await (await ConnectWithWill(MqttVersion.V5, delay: 600, expiry: 60)).CloseTransport();

        _broker.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("wills/pump-1 gone", await listener.ReceiveText());

        await (await ConnectWithWill(MqttVersion.V5, delay: 600, expiry: 60)).CloseTransport();
        await _broker.Connect("pump-1", MqttVersion.V5); // a clean start ends the session too
        Assert.Equal("wills/pump-1 gone", await listener.ReceiveText());
        await listener.ReceivesNoMessage();
    }

    private async Task<TestClient> Listener()
    {
        var listener = await _broker.Connect("listener");
        await listener.Subscribe("wills/#");
        return listener;
    }

    private Task<TestClient> ConnectWithWill(MqttVersion version, uint? delay = null, uint? expiry = null) => _broker.Connect(new ConnectPacket
    {
        ClientId = "pump-1",
        Version = version,
        KeepAlive = 60,
        Properties = expiry is null ? MqttProperties.None : new() { SessionExpiryInterval = expiry },
        CleanStart = expiry is null,
        Will = new("wills/pump-1", "gone"u8.ToArray(), Qos.AtLeastOnce, Retain: false)
        {
            Properties = delay is null ? MqttProperties.None : new() { WillDelayInterval = delay },
        },
    });
}
