using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol.Sessions;

public sealed class DeliveryTests
{
    private readonly TestBroker _broker = new();

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_message_of_one_client_reaches_another(MqttVersion version)
    {
        var (pump, tank) = (await _broker.Connect("pump-1", version), await _broker.Connect("tank-1", version));
        await tank.Subscribe("plant/+/level");

        await pump.Publish("plant/1/level", "7");
        await pump.Publish("plant/1/pressure", "8");

        Assert.Equal("plant/1/level 7", await tank.ReceiveText());
        await tank.ReceivesNoMessage();
    }

    [Theory]
    [InlineData(Qos.AtMostOnce, Qos.AtMostOnce, Qos.AtMostOnce)]
    [InlineData(Qos.AtMostOnce, Qos.AtLeastOnce, Qos.AtMostOnce)]
    [InlineData(Qos.AtLeastOnce, Qos.AtMostOnce, Qos.AtMostOnce)]
    [InlineData(Qos.AtLeastOnce, Qos.AtLeastOnce, Qos.AtLeastOnce)]
    [InlineData(Qos.AtLeastOnce, Qos.ExactlyOnce, Qos.AtLeastOnce)]
    public async Task A_message_is_delivered_with_the_lower_qos(Qos published, Qos subscribed, Qos delivered)
    {
        var client = await _broker.Connect("pump-1");
        var granted = await client.Subscribe("a", subscribed);

        _broker.Publish("a", "b", published);

        Assert.Equal([subscribed == Qos.AtMostOnce ? ReasonCode.Success : ReasonCode.GrantedQos1], granted);
        Assert.Equal(delivered, (await client.ReceiveMessage()).Qos);
    }

    [Theory]
    [InlineData(MqttVersion.V311, null)]
    [InlineData(MqttVersion.V5, ReasonCode.QosNotSupported)]
    public async Task Publishing_with_qos_2_ends_the_connection(MqttVersion version, ReasonCode? reason)
    {
        var client = await _broker.Connect("pump-1", version);

        await client.Send(new PublishPacket("a", default) { Qos = Qos.ExactlyOnce, PacketId = 1 });

        Assert.Equal(reason, await client.Ended());
    }

    [Fact]
    public async Task Overlapping_filters_give_one_message_with_the_best_qos()
    {
        var client = await _broker.Connect("pump-1");
        await client.SubscribeAll(new("a/#", Qos.AtMostOnce), new("a/+", Qos.AtLeastOnce), new("a/b", Qos.AtMostOnce));

        _broker.Publish("a/b", "c");

        Assert.Equal(Qos.AtLeastOnce, (await client.ReceiveMessage()).Qos);
        await client.ReceivesNoMessage();
    }

    [Fact]
    public async Task Messages_keep_their_order_and_the_receive_maximum_is_respected()
    {
        var client = await _broker.Connect(new ConnectPacket { ClientId = "pump-1", Version = MqttVersion.V5, Properties = new() { ReceiveMaximum = 2 } });
        await client.Subscribe("a");
        for (var i = 1; i <= 5; i++)
            _broker.Publish("a", $"{i}");

        var (first, second) = (await client.Receive<PublishPacket>(), await client.Receive<PublishPacket>());
        await client.PingWithoutMessages(); // a third would have come before the answer, or would come instead of it
        await client.Acknowledge(second);
        var third = await client.Receive<PublishPacket>();
        await client.Acknowledge(first);
        await client.Acknowledge(third);

        Assert.Equal("312", $"{Digit(third)}{Digit(first)}{Digit(second)}");
        Assert.Equal("a 4", await client.ReceiveText());
        Assert.Equal("a 5", await client.ReceiveText());

        static char Digit(PublishPacket packet) => (char)packet.Payload.Span[0];
    }

    [Fact]
    public async Task A_hundred_messages_may_be_in_flight()
    {
        var client = await _broker.Connect("pump-1");
        await client.Subscribe("a");
        for (var i = 0; i < 150; i++)
            _broker.Publish("a", "");

        var ids = new HashSet<ushort>();
        for (var i = 0; i < 100; i++)
            ids.Add((await client.Receive<PublishPacket>()).PacketId);
        await client.PingWithoutMessages();
        foreach (var id in ids)
            await client.Send(new AcknowledgePacket(PacketType.PubAck, id));
        for (var i = 0; i < 50; i++)
            await client.ReceiveMessage();

        Assert.Equal(100, ids.Count);
        await client.ReceivesNoMessage();
    }

