using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Sessions;

/// <summary>A client id belongs to a tenant: clients of several tenants may have the same one.</summary>
public sealed class TenantSessionsTests
{
    private readonly TestBroker _broker = new();

    [Theory]
    [InlineData("east", "west")]
    [InlineData("east", null)]
    public async Task Clients_of_two_tenants_with_one_client_id_do_not_put_each_other_out(string one, string? other)
    {
        var (first, second) = (await _broker.Connect("pump-1", tag: one), await _broker.Connect("pump-1", tag: other));

        await first.Ping();
        await second.Ping();
        Assert.Equal(2, _broker.Broker.FindAll("pump-1").Count);
        await _broker.Connect("pump-1", tag: one);

        await first.Ended();
        await second.Ping();
    }

    [Fact]
    public async Task What_waits_for_a_client_does_not_come_to_one_of_another_tenant_with_its_client_id()
    {
        var east = await _broker.ConnectPersistent("pump-1", tag: "east");
        await east.Subscribe("a");
        await east.Disconnect();
        _broker.Publish("a", "1", tenant: "east");

        var west = await _broker.ConnectPersistent("pump-1", tag: "west");
        Assert.False(west.ConnAck.SessionPresent);
        await west.ReceivesNoMessage();

        east = await _broker.ConnectPersistent("pump-1", tag: "east");
        Assert.True(east.ConnAck.SessionPresent);
        Assert.Equal("a 1", await east.ReceiveText());
    }

    [Fact]
    public async Task No_local_holds_back_the_own_retained_message_and_not_that_of_a_client_of_the_same_id()
    {
        var (east, none) = (await _broker.Connect("pump-1", MqttVersion.V5, "east"), await _broker.Connect("pump-1", MqttVersion.V5));
        await east.Publish("a", "1", retain: true);

        foreach (var client in new[] { east, none })
            await client.SubscribeAll(new SubscriptionRequest("a", Qos.AtLeastOnce, NoLocal: true));

        await east.ReceivesNoMessage();
        Assert.Equal("a 1", await none.ReceiveText());
    }
}
