using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IoTJobsEmulator.RobustnessTests.Http;

namespace IoTJobsEmulator.RobustnessTests.Mqtt;

/// <summary>
/// Whatever clients send, the broker ends their connection or answers, and a client beside them is served all the time. FUZZ_PACKETS=n sends so
/// many packets.
/// </summary>
public sealed class MqttFuzzTests
{
    private const int PacketsOfAConnection = 6;

    /// <summary>After so many packets everything begins again, so that there are always jobs to ask about.</summary>
    private const int PacketsOfAFleet = 300;

    private const string GoodTopic = "good/client";

    private static readonly string[] Topics =
    [
        "a", "/", "a//b", "plant/\u00e4/temperature", "$aws/things/pump-1/jobs/get", "$aws/things/pump-1/jobs/start-next",
        "$aws/things/pump-1/jobs/notify", "$aws/things/pump-1/jobs/$next/get",
        "$aws/things/pump-1/jobs/update-0/update", "$aws/events/job/x/created", "$aws/things/nobody/shadow/update", "$SYS/broker", "+/x",
        "#", "", "\ud83d\ude00", "$share/a/b", "$aws/things//jobs/get",
        "$aws/things/pump-1/jobs/update-0/namespace-x/update", "a/b/c/d/e/f/g/h/i", new('t', 300), "nul\0",
    ];

    private static readonly string[] Filters =
        ["#", "+", "a/#", "+/b/+", "/", "$share/group/a/+", "$share//x", "$aws/things/+/jobs/#", "$aws/#", "plain", "a/#/b", "a+", "", "$aws/things/pump-1/jobs/+/get/accepted", new('f', 300)];

    /// <summary>What a device asks, and a payload that is right.</summary>
    private static readonly (string Topic, string Payload)[] Requests =
    [
        ("get", """{"clientToken": "t"}"""), ("start-next", """{"statusDetails": {"step": "1"}, "stepTimeoutInMinutes": 5, "clientToken": "t"}"""),
        ("$next/get", """{"includeJobDocument": true, "clientToken": "t"}"""), ("update-0/get", """{"executionNumber": 1, "includeJobDocument": false}"""),
        ("update-0/update", """{"status": "IN_PROGRESS", "statusDetails": {"step": "1"}, "expectedVersion": 1, "executionNumber": 1, "includeJobExecutionState": true, "includeJobDocument": true, "stepTimeoutInMinutes": -1, "clientToken": "t"}"""),
        ("update-1/update", """{"status": "SUCCEEDED", "statusDetails": {"a": "b", "c": "d"}}"""), ("nothing/get", "{}"), ("nothing/update", """{"status": "FAILED"}"""),
    ];

    private readonly Extent _extent = Extent.Of("FUZZ_PACKETS", 3_000);
    private int _packets, _connections, _ended, _accepted, _rejected;

    [Fact]
    public async Task Whatever_is_sent_the_broker_lives_and_another_client_is_served()
    {
        using var running = await EmulatorProcess.Start("--log-level", "error", "--mqtt-port", "0");
        var port = (await running.Ports())["mqtt"];
        running.ReadToTheEnd();
        using var api = new Api(running.Url);
        using var good = await Line.Connected(port, "the-good-client");
        await good.Subscribe(GoodTopic);
        for (var made = -PacketsOfAFleet; _packets < _extent.Count; _connections++)
        {
            if (_packets - made >= PacketsOfAFleet)
            {
                made = _packets;
                await MakeFleet(api);
            }
            var random = new Random(_extent.Random.Next());
            if (random.Next(2) == 0)
                await SendAnything(port, random);
            else
                await AskForJobs(port, random);
            await AssertServed(good);
        }
        Assert.True((await api.Get("/_emulator/ready")).IsSuccess);
        if (Awaited.LoneSurrogatesAreRefusedOverMqtt)
            Assert.DoesNotContain("bug in the emulator", running.Said, StringComparison.Ordinal);
        _extent.Report(string.Create(CultureInfo.InvariantCulture,
            $"{_packets} packets on {_connections} connections, {_ended} ended by the broker; {_accepted} requests of devices accepted, {_rejected} rejected"));
    }

