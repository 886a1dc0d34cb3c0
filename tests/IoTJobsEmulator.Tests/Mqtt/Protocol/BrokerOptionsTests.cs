using System.Collections.Concurrent;
using System.Text;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

/// <summary>The hooks and listeners of the broker, and tenants.</summary>
public sealed class BrokerOptionsTests
{
    [Fact]
    public async Task An_intercepted_publish_reaches_no_subscriber_and_its_response_follows_the_acknowledgement()
    {
        var broker = new TestBroker(o => o with { InterceptPublish = Echo });
        var (pump, listener) = (await broker.Connect("pump-1"), await broker.Connect("listener"));
        await listener.Subscribe("jobs/#");

        await pump.Publish("jobs/get", "{}"); // which expects the acknowledgement before anything else

        Assert.Equal("jobs/get/accepted {}", await pump.ReceiveText());
        await pump.ReceivesNoMessage();
        await listener.ReceivesNoMessage();
    }

    [Fact]
    public async Task A_response_is_sent_before_what_is_published_after_it()
    {
        var broker = new TestBroker(o => o with { InterceptPublish = Echo });
        var pump = await broker.Connect("pump-1");
        await pump.Subscribe("jobs/notify");

        await pump.Publish("jobs/update", "1");
        broker.Publish("jobs/notify", "2");

        Assert.Equal(("jobs/update/accepted 1", "jobs/notify 2"), (await pump.ReceiveText(), await pump.ReceiveText()));
    }

    [Fact]
    public async Task The_next_packet_of_a_client_is_read_when_the_interceptor_has_completed()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new ConcurrentQueue<string>();
        var broker = new TestBroker(o => o with
        {
            InterceptPublish = (_, message) => message.Topic == "b" ? null : async _ =>
            {
                seen.Enqueue(message.Topic);
                called.TrySetResult();
                await done.Task;
            },
        });
        var (pump, listener) = (await broker.Connect("pump-1"), await broker.Connect("listener"));
        await listener.Subscribe("#");

        await pump.Send(new PublishPacket("a", "1"u8.ToArray()));
        await pump.Send(new PublishPacket("b", "2"u8.ToArray()));
        await called.Task;
        await listener.ReceivesNoMessage();
        Assert.Equal(["a"], seen);
        done.SetResult();

