using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using IoTJobsEmulator.Mqtt;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Tests.Mqtt.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>Devices and the whole emulator: who receives what, and simulated faults.</summary>
public sealed class DeviceGatewayTests
{
    private const string Jobs = "$aws/things/pump-1/jobs/";

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Notifications_go_to_the_members_of_a_shared_subscription_in_round_robin(int members)
    {
        using var emulator = new Emulator();
        List<Device> workers = [];
        for (var i = 0; i < members; i++)
        {
            workers.Add(await Device.Connect(emulator, $"worker-{i}"));
            await workers[i].Subscribe("$share/workers/$aws/things/+/jobs/notify-next");
        }
        for (var i = 0; i < 2 * members; i++)
        {
            await emulator.CreateThing($"pump-{i}");
            await emulator.CreateJob($"job-{i}", $"pump-{i}");
        }

        for (var i = 0; i < members; i++)
            Assert.Equal([$"$aws/things/pump-{i}/jobs/notify-next", $"$aws/things/pump-{i + members}/jobs/notify-next"], await Topics(workers[i]));
    }

    [Fact]
    public async Task A_device_that_states_no_region_finds_its_thing_and_is_notified_of_its_job()
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe(Jobs + "notify");
        await CreateThingAndJob(emulator, "eu-west-1");