    private static async Task MakeFleet(Api api)
    {
        await Api.Done(api.Post("/_emulator/reset"));
        await Api.Done(api.Post("/things/pump-1"));
        for (var job = 0; job < 3; job++)
            await Api.Done(api.Put($"/jobs/update-{job}", new JsonObject { ["targets"] = new JsonArray("arn:aws:iot:us-east-1:123456789012:thing/pump-1"), ["document"] = """{"a": 1}""" }));
    }

    /// <summary>A connection, mostly a good one, and then packets that mostly are not.</summary>
    private async Task SendAnything(int port, Random random)
    {
        using var line = await Line.Open(port);
        var level = (Level)random.Next(3, 6);
        var connect = PacketBytes.Connect(level, Any(["p1", "", "pump-1", "\u00e4", new('c', 200)], random), random.Next(2) == 0, (ushort)random.Next(3), AnyProperties(random));
        var isDamaged = random.Next(5) == 0;
        var sent = await line.TrySend(isDamaged ? Mutations.Damaged(connect, random) : connect);
        for (var packets = PacketsOfAConnection; packets > 0 && sent; packets--)
        {
            var packet = AnyPacket(level, random);
            sent = await line.TrySend(random.Next(3) > 0 ? Mutations.Damaged(packet, random) : packet);
            _packets++;
        }
        if (!sent)
            _ended++;
        // The broker cannot wait for more: it has to end the connection, and what it has sent is to be packets.
        line.EndSending();
        while (await line.Next() is { } packet)
            AssertOfABroker(packet, mayBe5: isDamaged || level == Level.V5);
    }

    /// <summary>A device that speaks MQTT well, and says anything within it. Each request is answered.</summary>
    private async Task AskForJobs(int port, Random random)
    {
        using var line = await Line.Connected(port, "pump-1");
        await line.Subscribe("$aws/things/pump-1/jobs/get/+", "$aws/things/pump-1/jobs/start-next/+", "$aws/things/pump-1/jobs/+/get/+", "$aws/things/pump-1/jobs/+/update/+");
        for (var packets = PacketsOfAConnection; packets > 0; packets--, _packets++)
        {
            var (operation, payload) = Any(Requests, random);
            var topic = "$aws/things/pump-1/jobs/" + operation;
            var bytes = Encoding.UTF8.GetBytes(payload);
            bytes = random.Next(6) switch { 0 => bytes, 1 => Mutations.Damaged(bytes, random), 2 => [], _ => Mutations.Misstated(bytes, random) };
            await line.Send(PacketBytes.Publish(Level.V311, topic, bytes, packetId: (ushort)(packets + 1)));
            if (bytes.Length > 128 * 1024)
            {
                _ended++;
                return; // longer than AWS takes, which ends the connection
            }
            var answer = await line.TryFind(packet => packet.Type == PacketBytes.Message);
            if (answer is null && IsOfLoneSurrogates(bytes))
            {
                _ended++;
                return;
            }
            Assert.True(answer is not null, $"The broker has ended the connection after {topic} {Convert.ToBase64String(bytes)}");
            Assert.StartsWith(topic, answer.Topic, StringComparison.Ordinal);
            AssertAnswer(answer, bytes);
        }
        await line.Send(PacketBytes.Disconnect());
    }

