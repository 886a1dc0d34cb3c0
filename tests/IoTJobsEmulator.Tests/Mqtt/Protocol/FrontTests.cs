using System.Collections.Concurrent;
using System.Text;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

/// <summary>What whoever knows the topics can do.</summary>
public sealed class FrontTests
{
    [Fact]
    public async Task A_taken_publish_reaches_nobody_and_its_answer_reaches_the_one_who_asked_after_the_acknowledgement()
    {
        var broker = new TestBroker(o => o with { Intercept = Echo });
        var (pump, listener) = (await broker.Connect("pump-1"), await broker.Connect("listener"));
        await listener.Subscribe("jobs/#");

        await pump.Publish("jobs/get", "{}"); // which expects the acknowledgement before anything else

        Assert.Equal("jobs/get/accepted {}", await pump.HearText());
        await pump.HearsNothing();
        await listener.HearsNothing();
    }

    [Fact]
    public async Task An_answer_goes_before_what_is_published_after_it()
    {
        var broker = new TestBroker(o => o with { Intercept = Echo });
        var pump = await broker.Connect("pump-1");
        await pump.Subscribe("jobs/notify");

        await pump.Publish("jobs/update", "1");
        broker.Publish("jobs/notify", "2");

        Assert.Equal(("jobs/update/accepted 1", "jobs/notify 2"), (await pump.HearText(), await pump.HearText()));
    }

    [Fact]
    public async Task The_next_packet_of_a_client_is_read_when_the_front_is_done()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new ConcurrentQueue<string>();
        var broker = new TestBroker(o => o with
        {
            Intercept = async (_, message) =>
            {
                seen.Enqueue(message.Topic);
                called.TrySetResult();
                await done.Task;
                return false;
            },
        });
        var (pump, listener) = (await broker.Connect("pump-1"), await broker.Connect("listener"));
        await listener.Subscribe("#");

        await pump.Send(new PublishPacket("a", "1"u8.ToArray()));
        await pump.Send(new PublishPacket("b", "2"u8.ToArray()));
        await called.Task;
        await listener.HearsNothing();
        Assert.Equal(["a"], seen);
        done.SetResult();

        Assert.Equal(("a 1", "b 2"), (await listener.HearText(), await listener.HearText()));
    }

    [Fact]
    public async Task Everything_that_is_published_is_seen_in_order()
    {
        var seen = new ConcurrentQueue<string>();
        var broker = new TestBroker(o => o with
        {
            Intercept = Echo,
            Published = p => seen.Enqueue($"{p.From?.ClientId ?? "server"} {p.Message.Topic} {p.OnlyTo?.ClientId ?? "all"}"),
        });
        var pump = await broker.Connect("pump-1");

        await pump.Publish("plant/1", "");
        await pump.Publish("jobs/get", "");
        broker.Publish("jobs/notify", "");

        Assert.Equal(["pump-1 plant/1 all", "pump-1 jobs/get all", "server jobs/get/accepted pump-1", "server jobs/notify all"], seen);
    }

    [Fact]
    public async Task A_publication_reaches_only_its_house_the_offline_and_the_late_included()
    {
        var broker = new TestBroker();
        var (east, west) = (await broker.Connect("pump-1", tag: "us-east-1"), await broker.ConnectForLong("pump-2", tag: "eu-west-1"));
        foreach (var client in new[] { east, west })
            await client.Subscribe("a");
        await west.HangUp();

        broker.Publish("a", "1", retain: true, tenant: "us-east-1");
        broker.Publish("a", "2");
        west = await broker.ConnectForLong("pump-2", tag: "eu-west-1");

        Assert.Equal("a 2", await west.HearText());
        await west.Subscribe("a");
        await west.HearsNothing();
        Assert.Equal(("a 1", "a 2"), (await east.HearText(), await east.HearText()));
    }

    [Fact]
    public async Task Clients_reach_only_their_own_house_and_those_of_none()
    {
        var broker = new TestBroker();
        var (sender, east, west, nobodys) = (await broker.Connect("pump-1", tag: "us-east-1"), await broker.Connect("pump-2", tag: "us-east-1"),
            await broker.Connect("pump-3", tag: "eu-west-1"), await broker.Connect("pump-4"));
        foreach (var client in new[] { east, west, nobodys })
            await client.Subscribe("a");

        await sender.Publish("a", "1");
        await nobodys.Publish("a", "2", Qos.AtMostOnce);

        Assert.Equal(("a 1", "a 2"), (await east.HearText(), await east.HearText()));
        Assert.Equal(("a 1", "a 2"), (await nobodys.HearText(), await nobodys.HearText()));
        Assert.Equal("a 2", await west.HearText());
        await west.HearsNothing();
    }

    [Fact]
    public async Task A_message_to_a_client_that_has_gone_is_lost_without_harm()
    {
        var broker = new TestBroker();
        var client = await broker.ConnectForLong("pump-1");
        var connection = broker.Broker.Find("pump-1")!;
        await client.HangUp();

        connection.Send("a", Encoding.UTF8.GetBytes("b"), Qos.AtLeastOnce);

        await (await broker.ConnectForLong("pump-1")).HearsNothing();
    }

    [Fact]
    public async Task A_failing_front_ends_the_connection_and_is_not_hidden()
    {
        var broker = new TestBroker(o => o with { Intercept = (_, _) => throw new NotSupportedException("broken") });
        var client = await broker.Connect("pump-1", MqttVersion.V5);

        await client.Send(new PublishPacket("a", default));

        await Assert.ThrowsAsync<NotSupportedException>(client.Gone);
        Assert.Null(broker.Broker.Find("pump-1"));
    }

    private static ValueTask<bool> Echo(MqttConnection connection, MqttMessage message)
    {
        if (!message.Topic.StartsWith("jobs/", StringComparison.Ordinal))
            return new(false);
        connection.Send(message.Topic + "/accepted", message.Payload, Qos.AtLeastOnce);
        return new(true);
    }
}
