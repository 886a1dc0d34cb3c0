using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Connections;

public sealed class KeepAliveTests
{
    private readonly TestBroker _broker = new();

    [Theory]
    [InlineData(60, 90)]
    [InlineData(5, 45)] // 30 s is the shortest
    [InlineData(0, 1800)] // none means 1200 s
    [InlineData(5000, 1800)] // 1200 s is the longest
    public async Task A_client_may_send_nothing_for_one_and_a_half_keep_alive_intervals(ushort keepAlive, int seconds)
    {
        var client = await _broker.Connect(new ConnectPacket { ClientId = "pump-1", Version = MqttVersion.V5, KeepAlive = keepAlive });

        _broker.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        await client.Ping();
        _broker.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.NotNull(_broker.Broker.Find("pump-1"));

        _broker.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ReasonCode.KeepAliveTimeout, await client.Ended());
    }

    [Fact]
    public async Task Messages_from_the_broker_do_not_keep_a_client_alive()
    {
        var client = await _broker.Connect(new ConnectPacket { ClientId = "pump-1", KeepAlive = 60 });
        await client.Subscribe("a", Qos.AtMostOnce);

        _broker.Time.Advance(TimeSpan.FromSeconds(80));
        _broker.Publish("a", "b");
        Assert.Equal("a b", await client.ReceiveText());
        _broker.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(await client.Ended());
        Assert.Equal(("pump-1", ReasonCode.KeepAliveTimeout), Assert.Single(_broker.Disconnections));
    }

    [Fact]
    public async Task A_connection_without_CONNECT_is_closed()
    {
        var client = _broker.Open();

        _broker.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Null(await client.Ended());
    }
}
