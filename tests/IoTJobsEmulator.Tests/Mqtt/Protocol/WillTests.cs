using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

public sealed class WillTests
{
    private readonly TestBroker _broker = new();

    [Fact]
    public async Task The_will_of_a_client_that_hangs_up_is_published()
    {
        var listener = await Listener();
        var client = await ConnectWithWill(MqttVersion.V311);

        await client.HangUp();

        Assert.Equal("wills/pump-1 gone", await listener.HearText());
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Who_says_goodbye_has_no_will(MqttVersion version)
    {
        var listener = await Listener();
        var client = await ConnectWithWill(version);

        await client.Disconnect();

        await listener.HearsNothing();
    }

    [Fact]
    public async Task Version_5_may_leave_with_its_will()
    {
        var listener = await Listener();
        var client = await ConnectWithWill(MqttVersion.V5);

        await client.Disconnect(ReasonCode.DisconnectWithWill);

        Assert.Equal("wills/pump-1 gone", await listener.HearText());
    }

    [Fact]
    public async Task Silence_errors_and_take_over_publish_the_will()
    {
        var listener = await _broker.Connect(new ConnectPacket { ClientId = "listener", KeepAlive = 1200 });
        await listener.Subscribe("wills/#");
        await ConnectWithWill(MqttVersion.V311);

        var broken = await ConnectWithWill(MqttVersion.V311);
        Assert.Equal("wills/pump-1 gone", await listener.HearText());
        await broken.SendBytes(0xFF);
        Assert.Equal("wills/pump-1 gone", await listener.HearText());
        await ConnectWithWill(MqttVersion.V311);
        _broker.Time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal("wills/pump-1 gone", await listener.HearText());
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
        await client.HangUp();

        var listener = await _broker.Connect("listener", MqttVersion.V5);
        await listener.Subscribe("wills/pump-1");

        var heard = await listener.Hear();
        Assert.Equal((true, "text/plain", null), (heard.Retain, heard.Properties.ContentType, heard.Properties.WillDelayInterval));
    }

    [Fact]
    public async Task A_will_waits_for_its_delay()
    {
        var listener = await Listener();
        var client = await ConnectWithWill(MqttVersion.V5, delay: 60, expiry: 600);
        await client.HangUp();

        _broker.Time.Advance(TimeSpan.FromSeconds(59));
        await listener.HearsNothing();
        _broker.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("wills/pump-1 gone", await listener.HearText());
    }

    [Fact]
    public async Task A_client_that_is_back_in_time_takes_its_will_back()
    {
        var listener = await Listener();
        await (await ConnectWithWill(MqttVersion.V5, delay: 60, expiry: 600)).HangUp();

        _broker.Time.Advance(TimeSpan.FromSeconds(59));
        var client = await _broker.ConnectForLong("pump-1", MqttVersion.V5);
        await client.Disconnect();
        _broker.Time.Advance(TimeSpan.FromSeconds(600));

        await listener.HearsNothing();
    }

    [Fact]
    public async Task A_will_does_not_outlive_its_session()
    {
        var listener = await Listener();
        await (await ConnectWithWill(MqttVersion.V5, delay: 600, expiry: 60)).HangUp();

        _broker.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("wills/pump-1 gone", await listener.HearText());

        await (await ConnectWithWill(MqttVersion.V5, delay: 600, expiry: 60)).HangUp();
        await _broker.Connect("pump-1", MqttVersion.V5); // a clean start ends the session too
        Assert.Equal("wills/pump-1 gone", await listener.HearText());
        await listener.HearsNothing();
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