    [Fact]
    public async Task A_client_that_does_not_read_does_not_delay_others_and_its_queue_is_bounded()
    {
        var dropped = new List<string>();
        var broker = new TestBroker(o => o with { Limits = o.Limits with { QueuedMessages = 100 }, MessageDropped = (clientId, _) => dropped.Add(clientId) });
        var (stuck, healthy) = (await broker.Connect("stuck"), await broker.Connect("healthy"));
        await stuck.Subscribe("a");
        await healthy.Subscribe("a", Qos.AtMostOnce);

        for (var i = 0; i < 1000; i++)
        {
            broker.Publish("a", new string('x', 10_000));
            await healthy.ReceiveMessage();
        }

        Assert.Equal(["stuck"], dropped); // reported once
        Assert.NotNull(broker.Broker.Find("stuck"));
        for (var i = 0; i < 100; i++)
            await stuck.ReceiveMessage();
        broker.Broker.Find("stuck")!.Send("mark", default);
        var received = 100;
        while ((await stuck.ReceiveMessage()).Topic != "mark")
            received++;
        Assert.InRange(received, 100, 250); // a hundred wait, and as many are sent as fit into the pipe and the receive maximum
    }

    [Fact]
    public async Task A_client_that_does_not_read_does_not_delay_the_end_of_its_connection()
    {
        var stuck = await _broker.Connect("stuck");
        await stuck.Subscribe("a", Qos.AtMostOnce);
        for (var i = 0; i < 100; i++)
            _broker.Publish("a", new string('x', 10_000));

        _broker.Broker.Find("stuck")!.Disconnect();
        while (_broker.Disconnections.IsEmpty)
        {
            _broker.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        await stuck.Closed();
    }

    [Fact]
    public async Task Properties_are_passed_on()
    {
        var (pump, tank) = (await _broker.Connect("pump-1", MqttVersion.V5), await _broker.Connect("tank-1", MqttVersion.V5));
        await tank.Subscribe("a");

        await pump.Publish("a", "b", properties: new()
        {
            PayloadFormatIndicator = 1,
            ContentType = "text/plain",
            ResponseTopic = "answers",
            CorrelationData = new byte[] { 1, 2 },
            UserProperties = [new("unit", "bar"), new("unit", "psi")],
            TopicAlias = 3,
        });

        var received = (await tank.ReceiveMessage()).Properties;
        Assert.Equal((null, (byte)1, "text/plain", "answers", "0102"),
            (received.TopicAlias, received.PayloadFormatIndicator, received.ContentType, received.ResponseTopic, Convert.ToHexString(received.CorrelationData!.Value.Span)));
        Assert.Equal(["unit=bar", "unit=psi"], received.UserProperties.Select(p => $"{p.Key}={p.Value}"));
    }

    [Fact]
    public async Task A_topic_alias_stands_for_the_topic_it_was_assigned_to()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);
        await client.Subscribe("#", Qos.AtMostOnce);

        await client.Send(new PublishPacket("a", "1"u8.ToArray()) { Properties = new() { TopicAlias = 8 } });
        await client.Send(new PublishPacket("", "2"u8.ToArray()) { Properties = new() { TopicAlias = 8 } });