        Assert.Equal("b 2", await listener.ReceiveText());
    }

    [Fact]
    public async Task Acknowledgements_follow_the_order_of_the_messages_and_a_response_its_own()
    {
        var respond = new ConcurrentQueue<Action>();
        var broker = new TestBroker(o => o with
        {
            InterceptPublish = (connection, message) => message.Topic == "plant" ? null : acknowledge =>
            {
                respond.Enqueue(() =>
                {
                    acknowledge();
                    connection.Send("answer", message.Payload);
                });
                return default;
            },
        });
        var pump = await broker.Connect("pump-1");

        await pump.Send(new PublishPacket("jobs/1", "1"u8.ToArray()) { Qos = Qos.AtLeastOnce, PacketId = 1 });
        await pump.Send(new PublishPacket("plant", default) { Qos = Qos.AtLeastOnce, PacketId = 2 });
        await pump.Send(new PublishPacket("jobs/2", "2"u8.ToArray()) { Qos = Qos.AtLeastOnce, PacketId = 3 });
        await pump.Ping(); // before it no acknowledgement has come
        var (first, second) = (respond.First(), respond.Last());

        first();
        Assert.Equal((1, 2), ((await pump.Receive<AcknowledgePacket>()).PacketId, (await pump.Receive<AcknowledgePacket>()).PacketId));
        Assert.Equal("answer 1", await pump.ReceiveText());
        second();
        Assert.Equal(3, (await pump.Receive<AcknowledgePacket>()).PacketId);
        Assert.Equal("answer 2", await pump.ReceiveText());
    }

    [Fact]
    public async Task Listeners_receive_every_publication_in_order()
    {
        var seen = new ConcurrentQueue<string>();
        var broker = new TestBroker(o => o with
        {
            InterceptPublish = Echo,
            PublicationListeners = [p => seen.Enqueue($"{p.Publisher?.ClientId ?? "server"} {p.Message.Topic} {p.Recipient?.ClientId ?? "all"}")],
        });
        var pump = await broker.Connect("pump-1");

        await pump.Publish("plant/1", "");
        await pump.Publish("jobs/get", "");
        broker.Publish("jobs/notify", "");

        Assert.Equal(["pump-1 plant/1 all", "pump-1 jobs/get all", "server jobs/get/accepted pump-1", "server jobs/notify all"], seen);
    }

    [Fact]
    public async Task A_listener_that_throws_is_reported_and_neither_other_listeners_nor_subscribers_miss_the_message()
    {
        var (first, last, failures) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        var broker = new TestBroker(o => o with
        {
            PublicationListeners = [p => first.Enqueue(p.Message.Topic), _ => throw new NotSupportedException("broken"), p => last.Enqueue(p.Message.Topic)],
            ListenerFailed = exception => failures.Enqueue(exception.Message),
        });
        var pump = await broker.Connect(new ConnectPacket { ClientId = "pump-1", Will = new("plant/will", default, Qos.AtLeastOnce, Retain: false) });
        var listener = await broker.Connect("listener");
        await listener.Subscribe("plant/#");

        await pump.Publish("plant/client", "");
        broker.Publish("plant/server", "");
        broker.Broker.Find("pump-1")!.Send("direct", default);
        await pump.CloseTransport();

        Assert.Equal(["plant/client", "plant/server", "direct", "plant/will"], first);
        Assert.Equal(first, last);
        Assert.Equal(["broken", "broken", "broken", "broken"], failures);
        foreach (var topic in new[] { "plant/client ", "plant/server ", "plant/will " })
            Assert.Equal(topic, await listener.ReceiveText());
    }

    [Fact]
    public async Task A_publication_reaches_only_its_tenant_offline_and_later_clients_included()
    {
        var broker = new TestBroker();
        var (east, west) = (await broker.Connect("pump-1", tag: "us-east-1"), await broker.ConnectPersistent("pump-2", tag: "eu-west-1"));
        foreach (var client in new[] { east, west })
            await client.Subscribe("a");
        await west.CloseTransport();

        broker.Publish("a", "1", retain: true, tenant: "us-east-1");
        broker.Publish("a", "2");
        west = await broker.ConnectPersistent("pump-2", tag: "eu-west-1");

        Assert.Equal("a 2", await west.ReceiveText());
        await west.Subscribe("a");
        await west.ReceivesNoMessage();
        Assert.Equal(("a 1", "a 2"), (await east.ReceiveText(), await east.ReceiveText()));
    }

    [Fact]
    public async Task Clients_reach_only_their_own_tenant_and_clients_without_one()
    {
        var broker = new TestBroker();
        var (sender, east, west, withoutTenant) = (await broker.Connect("pump-1", tag: "us-east-1"), await broker.Connect("pump-2", tag: "us-east-1"),
            await broker.Connect("pump-3", tag: "eu-west-1"), await broker.Connect("pump-4"));
        foreach (var client in new[] { east, west, withoutTenant })
            await client.Subscribe("a");

        await sender.Publish("a", "1");
        await withoutTenant.Publish("a", "2", Qos.AtMostOnce);

        Assert.Equal(("a 1", "a 2"), (await east.ReceiveText(), await east.ReceiveText()));
        Assert.Equal(("a 1", "a 2"), (await withoutTenant.ReceiveText(), await withoutTenant.ReceiveText()));
        Assert.Equal("a 2", await west.ReceiveText());
        await west.ReceivesNoMessage();
    }

    [Fact]
    public async Task A_message_to_a_disconnected_client_is_discarded()
    {
        var broker = new TestBroker();
        var client = await broker.ConnectPersistent("pump-1");
        var connection = broker.Broker.Find("pump-1")!;
        await client.CloseTransport();

        connection.Send("a", Encoding.UTF8.GetBytes("b"), Qos.AtLeastOnce);

        await (await broker.ConnectPersistent("pump-1")).ReceivesNoMessage();
    }

    [Fact]
    public async Task An_interceptor_that_throws_ends_the_connection_and_the_exception_is_rethrown()
    {
        var broker = new TestBroker(o => o with { InterceptPublish = (_, _) => throw new NotSupportedException("broken") });
        var client = await broker.Connect("pump-1", MqttVersion.V5);

        await client.Send(new PublishPacket("a", default));

        await Assert.ThrowsAsync<NotSupportedException>(client.Closed);
        Assert.Null(broker.Broker.Find("pump-1"));
    }

    private static Func<Action, ValueTask>? Echo(MqttConnection connection, MqttMessage message) => !message.Topic.StartsWith("jobs/", StringComparison.Ordinal) ? null : acknowledge =>
    {
        acknowledge();
        connection.Send(message.Topic + "/accepted", message.Payload, Qos.AtLeastOnce);
        return default;
    };
}