    private void AssertAnswer(Received answer, byte[] asked)
    {
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(answer.Payload));
        if (answer.Topic.EndsWith("/accepted", StringComparison.Ordinal))
        {
            _accepted++;
            return;
        }
        _rejected++;
        if (IsOfLoneSurrogates(asked))
            return;
        var (code, message) = (json.RootElement.GetProperty("code").GetString(), json.RootElement.GetProperty("message").GetString()!);
        Assert.True(code is not (null or "" or "InternalError") && message.Length > 0 && !message.Contains("System.", StringComparison.Ordinal),
            $"{answer.Topic} {json.RootElement} for {Convert.ToBase64String(asked)}");
    }

    /// <summary>What is not checked while <see cref="Awaited.LoneSurrogatesAreRefusedOverMqtt"/> is awaited.</summary>
    private static bool IsOfLoneSurrogates(byte[] payload) =>
        !Awaited.LoneSurrogatesAreRefusedOverMqtt && Encoding.UTF8.GetString(payload).Contains(@"\ud", StringComparison.OrdinalIgnoreCase);

    /// <summary>Its message comes back to it, and the broker says that it has it.</summary>
    private async Task AssertServed(Line good)
    {
        var text = _connections.ToString(CultureInfo.InvariantCulture);
        await good.Send(PacketBytes.Publish(Level.V311, GoodTopic, Encoding.UTF8.GetBytes(text), packetId: 9));
        var (isHeard, isAcknowledged) = (false, false);
        while (!isHeard || !isAcknowledged)
        {
            var packet = await good.Find(packet => packet.Type is PacketBytes.PubAck or PacketBytes.Message);
            if (packet.Type == PacketBytes.PubAck)
                isAcknowledged = packet.PacketId == 9;
            else
                isHeard = Encoding.UTF8.GetString(packet.Payload) == text;
        }
    }

    private static void AssertOfABroker(Received packet, bool mayBe5) => Assert.True(
        packet.Type is PacketBytes.ConnAck or PacketBytes.Message or PacketBytes.PubAck or PacketBytes.SubAck or PacketBytes.UnsubAck or PacketBytes.PingResponse
            || (packet.Type is PacketBytes.Ending or PacketBytes.Auth && mayBe5),
        $"No packet of a broker: {packet.Header:X2} {Convert.ToHexString(packet.Body)}");

    private static byte[] AnyPacket(Level level, Random random) => random.Next(12) switch
    {
        < 5 => PacketBytes.Publish(level, Any(Topics, random), AnyPayload(random), (ushort)random.Next(4), random.Next(4) == 0, AnyProperties(random)),
        5 or 6 => PacketBytes.Subscribe(level, (ushort)random.Next(4), (byte)random.Next(4), [.. Enumerable.Range(0, random.Next(1, 10)).Select(_ => Any(Filters, random))]),
        7 => PacketBytes.Unsubscribe(level, (ushort)random.Next(4), Any(Filters, random)),
        8 => PacketBytes.Ping(),
        9 => PacketBytes.Acknowledge((ushort)random.Next(4)),
        10 => PacketBytes.Packet((byte)(random.Next(16) << 4), AnyPayload(random)),
        _ => random.Next(4) == 0 ? PacketBytes.Disconnect() : PacketBytes.Connect(level, "p1"),
    };

    private static byte[] AnyPayload(Random random)
    {
        var bytes = new byte[Any([0, 2, 20, 300, 140_000], random)];
        if (bytes.Length < 1_000)
            random.NextBytes(bytes);
        return random.Next(3) == 0 ? "{}"u8.ToArray() : bytes;
    }

    /// <summary>Properties of MQTT 5, by their ids, allowed there or not.</summary>
    private static byte[]? AnyProperties(Random random) => random.Next(6) switch
    {
        0 => [0x01, (byte)random.Next(3)],
        1 => [0x02, 0, 0, 0, (byte)random.Next(256)],
        2 => [0x23, 0, (byte)random.Next(10)],
        3 => [0x26, .. PacketBytes.Text("a"), .. PacketBytes.Text("b")],
        4 => [(byte)random.Next(64), 0, 1],
        _ => null,
    };

    private static T Any<T>(T[] among, Random random) => among[random.Next(among.Length)];
}
