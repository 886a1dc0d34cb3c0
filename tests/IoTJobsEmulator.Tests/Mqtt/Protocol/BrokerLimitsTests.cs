using System.Runtime.CompilerServices;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

/// <summary>The bounds of what clients together can make the broker keep, and what a reset gives back.</summary>
public sealed class BrokerLimitsTests
{
    private readonly List<string> _reports = [];

    [Fact]
    public async Task User_properties_count_for_the_bytes_of_a_queue()
    {
        var dropped = new List<string>();
        var broker = new TestBroker(o => o with
        {
            Limits = o.Limits with { QueuedBytes = 100_000 },
            MessageDropped = (clientId, message) => dropped.Add($"{clientId} {message.Topic}"),
        });
        var offline = await broker.ConnectPersistent("pump-1");
        await offline.Subscribe("a");
        await offline.Disconnect();

        for (var i = 0; i < 100; i++)
            broker.Publish("a", "", properties: Pairs(100)); // of about 10 000 bytes
        offline = await broker.ConnectPersistent("pump-1");
        broker.Broker.Find("pump-1")!.Send("mark", default);

        Assert.Equal(["pump-1 a"], dropped);
        var received = 0;
        while ((await offline.ReceiveMessage()).Topic != "mark")
            received++;
        Assert.InRange(received, 5, 15);
    }

    [Fact]
    public async Task The_queues_of_all_clients_have_a_limit_in_sum_which_those_in_flight_count_for()
    {
        var broker = NewBroker(limits => limits with { AllQueuedBytes = 15_000 });
        var clients = new List<TestClient>();
        for (var i = 0; i < 4; i++)
        {
            clients.Add(await broker.ConnectPersistent($"pump-{i}"));
            await clients[i].Subscribe("a");
        }

        for (var i = 0; i < 4; i++)
            broker.Publish("a", new string('x', 10_000)); // the first comes to each of the four and counts once; nobody acknowledges it

        Assert.StartsWith("2000000 messages and 15000 bytes", Assert.Single(_reports), StringComparison.Ordinal);
        foreach (var client in clients)
            Assert.Equal(10_002, (await client.ReceiveText()).Length);
        foreach (var client in clients)
            await client.Ping();
        broker.Publish("a", "1");
        foreach (var client in clients)
            Assert.Equal("a 1", await client.ReceiveText()); // what was acknowledged counts no more
    }

    [Theory]
    [InlineData("expires")]
    [InlineData("is replaced")]
    [InlineData("is cleared by a reset")]
    public async Task What_a_session_that_ends_has_kept_counts_no_more(string end)
    {
        var broker = NewBroker(limits => limits with { AllQueuedBytes = 15_000 });
        var offline = await broker.ConnectPersistent("pump-1");
        await offline.Subscribe("a");
        await offline.Disconnect();
        broker.Publish("a", new string('x', 10_000));

        if (end == "expires")
            broker.Time.Advance(TimeSpan.FromHours(1));
        else if (end == "is replaced")
            await (await broker.Connect("pump-1")).Disconnect();
        else
            broker.Broker.Reset();
        var other = await broker.Connect("pump-2");
        await other.Subscribe("a");
        broker.Publish("a", new string('x', 10_000));

        Assert.Equal(10_002, (await other.ReceiveText()).Length);
        Assert.Empty(_reports);
    }

    [Theory]
    [InlineData(MqttVersion.V5, ReasonCode.QuotaExceeded)]
    [InlineData(MqttVersion.V311, ReasonCode.Success)]
    public async Task A_message_to_be_retained_that_exceeds_the_bytes_is_refused_as_a_whole(MqttVersion version, ReasonCode reason)
    {
        var broker = NewBroker(limits => limits with { RetainedBytes = 20_000 });
        var (client, listener) = (await broker.Connect("pump-1", version), await broker.Connect("listener"));
        await listener.Subscribe("b");
        await client.Publish("a", new string('x', 10_000), retain: true);

        await client.Send(new PublishPacket("b", new byte[10_000]) { Qos = Qos.AtLeastOnce, Retain = true, PacketId = 7 });

        Assert.Equal(reason, (await client.Receive<AcknowledgePacket>()).Reason);
        await listener.ReceivesNoMessage();
        Assert.False(broker.Broker.Publish("b", new byte[10_000], retain: true));
        Assert.True(broker.Broker.Publish("a", new byte[10_001], retain: true)); // it replaces another
        Assert.True(broker.Broker.Publish("a", default(ReadOnlyMemory<byte>), retain: true));
        Assert.True(broker.Broker.Publish("b", new byte[10_000], retain: true));
        Assert.Single(_reports);
    }

    [Fact]
    public async Task A_replacement_that_exceeds_the_bytes_leaves_the_retained_message()
    {
        var broker = NewBroker(limits => limits with { RetainedBytes = 20_000 });

        Assert.True(broker.Broker.Publish("a", new byte[10_000], retain: true));
        Assert.False(broker.Broker.Publish("a", new byte[20_000], retain: true));

        Assert.Equal(10_000, broker.Broker.GetRetained("a")!.Payload.Length);
        var client = await broker.Connect("pump-1");
        await client.Subscribe("a");
        Assert.Equal(10_000, (await client.ReceiveMessage()).Payload.Length);
    }