        Assert.Equal([Jobs + "notify"], await Topics(device));
        await device.Publish(Jobs + "update-firmware/get");
        Assert.Equal([Jobs + "update-firmware/get/accepted"], await Topics(device));
    }

    [Fact]
    public async Task A_device_that_states_its_region_receives_nothing_of_others()
    {
        using var emulator = new Emulator();
        var east = await Device.Connect(emulator, "east", "?SDK=JSv2&region=us-east-1");
        var west = await Device.Connect(emulator, "west", "?SDK=JSv2&region=eu-west-1");
        foreach (var device in new[] { east, west })
            await device.Subscribe("#");
        foreach (var device in new[] { east, west })
            await device.Subscribe("$aws/#");
        await CreateThingAndJob(emulator, "eu-west-1");
        await east.Publish("plant/1 hello");

        Assert.Equal(["plant/1"], await Topics(east));
        Assert.Equal([Jobs + "notify", Jobs + "notify-next"], await Topics(west));
        await east.Publish(Jobs + "get");
        Assert.Equal([Jobs + "get/rejected"], await Topics(east));
    }

    [Fact]
    public async Task An_acknowledgement_and_the_answer_leave_after_the_commit_in_one_write()
    {
        const int Reports = 200;
        using var emulator = new Emulator();
        await CreateThingAndJob(emulator, "us-east-1");
        var line = new DuplexPipePair();
        var output = new FlushCounter(line.Server.Output);
        var served = emulator.Services.GetRequiredService<DeviceGateway>().Broker.ServeAsync(line.Server with { Output = output }, null, CancellationToken.None);
        await Send(new ConnectPacket { ClientId = "pump-1", Version = MqttVersion.V311 });
        Assert.IsType<ConnAckPacket>(await Receive());

        for (ushort report = 1; report <= Reports; report++)
        {
            var before = output.Flushes;
            await Send(new PublishPacket(Jobs + "update-firmware/update", Encoding.UTF8.GetBytes($$$"""{"status": "IN_PROGRESS", "statusDetails": {"report": "{{{report}}}"}}"""))
            {
                Qos = Qos.AtLeastOnce,
                PacketId = report,
            });
            Assert.Equal(report, Assert.IsType<AcknowledgePacket>(await Receive()).PacketId);
            Assert.Equal(Jobs + "update-firmware/update/accepted", Assert.IsType<PublishPacket>(await Receive()).Topic);
            Assert.Equal(before + 1, output.Flushes);
        }
        await line.Client.Output.CompleteAsync();
        await served;

        async Task Send(MqttPacket packet)
        {
            PacketEncoder.Write(line.Client.Output, packet, MqttVersion.V311);
            await line.Client.Output.FlushAsync(TestContext.Current.CancellationToken);
        }

        async Task<MqttPacket?> Receive()
        {
            while (true)
            {
                var buffer = (await line.Client.Input.ReadAsync(TestContext.Current.CancellationToken)).Buffer;
                var isWhole = PacketDecoder.TryRead(ref buffer, MqttVersion.V311, int.MaxValue, out var packet);
                line.Client.Input.AdvanceTo(buffer.Start, isWhole ? buffer.Start : buffer.End);
                if (isWhole)
                    return packet;
            }
        }
    }

    [Fact]
    public async Task A_response_goes_only_to_the_client_that_sent_the_request()
    {
        using var emulator = new Emulator();
        await CreateThingAndJob(emulator, "us-east-1");
        var (device, listener) = (await Device.Connect(emulator, "pump-1"), await Device.Connect(emulator, "listener"));
        await listener.Subscribe("$aws/#");

        await device.Publish(Jobs + "get");

        Assert.Equal([Jobs + "get/accepted"], await Topics(device));
        Assert.Empty(await Topics(listener));
    }

    [Theory]
    [InlineData(Qos.AtLeastOnce, Qos.AtMostOnce, new string[0])]
    [InlineData(Qos.AtLeastOnce, Qos.AtMostOnce, new[] { "0 get/accepted" })]
    [InlineData(Qos.AtLeastOnce, Qos.AtMostOnce, new[] { "1 get/rejected", "1 $next/get/accepted", "0 +/accepted" })]
    [InlineData(Qos.AtLeastOnce, Qos.AtLeastOnce, new[] { "1 get/accepted" })]
    [InlineData(Qos.AtMostOnce, Qos.AtLeastOnce, new[] { "1 get/accepted" })]
    [InlineData(Qos.AtMostOnce, Qos.AtMostOnce, new string[0])]
    [InlineData(Qos.AtMostOnce, Qos.AtLeastOnce, new[] { "2 get/+" })]
    [InlineData(Qos.AtMostOnce, Qos.AtLeastOnce, new[] { "0 get/accepted", "1 #", "0 get/#" })]
    public async Task An_answer_has_the_highest_QoS_of_the_devices_subscriptions(Qos asked, Qos answered, string[] subscriptions)
    {
        using var emulator = new Emulator();
        await CreateThingAndJob(emulator, "us-east-1");
        var (device, other) = (await Device.Connect(emulator, "pump-1"), await Device.Connect(emulator, "other"));
        await other.Subscribe("$aws/#");
        foreach (var subscription in subscriptions)
            await device.Subscribe(Jobs + subscription[2..], (Qos)(subscription[0] - '0'));

        await device.Publish(Jobs + "get", asked);

        Assert.Equal(answered, await device.HeardQos());
        var shown = (await emulator.Send("GET", "/_emulator/messages?topic=%24aws/things/%2B/jobs/get/accepted")).Json["messages"]!.AsArray();
        Assert.Equal((int)answered, (int?)Assert.Single(shown)!["qos"]);
    }

    [Theory]
    [InlineData(Qos.AtMostOnce)]
    [InlineData(Qos.AtLeastOnce)]
    public async Task A_rejection_has_the_QoS_of_the_devices_shared_subscription(Qos qos)
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe($"$share/pumps/{Jobs}get/rejected", qos);
        await device.Publish(Jobs + "get");
        Assert.Equal(qos, await device.HeardQos());
    }

    [Theory]
    [InlineData(Jobs + "notify")]
    [InlineData("$aws/events/job/update-firmware/completed")]
    public async Task Publishing_to_a_reserved_topic_ends_the_connection(string topic)
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Send(topic, "{}");
        await device.Ended();
        Assert.Contains($"pump-1 publishes to {topic}, where only the service does", Assert.Single(emulator.TakeWarnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_will_on_a_reserved_topic_is_refused()
    {
        using var emulator = new Emulator();
        var answer = await IotDataTests.Client(emulator, MqttVersion.V311).Connect(new() { ClientId = "pump-1", Will = new(Jobs + "notify", "{}"u8.ToArray(), Qos.AtLeastOnce, Retain: false) });
        Assert.Equal(ReasonCode.NotAuthorized, answer.Reason);
        Assert.Contains($"pump-1 publishes to {Jobs}notify, where only the service does", Assert.Single(emulator.TakeWarnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_is_rejected_when_the_database_cannot_be_written()
    {
        using var folder = new Storage.Folder();
        using var emulator = new Emulator(("database", folder.Database));
        await CreateThingAndJob(emulator, "us-east-1");
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe(Jobs + "+");
        folder.Ask<int>("CREATE TRIGGER full_disk BEFORE INSERT ON JobExecutions BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");

        await device.Publish(Jobs + """update-firmware/update {"status": "SUCCEEDED", "clientToken": "t"}""");

        var (topic, payload) = Assert.Single(await device.Heard());
        Assert.Equal(Jobs + "update-firmware/update/rejected", topic);
        var rejected = JsonNode.Parse(payload)!;
        Assert.Equal(
            ("InternalError", "The database could not be written. Nothing has changed.", "t"),
            ((string?)rejected["code"], (string?)rejected["message"], (string?)rejected["clientToken"]));
        Assert.StartsWith("The database could not be written", Assert.Single(emulator.TakeWarnings()), StringComparison.Ordinal);
        Assert.Equal("QUEUED", (string?)(await emulator.Send("GET", "/things/pump-1/jobs/update-firmware")).Json["execution"]!["status"]);
    }

    [Theory]
    [InlineData("aws/things/pump-1/jobs/get", "the $ before aws is missing")]
    [InlineData("/$aws/things/pump-1/jobs/get", "it begins with a slash")]
    [InlineData("$aws/thing/pump-1/jobs/get", "it is things, not thing")]
    public async Task A_mistyped_topic_is_logged_and_delivered(string topic, string mistake)
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe(topic);
        await device.Publish(topic);
        Assert.Equal([topic], await Topics(device));
        Assert.EndsWith(mistake + " ", Assert.Single(emulator.TakeWarnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_caller_sees_the_messages_and_clients_of_its_account_and_those_of_none()
    {
        using var emulator = new Emulator();
        const string East = "111122223333", West = "444455556666";
        var clients = new Dictionary<string, Device>();
        foreach (var account in (string[])[East, West, ""])
        {
            clients[account] = await Device.Connect(emulator, "pump-1", account.Length == 0 ? null : $"?account={account}");
            await clients[account].Publish($"a/{account} 1");
        }
        Assert.Equal(200, (await emulator.Send("POST", "/topics/b", "1", Emulator.Signed("iotdata", accessKeyId: West))).Status);
        Assert.Equal(200, (await emulator.Send("POST", "/things/pump-9", null, Emulator.Signed("iot", accessKeyId: West))).Status);
        await clients[""].Publish("$aws/things/pump-9/jobs/get {}"); // the answer shows what is West's

        Assert.Equal([$"a/{East}", $"a/{West}", "a/", "b", "$aws/things/pump-9/jobs/get", "$aws/things/pump-9/jobs/get/accepted"], await Topics());
        Assert.Equal([$"a/{East}", "a/", "$aws/things/pump-9/jobs/get"], await Topics(Emulator.Signed("iot", accessKeyId: East)));
        Assert.Equal(
            [$"a/{West}", "a/", "b", "$aws/things/pump-9/jobs/get", "$aws/things/pump-9/jobs/get/accepted"],
            await Topics(Emulator.Signed("iotdata", accessKeyId: West)));
        Assert.Equal((3, 2, 1), (await Count(), await Count(Emulator.Signed("iot", accessKeyId: East)), await Count(Emulator.Signed("iot", "eu-west-1", East))));

        Assert.Equal(200, (await emulator.Send("DELETE", "/_emulator/clients/pump-1", null, Emulator.Signed("iot", accessKeyId: East))).Status);
        await clients[East].Ended();
        Assert.Equal(2, await Count());
        Assert.Equal(200, (await emulator.Send("DELETE", "/_emulator/clients/pump-1")).Status);
        foreach (var account in (string[])[West, ""])
            await clients[account].Ended();
        Assert.Equal(404, (await emulator.Send("DELETE", "/_emulator/clients/pump-1")).Status);

        async Task<string?[]> Topics(params (string, string)[] headers) =>
            [.. (await emulator.Send("GET", "/_emulator/messages", null, headers)).Json["messages"]!.AsArray().Select(message => (string?)message!["topic"])];

        async Task<int> Count(params (string, string)[] headers) =>
            (await emulator.Send("GET", "/_emulator/clients", null, headers)).Json["clients"]!.AsArray().Count;
    }

    [Fact]
    public async Task A_signed_caller_does_not_put_out_a_client_of_another_account()
    {
        using var emulator = new Emulator();
        await Device.Connect(emulator, "pump-1", "?account=111122223333");

        Assert.Equal(404, (await emulator.Send("DELETE", "/_emulator/clients/pump-1", null, Emulator.Signed("iot", accessKeyId: "444455556666"))).Status);
        Assert.Equal(200, (await emulator.Send("DELETE", "/_emulator/clients/pump-1", null, Emulator.Signed("iot", accessKeyId: "111122223333"))).Status);
    }

    [Fact]
    public async Task What_an_answered_request_announced_is_among_the_messages()
    {
        using var emulator = new Emulator();
        await emulator.CreateThing("pump-1");
        await emulator.Send("GET", "/_emulator/messages"); // compiled by now
        using var isHeld = new ManualResetEventSlim();
        var holding = new TaskCompletionSource();
        var held = Task.Run(() => emulator.Turns.Deliver(() =>
        {
            holding.SetResult();
            isHeld.Wait();
        }), TestContext.Current.CancellationToken);
        await holding.Task;
        await emulator.CreateJob("update-firmware", "pump-1"); // answered, though what it announces waits

        var asked = emulator.Send("GET", "/_emulator/messages?topic=%24aws/things/pump-1/jobs/notify-next");
        for (var i = 0; i < 100_000 && !asked.IsCompleted; i++)
            await Task.Yield(); // time enough for an answer that waits for nothing
        isHeld.Set();

        Assert.Single((await asked).Json["messages"]!.AsArray());
        await held;
    }

    [Theory]
    [InlineData("{\"a\": [\"\\ud83d\\ude00\"]}", "{\"a\":[\"\\uD83D\\uDE00\"]}")]
    [InlineData("{\"a\":\"\\udc00\"}", null)]
    [InlineData("{\"\\ud800\":1}", null)]
    [InlineData("{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}")]
    [InlineData("\"\\u\"", null)]
    [InlineData("null", "null")]
    public async Task A_message_that_is_no_JSON_of_Unicode_is_shown_as_text(string payload, string? json)
    {
        using var emulator = new Emulator();
        await emulator.Send("POST", "/topics/a", payload);

        var shown = await emulator.Send("GET", "/_emulator/messages");

        Assert.Equal(200, shown.Status);
        if (json is null)
            Assert.Equal(payload, (string?)shown.Json["messages"]![0]!["payload"]);
        else
            Assert.EndsWith($"\"payload\":{json}}}]}}", shown.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(56, true)]
    [InlineData(57, false)]
    [InlineData(61, false)]
    [InlineData(64, false)]
    [InlineData(60_000, false)]
    public async Task A_message_with_deep_JSON_is_shown_as_text(int depth, bool isJson)
    {
        using var emulator = new Emulator();
        var payload = new string('[', depth) + new string(']', depth);
        await emulator.Send("POST", "/topics/a", payload);

        var shown = await emulator.Send("GET", "/_emulator/messages");

        Assert.Equal(200, shown.Status);
        Assert.EndsWith(isJson ? $"\"payload\":{payload}}}]}}" : $"\"payload\":\"{payload}\"}}]}}", shown.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_no_text_is_shown_in_base64()
    {
        using var emulator = new Emulator();
        foreach (var payload in (byte[][])[[0xff, 0xfe], [.. "{\"a\":\""u8, 0xff, .. "\"}"u8]])
        {
            await emulator.SendBytes("POST", "/topics/a", payload);
            var shown = (await emulator.Send("GET", "/_emulator/messages")).Json["messages"]!.AsArray();
            Assert.Equal(Convert.ToBase64String(payload), (string?)shown[^1]!["payload"]);
        }
    }

    [Fact]
    public async Task Messages_are_shown_byte_for_byte_when_that_is_asked_for_and_so_many_as_are_asked_for()
    {
        using var emulator = new Emulator();
        byte[][] payloads = [[.. """{ "a" : 1.0 }"""u8], [0xff, 0x00], []];
        foreach (var payload in payloads)
            await emulator.SendBytes("POST", "/topics/a", payload);

        var shown = (await emulator.Send("GET", "/_emulator/messages?include=bytes")).Json["messages"]!.AsArray();

        Assert.Equal(payloads.Select(Convert.ToBase64String), shown.Select(message => (string?)message!["bytes"]));
        var second = (await emulator.Send("GET", $"/_emulator/messages?after={shown[0]!["number"]}&limit=1")).Json["messages"]!.AsArray();
        Assert.Equal((long)shown[1]!["number"]!, (long)Assert.Single(second)!["number"]!);
        Assert.Null(second[0]!["bytes"]);
        Assert.Equal(400, (await emulator.Send("GET", "/_emulator/messages?include=other")).Status);
    }

    [Theory]
    [InlineData("$aws/things/p1/jobs/j/get", """{"executionNumber":"\udc00"}""")]
    [InlineData("$aws/things/p1/jobs/j/get", """{"\udc00":1}""")]
    [InlineData("$aws/things/p1/jobs/j/get", """{"\udc00\ud800":1}""")]
    [InlineData("$aws/things/p1/jobs/j/get", """{"\udc00xxxxxxxxxxxx":1}""")]
    [InlineData("$aws/things/p1/jobs/j/get", """{"clientToken":"\udc00"}""")]
    [InlineData("$aws/things/p1/jobs/j/get", """{"includeJobDocument":"\udc00"}""")]
    [InlineData("$aws/things/p1/jobs/j/update", """{"status":"\udc00"}""")]
    [InlineData("$aws/things/p1/jobs/j/update", """{"status":"SUCCEEDED","statusDetails":{"\udc00":"a"}}""")]
    [InlineData("$aws/things/p1/jobs/j/update", """{"status":"SUCCEEDED","statusDetails":{"a":"\udc00"}}""")]
    [InlineData("$aws/things/p1/jobs/get", """{"\udc00\ud800":1}""")]
    public async Task Half_of_a_surrogate_pair_is_rejected_and_the_connection_goes_on(string topic, string payload)
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "p1");

        await device.Publish($"{topic} {payload}");

        var (heardTopic, answer) = Assert.Single(await device.Heard());
        Assert.Equal(topic + "/rejected", heardTopic);
        Assert.Contains((string?)JsonNode.Parse(answer)!["code"], (string[])["InvalidJson", "InvalidRequest"]);
    }

    [Fact]
    public async Task A_value_whose_text_is_cut_within_a_surrogate_pair_is_rejected()
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "p1");

        foreach (var length in (int[])[197, 198, 199, 200])
        {
            await device.Publish($$"""$aws/things/p1/jobs/j/get {"executionNumber":"{{new string('a', length)}}{{"\ud83d\ude00"}}{{"\ud83d\ude00"}}"}""");

            Assert.Contains("InvalidRequest", Assert.Single(await device.Heard()).Payload, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Shadows_are_plain_messages()
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe("$aws/things/+/shadow/update");
        await device.Publish("$aws/things/pump-1/shadow/update {}");
        Assert.Equal(["$aws/things/pump-1/shadow/update"], await Topics(device));
    }

    [Fact]
    public async Task Notifications_can_be_dropped_or_duplicated_on_request()
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe(Jobs + "+");
        await emulator.Send("POST", "/_emulator/faults", """{"notification": "*", "thing": "pump-1", "times": 1, "drop": true}""");
        await CreateThingAndJob(emulator, "us-east-1");
        Assert.Equal([Jobs + "notify-next"], await Topics(device));

        await emulator.Send("POST", "/_emulator/faults", """{"notification": "*", "thing": "pump-1", "times": 1, "duplicate": true}""");
        await device.Publish(Jobs + """update-firmware/update {"status": "SUCCEEDED"}""");
        Assert.Equal([Jobs + "update-firmware/update/accepted", Jobs + "notify", Jobs + "notify", Jobs + "notify-next"], await Topics(device));
    }

    [Fact]
    public async Task Published_messages_can_be_read_and_a_client_disconnected_over_HTTP()
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await CreateThingAndJob(emulator, "us-east-1");
        await device.Publish(Jobs + """get {"clientToken":"t"}""");
        await emulator.Turns.WhenIdle();

        var messages = (await emulator.Send("GET", "/_emulator/messages?thing=pump-1&topic=%24aws/things/%2B/jobs/%23")).Json["messages"]!.AsArray();
        Assert.Equal(
            [(Jobs + "notify", null, null), (Jobs + "notify-next", null, null), (Jobs + "get", "pump-1", null), (Jobs + "get/accepted", null, "pump-1")],
            messages.Select(m => ((string?)m!["topic"], (string?)m["from"], (string?)m["to"])));
        Assert.Equal("t", (string?)messages[3]!["payload"]!["clientToken"]);
        Assert.Equal("""{"messages":[]}""", (await emulator.Send("GET", $"/_emulator/messages?after={messages[3]!["number"]}")).Body);

        Assert.Equal(200, (await emulator.Send("DELETE", "/_emulator/clients/pump-1")).Status);
        await device.Ended();
        Assert.Equal("""{"clients":[]}""", (await emulator.Send("GET", "/_emulator/clients")).Body);
    }

    [Fact]
    public async Task A_request_that_waits_for_a_message_returns_when_it_is_published()
    {
        using var emulator = new Emulator();
        var waiting = emulator.Send("GET", "/_emulator/messages?topic=plant/1&wait=300");
        await emulator.Send("POST", "/topics/plant/1", "hello");
        Assert.Equal("hello", (string?)(await waiting).Json["messages"]![0]!["payload"]);
    }

    [Fact]
    public async Task Messages_are_published_and_retained_over_HTTP()
    {
        using var emulator = new Emulator();
        var device = await Device.Connect(emulator, "pump-1");
        await device.Subscribe("plant/#");

        var answer = await emulator.Send("POST", "/topics/plant%2F1?qos=1&retain=true", "hello", Emulator.Signed("iotdata"));

        Assert.Equal((200, "OK"), (answer.Status, answer.Message));
        Assert.Equal(["plant/1"], await Topics(device));
        Assert.Equal("aGVsbG8=", (string?)(await emulator.Send("GET", "/retainedMessage/plant%2F1")).Json["payload"]);
        Assert.Equal(5, (int?)(await emulator.Send("GET", "/retainedMessage")).Json["retainedTopics"]![0]!["payloadSize"]);
        Assert.Equal("ResourceNotFoundException", (await emulator.Send("GET", "/retainedMessage/plant/2")).ErrorType);
        Assert.Equal((400, "InvalidRequestException"), (await emulator.Send("POST", "/topics/%24aws/things/pump-1/jobs/get", "{}")) is var refused ? (refused.Status, refused.ErrorType) : default);
        Assert.Equal(400, (await emulator.Send("POST", "/topics/plant/%2B", "{}")).Status);
    }

    [Theory]
    [InlineData("localhost", "", "accepted")]
    [InlineData("abc123-ats.iot.eu-west-1.amazonaws.com", "", "accepted")]
    [InlineData("abc123-ats.iot.us-east-1.amazonaws.com", "", "rejected")]
    [InlineData("localhost", "?X-Amz-Credential=AKID%2F20260101%2Feu-west-1%2Fiotdevicegateway%2Faws4_request", "accepted")]
    [InlineData("abc123-ats.iot.eu-west-1.amazonaws.com", "?X-Amz-Credential=AKID%2F20260101%2Fus-east-1%2Fiotdevicegateway%2Faws4_request", "rejected")]
    [InlineData("localhost", "?X-Amz-Credential=111122223333%2F20260101%2Feu-west-1%2Fiotdevicegateway%2Faws4_request", "rejected")]
    public async Task A_WebSocket_states_its_account_and_region_by_host_or_signature(string host, string query, string answer)
    {
        using var emulator = new Emulator();
        await CreateThingAndJob(emulator, "eu-west-1");
        var client = emulator.Server.CreateWebSocketClient();
        client.SubProtocols.Add("mqtt");
        using var socket = await client.ConnectAsync(new($"ws://{host}/mqtt{query}"), TestContext.Current.CancellationToken);

        var topic = await RawMqtt.Ask(
            bytes => socket.SendAsync(bytes, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken),
            buffer => socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken),
            Jobs + "get");

        Assert.Equal($"{Jobs}get/{answer}", topic);
    }

    [Fact]
    public async Task WebSockets_are_served_at_both_paths_and_the_page_is_still_served()
    {
        using var emulator = new Emulator();
        foreach (var (path, subprotocol) in new[] { ("/mqtt?X-Amz-Credential=AKID%2F20260101%2Feu-west-1%2Fiotdevicegateway%2Faws4_request", "mqttv3.1"), ("/", "mqtt") })
        {
            var client = emulator.Server.CreateWebSocketClient();
            client.SubProtocols.Add(subprotocol);
            using var socket = await client.ConnectAsync(new("ws://localhost" + path), TestContext.Current.CancellationToken);
            Assert.Equal(subprotocol, socket.SubProtocol);
            await socket.SendAsync(Convert.FromHexString("100E00044D5154540402003C00027031"), WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
            var answer = new byte[10];
            var received = await socket.ReceiveAsync(answer, TestContext.Current.CancellationToken);
            Assert.Equal("20020000", Convert.ToHexString(answer, 0, received.Count));
        }
        Assert.Equal(302, (await emulator.Send("GET", "/")).Status);
    }

    private static async Task CreateThingAndJob(Emulator emulator, string region)
    {
        await emulator.Send("POST", "/things/pump-1", null, Emulator.Signed("iot", region));
        Assert.Equal(200, (await emulator.Send("PUT", "/jobs/update-firmware",
            $$"""{"targets": ["arn:aws:iot:{{region}}:123456789012:thing/pump-1"], "document": "{}"}""", Emulator.Signed("iot", region))).Status);
        // Its notifications are published after the response: a client that connects next must not receive them.
        await emulator.Turns.WhenIdle();
    }

    private static async Task<IEnumerable<string>> Topics(Device device) => (await device.Heard()).Select(message => message.Topic);

    /// <summary>Counts how often something is written to the network.</summary>
    private sealed class FlushCounter(PipeWriter to) : PipeWriter
    {
        public int Flushes { get; private set; }

        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => to.UnflushedBytes;

        public override void Advance(int bytes) => to.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => to.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => to.GetSpan(sizeHint);

        public override void CancelPendingFlush() => to.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => to.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Flushes++;
            return to.FlushAsync(cancellationToken);
        }
    }
}
