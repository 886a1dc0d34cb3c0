using System.Text;
using IoTJobsEmulator.Core.Operations.Jobs;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Tests.Mqtt.Protocol;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>Persistent sessions and retained messages are kept in the database file. Clients that a restart finds connected are as after kill -9.</summary>
public sealed class KeptSessionsTests : IAsyncDisposable
{
    private const string Jobs = "$aws/things/pump-1/jobs/";

    private Emulator _emulator = new();

    private MqttBroker Broker => _emulator.Services.GetRequiredService<DeviceGateway>().Broker;

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Theory, InlineData(MqttVersion.V311), InlineData(MqttVersion.V5)]
    public async Task A_device_that_was_offline_hears_after_a_restart_of_the_job_that_was_created_before(MqttVersion version)
    {
        var device = await Connect("pump-1", version);
        await device.SubscribeAll(new(Jobs + "notify", Qos.AtLeastOnce), new(Jobs + "notify-next", Qos.AtLeastOnce));
        await device.Disconnect();
        await _emulator.CreateThing("pump-1");
        await _emulator.CreateJob("update", "pump-1");

        await Restart();
        device = await Connect("pump-1", version);

        Assert.True(device.ConnAck.SessionPresent);
        Assert.StartsWith(Jobs + "notify {", await device.ReceiveText(), StringComparison.Ordinal);
        Assert.StartsWith(Jobs + "notify-next {", await device.ReceiveText(), StringComparison.Ordinal);
        await _emulator.CreateJob("another", "pump-1");
        Assert.StartsWith(Jobs + "notify {", await device.ReceiveText(), StringComparison.Ordinal);
        await device.ReceivesNoMessage();
        await device.Ping();
        await Idle();
        Assert.Equal("0 messages, 1 session", Rows);
    }

    [Fact]
    public async Task The_notifications_of_an_answered_request_are_in_the_file()
    {
        var device = await Connect("pump-1");
        await device.Subscribe(Jobs + "notify");
        await device.Disconnect();
        await _emulator.CreateThing("pump-1");

        await _emulator.CreateJob("update", "pump-1");

        Assert.Equal("1 messages, 1 session", Rows);
    }

    [Fact]
    public async Task What_the_last_turns_announce_is_in_the_file_when_the_emulator_has_ended()
    {
        var device = await Connect("pump-1");
        await device.Subscribe(Jobs + "notify");
        await device.Disconnect();
        await _emulator.CreateThing("pump-1");
        await _emulator.Stop();
        using var isHeld = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var turns = _emulator.Turns;
        var holding = Task.Run(() => turns.Deliver(() =>
        {
            isHeld.Set();
            goesOn.Wait();
        }), TestContext.Current.CancellationToken);
        isHeld.Wait(TestContext.Current.CancellationToken);
        var realm = turns.RealmOf("123456789012", "us-east-1");
        var creating = turns.Take(realm, () => CreateJob.Handle(realm, "update", new() { Targets = ["arn:aws:iot:us-east-1:123456789012:thing/pump-1"], Document = "{}" }));

        var restarting = _emulator.Restart();
        goesOn.Set();
        _emulator = await restarting;

        await creating;
        await holding;
        Assert.Equal("1 messages, 1 session", Rows);
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_under_its_packet_identifier_and_before_what_waits()
    {
        var device = await Connect("pump-1", MqttVersion.V5, receiveMaximum: 2);
        await device.Subscribe("a");
        foreach (var text in (string[])["1", "2", "3", "4"])
            Publish("a", text);
        var acknowledged = await device.ReceiveMessage();
        var (second, third) = (await device.Receive<PublishPacket>(), await device.Receive<PublishPacket>());
        await device.Ping();
        Assert.Equal("1", Text(acknowledged));

        await Restart();
        device = await Connect("pump-1", MqttVersion.V5);

        foreach (var sent in (PublishPacket[])[second, third])
        {
            var again = await device.ReceiveMessage();
            Assert.Equal((Text(sent), sent.PacketId, true), (Text(again), again.PacketId, again.Duplicate));
        }
        var waited = await device.ReceiveMessage();
        Assert.Equal(("4", false), (Text(waited), waited.Duplicate));
        Assert.NotEqual(third.PacketId, waited.PacketId);
        await device.ReceivesNoMessage();
    }

    [Fact]
    public async Task Messages_that_come_after_a_restart_follow_those_that_were_loaded()
    {
        var device = await Connect("pump-1");
        await device.Subscribe("a");
        await device.Disconnect();
        Publish("a", "1");
        Publish("a", "2");
        await Restart();
        Publish("a", "3");
        await Restart();
        Publish("a", "4");

        device = await Connect("pump-1");

        foreach (var text in (string[])["a 1", "a 2", "a 3", "a 4"])
            Assert.Equal(text, await device.ReceiveText());
    }

    [Fact]
    public async Task What_was_acknowledged_does_not_come_again()
    {
        var device = await Connect("pump-1");
        await device.Subscribe("a");
        await device.Disconnect();
        Publish("a", "1");
        device = await Connect("pump-1");
        Assert.Equal("a 1", await device.ReceiveText());
        await device.Ping();

        await Restart();
        device = await Connect("pump-1");

        Assert.True(device.ConnAck.SessionPresent);
        await device.ReceivesNoMessage();
    }

    [Theory]
    [InlineData(MqttVersion.V311, 3600)]
    [InlineData(MqttVersion.V5, 600)]
    public async Task A_session_expires_while_the_emulator_is_down(MqttVersion version, int seconds)
    {
        foreach (var name in (string[])["pump-1", "pump-2"])
        {
            var device = await Connect(name, version, expiry: (uint)seconds);
            await device.Subscribe("a");
            await device.Disconnect();
            _emulator.Time.Pass(TimeSpan.FromSeconds(1));
        }
        Publish("a", "1");

        await Restart(TimeSpan.FromSeconds(seconds - 2));

        Assert.False((await Connect("pump-1", version)).ConnAck.SessionPresent);
        Assert.True((await Connect("pump-2", version)).ConnAck.SessionPresent);
        await Idle();
        Assert.Equal(1, _emulator.Files.Ask<int>("SELECT COUNT(*) FROM MqttSubscriptions"));
    }

    [Fact]
    public async Task What_is_left_of_the_expiry_runs_on_after_a_restart()
    {
        await (await Connect("pump-1")).Disconnect();
        await Restart(TimeSpan.FromMinutes(40));

        _emulator.Time.Pass(TimeSpan.FromMinutes(20));

        await Idle();
        Assert.Equal("0 messages, 0 session", Rows);
        Assert.False((await Connect("pump-1")).ConnAck.SessionPresent);
    }

    [Fact]
    public async Task A_session_whose_client_was_connected_lasts_from_the_restart_on()
    {
        await Connect("pump-1");

        await Restart(TimeSpan.FromDays(1));
        _emulator.Time.Pass(TimeSpan.FromMinutes(59));

        Assert.True((await Connect("pump-1")).ConnAck.SessionPresent);
    }

    [Fact]
    public async Task Clean_sessions_and_messages_with_QoS_0_leave_no_rows()
    {
        var clean = await Connect("pump-1", isClean: true);
        await clean.Subscribe("a");
        Publish("a", "1");
        var kept = await Connect("pump-2");
        await kept.Subscribe("b", Qos.AtMostOnce);
        Publish("b", "2");

        await Idle();

        Assert.Equal("0 messages, 1 session", Rows);
        Assert.Equal("b", _emulator.Files.Ask<string>("SELECT group_concat(Filter) FROM MqttSubscriptions"));
    }

    [Fact]
    public async Task A_session_that_ends_takes_its_rows_with_it()
    {
        for (var client = 1; client <= 3; client++)
        {
            var device = await Connect($"pump-{client}", MqttVersion.V5);
            await device.Subscribe("a");
        }
        Publish("a", "1");
        await Idle();
        Assert.Equal("3 messages, 3 session", Rows);

        await Connect("pump-1", MqttVersion.V5, isClean: true);
        await Connect("pump-2", MqttVersion.V5, expiry: 0);
        var last = await Connect("pump-3", MqttVersion.V5);
        await last.Disconnect(properties: new() { SessionExpiryInterval = 0 });

        await Idle();
        Assert.Equal("0 messages, 0 session", Rows);
        Assert.Equal(0, _emulator.Files.Ask<int>("SELECT COUNT(*) FROM MqttSubscriptions"));
    }

    [Fact]
    public async Task Subscriptions_come_back_with_their_options_and_those_removed_do_not()
    {
        var device = await Connect("pump-1", MqttVersion.V5);
        await device.SubscribeAll(new("own", Qos.AtLeastOnce, NoLocal: true), new("kept", Qos.AtLeastOnce, RetainAsPublished: true), new("left", Qos.AtLeastOnce));
        await device.Unsubscribe("left");

        await Restart();
        device = await Connect("pump-1", MqttVersion.V5);
        await device.Publish("own", "1");
        Broker.Publish("own", "2"u8.ToArray());
        Publish("left", "3");
        Broker.Publish("kept", "4"u8.ToArray(), retain: true);

        Assert.Equal("own 2", await device.ReceiveText());
        var kept = await device.ReceiveMessage();
        Assert.Equal(("kept", true), (kept.Topic, kept.Retain));
        await device.ReceivesNoMessage();
    }

    [Fact]
    public async Task A_session_keeps_its_tenant()
    {
        var device = await Connect("pump-1", userName: "?region=eu-west-1");
        await device.Subscribe("a");
        await device.Disconnect();

        await Restart();
        Broker.Publish("a", "elsewhere"u8.ToArray(), tenant: "123456789012 us-east-1");
        Broker.Publish("a", "here"u8.ToArray(), tenant: "123456789012 eu-west-1");

        device = await Connect("pump-1", userName: "?region=eu-west-1");
        Assert.Equal("a here", await device.ReceiveText());
        await device.ReceivesNoMessage();
    }

    [Fact]
    public async Task Clients_of_two_accounts_with_one_client_id_have_their_own_sessions_after_a_restart()
    {
        foreach (var account in (string[])["111122223333", "444455556666"])
        {
            var device = await Connect("pump-1", userName: $"?account={account}");
            await device.Subscribe("a");
            await device.Disconnect();
            Broker.Publish("a", Encoding.UTF8.GetBytes(account), tenant: account + " us-east-1");
        }
        await Idle();
        Assert.Equal("2 messages, 2 session", Rows);

        await Restart();

        foreach (var account in (string[])["444455556666", "111122223333"])
        {
            var device = await Connect("pump-1", userName: $"?account={account}");
            Assert.Equal("a " + account, await device.ReceiveText());
            await device.Ping();
            await device.Disconnect();
        }
        await Idle();
        Assert.Equal("0 messages, 2 session", Rows);
    }

    [Fact]
    public async Task The_members_of_a_shared_subscription_share_after_a_restart_too()
    {
        foreach (var name in (string[])["pump-1", "pump-2"])
        {
            var device = await Connect(name);
            await device.Subscribe("$share/pumps/a");
            await device.Disconnect();
        }

        await Restart();
        Publish("a", "1");
        var (first, second) = (await Connect("pump-1"), await Connect("pump-2"));
        Publish("a", "2");
        Publish("a", "3");

        List<string>[] heard = [await Heard(first), await Heard(second)];
        Assert.Equal(["1", "2", "3"], heard.SelectMany(texts => texts).Order());
        Assert.All(heard, Assert.NotEmpty);
    }

    [Fact]
    public async Task A_retained_message_survives_with_its_properties_until_it_expires()
    {
        var client = await Connect("publisher", MqttVersion.V5, isClean: true);
        await client.Publish("a", "1", retain: true, properties: new()
        {
            PayloadFormatIndicator = 0,
            MessageExpiryInterval = 3600,
            ContentType = "text/plain",
            ResponseTopic = "answers",
            CorrelationData = new byte[] { 0, 255 },
            UserProperties = [new("site", "north"), new("site", "süd")],
        });
        await client.Publish("short", "2", retain: true, properties: new() { MessageExpiryInterval = 60 });
        await client.Publish("plain", "4", retain: true);
        await client.Publish("cleared", "3", retain: true);
        await client.Publish("cleared", "", retain: true);

        await Restart(TimeSpan.FromMinutes(1));

        Assert.Equal(["a", "plain"], Broker.ListRetained().Select(message => message.Topic));
        client = await Connect("listener", MqttVersion.V5, isClean: true);
        await client.Subscribe("a");
        var retained = await client.ReceiveMessage();
        Assert.Equal(("1", true, Qos.AtLeastOnce), (Text(retained), retained.Retain, retained.Qos));
        Assert.Equal(
            ((byte)0, 3540u, "text/plain", "answers", "00FF"),
            (retained.Properties.PayloadFormatIndicator, retained.Properties.MessageExpiryInterval, retained.Properties.ContentType,
                retained.Properties.ResponseTopic, Convert.ToHexString(retained.Properties.CorrelationData!.Value.Span)));
        Assert.Equal([new("site", "north"), new("site", "süd")], retained.Properties.UserProperties);
        Assert.Null(Broker.GetRetained("plain")!.Properties.CorrelationData);
        await Idle();
        Assert.Equal(2, _emulator.Files.Ask<int>("SELECT COUNT(*) FROM RetainedMessages"));
    }

    [Fact]
    public async Task Every_tenant_sees_its_retained_messages_again()
    {
        (string? Tenant, string Text)[] published = [("east", "old"), (null, "all"), ("east", "east"), ("south", "")];
        foreach (var (tenant, text) in published)
            Broker.Publish("a", Encoding.UTF8.GetBytes(text), retain: true, tenant: tenant);
        await Idle();

        await Restart();

        Assert.Equal(("east", "all", null), (Seen("east"), Seen("west"), Seen("south")));

        string? Seen(string tenant) => Broker.GetRetained("a", tenant) is { } message ? Encoding.UTF8.GetString(message.Payload.Span) : null;
    }

    [Fact]
    public async Task A_retained_message_that_was_published_over_HTTP_is_in_the_file_when_it_is_answered()
    {
        await _emulator.Send("POST", "/topics/a?retain=true", "1");

        Assert.Equal("a", _emulator.Files.Ask<string>("SELECT Topic FROM RetainedMessages"));
    }

    [Fact]
    public async Task A_reset_leaves_the_sessions_of_connected_clients_only()
    {
        var (gone, stays) = (await Connect("pump-1"), await Connect("pump-2"));
        await gone.Subscribe("a");
        await stays.Subscribe("a");
        await gone.Disconnect();
        Broker.Publish("a", "1"u8.ToArray(), retain: true);
        Assert.Equal("1", Text(await stays.Receive<PublishPacket>()));

        Assert.Equal(200, (await _emulator.Send("POST", "/_emulator/reset")).Status);
        await Idle();

        Assert.Equal("0 messages, 1 session", Rows);
        Assert.Equal(0, _emulator.Files.Ask<int>("SELECT COUNT(*) FROM RetainedMessages"));
        await Restart();
        Publish("a", "2");
        Assert.False((await Connect("pump-1")).ConnAck.SessionPresent);
        stays = await Connect("pump-2");
        Assert.Equal("a 2", await stays.ReceiveText());
    }

    [Fact]
    public async Task Messages_and_subscriptions_are_acknowledged_when_they_are_written()
    {
        var (device, publisher) = (await Connect("pump-1"), await Connect("publisher", isClean: true));
        await device.Subscribe("a");
        using (var other = new SqliteConnection($"Data Source={_emulator.Files.Database};Pooling=false"))
        {
            other.Open();
            // The journal cannot write meanwhile.
            using var writes = other.BeginTransaction();
            await publisher.Publish("nobody", "reads"); // nothing of it is kept
            await publisher.Send(new PublishPacket("a", "1"u8.ToArray()) { Qos = Qos.AtLeastOnce, PacketId = 7 });
            Assert.Equal("a 1", await device.ReceiveText());
            await publisher.ReceivesNoMessage();
            await device.Send(new SubscribePacket(8, [new("b", Qos.AtLeastOnce)]));
        }

        Assert.Equal(7, (await publisher.Receive<AcknowledgePacket>()).PacketId);
        Assert.Equal(8, (await device.Receive<SubAckPacket>()).PacketId);
    }

    [Fact]
    public async Task What_cannot_be_written_is_not_acknowledged_and_is_written_when_there_is_room()
    {
        var (device, publisher) = (await Connect("pump-1"), await Connect("publisher", isClean: true));
        await device.Subscribe("a");
        await device.Disconnect();
        _emulator.Files.Ask<int>("CREATE TRIGGER full_disk BEFORE INSERT ON QueuedMessages BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");

        await publisher.Send(new PublishPacket("a", "1"u8.ToArray()) { Qos = Qos.AtLeastOnce, PacketId = 7 });

        await publisher.Ended();
        Assert.Contains("could not be written", Assert.Single(_emulator.TakeWarnings()), StringComparison.Ordinal);
        Assert.Equal("0 messages, 1 session", Rows);
        _emulator.Files.MakeRoom();
        await _emulator.CreateThing("pump-1");
        Assert.Equal("1 messages, 1 session", Rows);
    }

    [Fact]
    public async Task A_request_is_answered_after_its_acknowledgement_though_a_session_that_is_kept_subscribes_to_all()
    {
        var device = await Connect("pump-1");
        await device.Subscribe(Jobs + "#");
        await _emulator.CreateThing("pump-1");

        await device.Publish(Jobs + "get", "{}"); // which expects the acknowledgement before anything else

        Assert.StartsWith(Jobs + "get/accepted", await device.ReceiveText(), StringComparison.Ordinal);
    }

    private string Rows => _emulator.Files.Ask<string>(
        "SELECT (SELECT COUNT(*) FROM QueuedMessages) || ' messages, ' || (SELECT COUNT(*) FROM MqttSessions) || ' session'")!;

    private static string Text(PublishPacket packet) => Encoding.UTF8.GetString(packet.Payload.Span);

    private async Task<TestClient> Connect(
        string clientId, MqttVersion version = MqttVersion.V311, bool isClean = false, uint expiry = 3600, ushort? receiveMaximum = null,
        string? userName = null)
    {
        var client = new TestClient(Broker, version).Open(null, CancellationToken.None);
        var properties = version == MqttVersion.V5
            ? new MqttProperties { SessionExpiryInterval = isClean ? 0 : expiry, ReceiveMaximum = receiveMaximum }
            : MqttProperties.None;
        var connAck = await client.Connect(new() { ClientId = clientId, CleanStart = isClean, UserName = userName, Properties = properties });
        Assert.Equal(ReasonCode.Success, connAck.Reason);
        return client;
    }

    private void Publish(string topic, string text) => Broker.Publish(topic, Encoding.UTF8.GetBytes(text));

    private async Task<List<string>> Heard(TestClient client)
    {
        Broker.Find(client.ClientId)!.Send("mark", default);
        var heard = new List<string>();
        while (await client.ReceiveMessage() is { Topic: not "mark" } message)
            heard.Add(Text(message));
        return heard;
    }

    /// <summary>Waits until turns are announced, and what that has changed in the broker is written.</summary>
    private async Task Idle()
    {
        await _emulator.Turns.WhenIdle();
        await _emulator.Turns.WhenCommitted();
    }

    private async Task Restart(TimeSpan downtime = default)
    {
        await Idle();
        _emulator = await _emulator.Restart(downtime);
    }
}