        Assert.Equal(("a 1", "a 2"), (await client.ReceiveText(), await client.ReceiveText()));
    }

    [Theory]
    [InlineData(9, "a", ReasonCode.TopicAliasInvalid)]
    [InlineData(1, "", ReasonCode.ProtocolError)]
    public async Task A_topic_alias_that_is_not_assigned_ends_the_connection(ushort alias, string topic, ReasonCode reason)
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);

        await client.Send(new PublishPacket(topic, default) { Properties = new() { TopicAlias = alias } });

        Assert.Equal(reason, await client.Ended());
    }

    [Fact]
    public async Task A_client_that_accepts_aliases_is_sent_each_topic_once()
    {
        var client = await ConnectWithAliases(2);
        await client.Subscribe("#");

        var received = new List<string>();
        foreach (var topic in new[] { "a", "b", "a", "c", "b", "c" })
        {
            _broker.Publish(topic, "");
            received.Add(await client.ReceiveMessage() is var p ? $"{p.Topic}={p.Properties.TopicAlias}" : "");
        }

        Assert.Equal(["a=1", "b=2", "=1", "c=", "=2", "c="], received);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData((ushort)0, 0)]
    [InlineData((ushort)3, 3)]
    [InlineData((ushort)100, 8)] // ours, in both directions
    public async Task Topics_have_as_many_aliases_as_both_sides_allow(ushort? most, int aliases)
    {
        var client = await ConnectWithAliases(most);
        await client.Subscribe("#", Qos.AtMostOnce);
        for (var i = 0; i < 10; i++)
            _broker.Publish($"{i}", "");

        var numbers = new List<int>();
        for (var i = 0; i < 10; i++)
            numbers.Add((await client.ReceiveMessage()).Properties.TopicAlias ?? 0);

        Assert.Equal(Enumerable.Range(1, aliases), numbers.Where(n => n > 0));
    }

    [Fact]
    public async Task An_alias_ends_with_its_connection()
    {
        var client = await ConnectWithAliases(1);
        await client.Subscribe("a");
        _broker.Publish("a", "1");
        _broker.Publish("a", "2");
        await client.ReceiveMessage();
        Assert.Equal("", (await client.Receive<PublishPacket>()).Topic); // and is not acknowledged
        await client.CloseTransport();

        client = await ConnectWithAliases(1);

        var again = await client.ReceiveMessage();
        Assert.Equal((true, "a", (ushort)1), (again.Duplicate, again.Topic, again.Properties.TopicAlias!.Value));
    }

    [Fact]
    public async Task A_packet_that_an_alias_would_make_too_large_is_sent_without_it()
    {
        var client = await _broker.Connect(new ConnectPacket { ClientId = "pump-1", Version = MqttVersion.V5, Properties = new() { MaximumPacketSize = 100, TopicAliasMaximum = 1 } });
        await client.Subscribe("a", Qos.AtMostOnce);

        _broker.Publish("a", new string('x', 94)); // 100 bytes, and 103 with an alias
        _broker.Publish("a", "small");

        var (longest, small) = (await client.ReceiveMessage(), await client.ReceiveMessage());
        Assert.Equal((94, null), (longest.Payload.Length, longest.Properties.TopicAlias));
        Assert.Equal(("a", (ushort)1), (small.Topic, small.Properties.TopicAlias!.Value)); // the first packet that assigns the alias
    }

    [Fact]
    public async Task A_packet_that_exceeds_the_maximum_packet_size_is_discarded()
    {
        var client = await _broker.Connect(new ConnectPacket { ClientId = "pump-1", Version = MqttVersion.V5, Properties = new() { MaximumPacketSize = 100, ReceiveMaximum = 1 } });
        await client.Subscribe("a");

        _broker.Publish("a", new string('x', 100));
        _broker.Publish("a", "small");

        Assert.Equal("a small", await client.ReceiveText());
    }

    [Fact]
    public async Task No_local_and_unsubscribe_are_respected()
    {
        var client = await _broker.Connect("pump-1", MqttVersion.V5);
        await client.SubscribeAll(new SubscriptionRequest("a", Qos.AtLeastOnce, NoLocal: true), new("b", Qos.AtLeastOnce));

        await client.Publish("a", "mine");
        var unsubscribed = await client.Unsubscribe("b", "c");
        await client.Publish("b", "late");

        await client.ReceivesNoMessage();
        Assert.Equal([ReasonCode.Success, ReasonCode.NoSubscriptionExisted], unsubscribed.Reasons);
    }

    [Fact]
    public async Task A_shared_subscription_uses_its_connected_members_in_round_robin()
    {
        var (first, second) = (await _broker.Connect("worker-1"), await _broker.ConnectPersistent("worker-2"));
        var alone = await _broker.Connect("alone");
        foreach (var worker in new[] { first, second })
            await worker.Subscribe("$share/workers/work/+");
        await alone.Subscribe("work/+");

        for (var i = 1; i <= 4; i++)
            _broker.Publish($"work/{i}", "");
        var shares = new[] { await first.ReceiveText(), await first.ReceiveText(), await second.ReceiveText(), await second.ReceiveText() };
        await second.CloseTransport();
        _broker.Publish("work/5", "");
        _broker.Publish("work/6", "");

        Assert.Equal(["work/1 ", "work/2 ", "work/3 ", "work/4 "], shares.Order(StringComparer.Ordinal));
        Assert.Equal(("work/5 ", "work/6 "), (await first.ReceiveText(), await first.ReceiveText()));
        for (var i = 1; i <= 6; i++)
            Assert.Equal($"work/{i} ", await alone.ReceiveText());
        await first.CloseTransport();
        _broker.Publish("work/7", ""); // nobody is there: it waits for the one whose session lasts
        Assert.Equal("work/7 ", await (await _broker.ConnectPersistent("worker-2")).ReceiveText());
    }

    private Task<TestClient> ConnectWithAliases(ushort? most) => _broker.Connect(new ConnectPacket
    {
        ClientId = "pump-1",
        Version = MqttVersion.V5,
        CleanStart = false,
        Properties = new() { TopicAliasMaximum = most, SessionExpiryInterval = 60 },
    });

    [Fact]
    public async Task Many_concurrent_clients_receive_everything_and_each_publisher_in_order()
    {
        const int Clients = 30, Messages = 50;
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => _broker.Connect($"pump-{i}", i % 2 == 0 ? MqttVersion.V311 : MqttVersion.V5)));
        await Task.WhenAll(clients.Select(c => c.Subscribe("plant/+")));

        await Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < Messages; i++)
                await client.Send(new PublishPacket($"plant/{client.ClientId}", new[] { (byte)i }) { Qos = Qos.AtLeastOnce, PacketId = (ushort)(i + 1) });
            var next = new Dictionary<string, int>();
            for (var left = Clients * Messages; left > 0;)
            {
                if (await client.Receive() is not PublishPacket received)
                    continue;
                await client.Acknowledge(received);
                Assert.Equal(next.GetValueOrDefault(received.Topic), received.Payload.Span[0]);
                next[received.Topic] = received.Payload.Span[0] + 1;
                left--;
            }
        }, TestContext.Current.CancellationToken)));
    }
}