    [Theory]
    [InlineData(MqttVersion.V5, ReasonCode.QuotaExceeded)]
    [InlineData(MqttVersion.V311, ReasonCode.ServerUnavailable)]
    public async Task A_persistent_session_beyond_the_limit_is_refused_and_clients_without_one_are_not(MqttVersion version, ReasonCode reason)
    {
        var broker = NewBroker(limits => limits with { PersistentSessions = 2 });
        for (var i = 1; i <= 2; i++)
            await (await broker.ConnectPersistent($"pump-{i}", version)).Disconnect();

        for (var i = 3; i <= 4; i++)
            Assert.Equal(reason, (await broker.Open(version).Connect(Persistent($"pump-{i}", version))).Reason);

        await broker.Connect("pump-3", version);
        await broker.ConnectPersistent("pump-2", version);
        Assert.StartsWith("2 sessions", Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MqttVersion.V5, ReasonCode.QuotaExceeded)]
    [InlineData(MqttVersion.V311, ReasonCode.ServerUnavailable)]
    public async Task A_connection_beyond_the_limit_is_refused_until_another_ends(MqttVersion version, ReasonCode reason)
    {
        var broker = NewBroker(limits => limits with { Connections = 2 });
        var (first, _) = (await broker.Connect("pump-1", version), await broker.Connect("pump-2", version));
        var refused = broker.Open(version);

        Assert.Equal(reason, (await refused.Connect(new() { ClientId = "pump-3", Version = version })).Reason);

        await refused.Closed();
        await first.Disconnect();
        await broker.Connect("pump-3", version);
        Assert.StartsWith("2 connections", Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_far_beyond_the_limit_are_closed_before_they_say_anything()
    {
        var broker = NewBroker(limits => limits with { Connections = 2 });
        var open = Enumerable.Range(0, 102).Select(_ => broker.Open()).ToList();

        await broker.Open().Ended();

        await open[^1].CloseTransport();
    }

    [Fact]
    public async Task The_subscriptions_of_all_clients_have_a_limit_and_one_that_is_removed_makes_room()
    {
        var broker = NewBroker(limits => limits with { Subscriptions = 2 });
        var (one, other) = (await broker.Connect("pump-1", MqttVersion.V5), await broker.Connect("pump-2", MqttVersion.V5));
        await one.Subscribe("a");
        await one.Subscribe("$share/g/a");

        Assert.Equal([ReasonCode.QuotaExceeded], await other.Subscribe("a"));
        Assert.Equal([ReasonCode.GrantedQos1], await one.Subscribe("a")); // again
        await one.Unsubscribe("$share/g/a");
        Assert.Equal([ReasonCode.GrantedQos1], await other.Subscribe("a"));
        await one.Disconnect();
        Assert.Equal([ReasonCode.GrantedQos1], await other.Subscribe("b"));

        Assert.StartsWith("2 subscriptions", Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_a_shared_subscription_has_a_limit()
    {
        var client = await NewBroker(limits => limits).Connect("pump-1", MqttVersion.V5);

        Assert.Equal([ReasonCode.GrantedQos1], await client.Subscribe($"$share/{new string('g', 128)}/a"));
        Assert.Equal([ReasonCode.TopicFilterInvalid], await client.Subscribe($"$share/{new string('g', 129)}/a"));
    }

    [Fact]
    public async Task Wills_have_a_limit_in_sum()
    {
        var broker = NewBroker(limits => limits with { WillBytes = 20_000 });
        var first = await broker.Connect(WithWill("pump-1"));

        Assert.Equal(ReasonCode.QuotaExceeded, (await broker.Open(MqttVersion.V5).Connect(WithWill("pump-2"))).Reason);
        first = await broker.Connect(WithWill("pump-1")); // it replaces its own
        await first.Disconnect();
        await broker.Connect(WithWill("pump-2"));

        Assert.Single(_reports);
    }

    [Fact]
    public async Task A_reset_frees_what_waits_is_in_flight_is_retained_and_is_remembered_of_the_last_message()
    {
        var broker = NewBroker(limits => limits);
        var offline = await broker.ConnectPersistent("pump-1");
        await offline.Subscribe("a");
        await offline.Disconnect();
        var connected = await broker.ConnectPersistent("pump-2");
        await connected.Subscribe("a"); // nothing is acknowledged
        var payloads = Publish(broker);

        broker.Broker.Reset();

        Assert.Equal(201, payloads.Count);
        AssertFreed(payloads);
        await connected.Ping();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Publish(TestBroker broker)
    {
        List<WeakReference> payloads = [];
        for (var i = 0; i <= 200; i++)
        {
            var payload = new byte[10];
            payloads.Add(new(payload));
            broker.Broker.Publish("a", payload, retain: i == 200);
        }
        return payloads;
    }

    private static void AssertFreed(List<WeakReference> references)
    {
        // The last one may still be in a register or on the stack of the thread that writes to the client.
        for (var i = 0; i < 100 && references.Count(reference => reference.IsAlive) > 1; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.InRange(references.Count(reference => reference.IsAlive), 0, 1);
    }

    private TestBroker NewBroker(Func<MqttLimits, MqttLimits> change) => new(o => o with { Limits = change(o.Limits), LimitReached = _reports.Add });

    private static MqttProperties Pairs(int count) =>
        new() { UserProperties = [.. Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"name {i:000}", $"value {i:000}"))] };

    private static ConnectPacket Persistent(string clientId, MqttVersion version) => new()
    {
        ClientId = clientId,
        Version = version,
        CleanStart = false,
        Properties = version == MqttVersion.V5 ? new() { SessionExpiryInterval = 3600 } : MqttProperties.None,
    };

    private static ConnectPacket WithWill(string clientId) =>
        new() { ClientId = clientId, Version = MqttVersion.V5, Will = new("a", new byte[10_000], Qos.AtLeastOnce, Retain: false) };
}
