using System.Text;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

/// <summary>A client that says what the test tells it to say, and nothing of its own accord.</summary>
internal sealed class TestClient(MqttBroker broker, MqttVersion version)
{
    /// <summary>Only so that a broken test ends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestLine _line = new();
    private Task _served = Task.CompletedTask;
    private readonly Queue<PublishPacket> _early = new();
    private ushort _lastId;

    public string ClientId { get; private set; } = "";

    public ConnAckPacket Answer { get; private set; } = new(false, ReasonCode.Success);

    /// <summary>Opens the line without a word.</summary>
    public TestClient Dial(object? tag, CancellationToken stopping)
    {
        _served = broker.ServeAsync(_line.Server, tag, stopping);
        return this;
    }

    public async Task<ConnAckPacket> Connect(ConnectPacket connect)
    {
        await Send(connect with { Version = version });
        Answer = await Receive<ConnAckPacket>();
        ClientId = Answer.Properties.AssignedClientIdentifier ?? connect.ClientId;
        return Answer;
    }

    public async Task Send(MqttPacket packet)
    {
        PacketEncoder.Write(_line.Client.Output, packet, version);
        await _line.Client.Output.FlushAsync();
    }

    public async Task SendBytes(params byte[] bytes) => await _line.Client.Output.WriteAsync(bytes);

    public async Task<IReadOnlyList<ReasonCode>> SubscribeAll(params SubscriptionRequest[] requests)
    {
        await Send(new SubscribePacket(++_lastId, requests));
        return (await Receive<SubAckPacket>()).Reasons;
    }

    public Task<IReadOnlyList<ReasonCode>> Subscribe(string filter, Qos qos = Qos.AtLeastOnce) => SubscribeAll(new SubscriptionRequest(filter, qos));

    public async Task<UnsubAckPacket> Unsubscribe(params string[] filters)
    {
        await Send(new UnsubscribePacket(++_lastId, filters));
        return await Receive<UnsubAckPacket>();
    }

    /// <summary>Publishes, and waits until it is acknowledged and acted on.</summary>
    public async Task Publish(string topic, string payload, Qos qos = Qos.AtLeastOnce, bool retain = false, MqttProperties? properties = null)
    {
        var id = qos == Qos.AtMostOnce ? (ushort)0 : ++_lastId;
        await Send(new PublishPacket(topic, Encoding.UTF8.GetBytes(payload))
        {
            Qos = qos,
            Retain = retain,
            PacketId = id,
            Properties = properties ?? MqttProperties.None,
        });
        if (id != 0)
            Assert.Equal(id, (await Receive<AcknowledgePacket>()).PacketId);
        await Ping();
    }

    /// <summary>Waits until the broker has acted on everything so far; messages that come meanwhile are heard later.</summary>
    public async Task Ping()
    {
        await Send(PingRequestPacket.Instance);
        while (await ReceiveFromLine() is var packet and not PingResponsePacket)
            _early.Enqueue(packet as PublishPacket ?? throw new InvalidOperationException($"Expected the answer to a ping, received {packet?.ToString() ?? "the end"}"));
    }

    /// <summary>Asserts that a ping is answered before any message comes.</summary>
    public async Task PingInSilence()
    {
        await Send(PingRequestPacket.Instance);
        await Receive<PingResponsePacket>();
    }

    /// <summary>The next message, acknowledged.</summary>
    public async Task<PublishPacket> Hear()
    {
        var packet = await Receive<PublishPacket>();
        if (packet.Qos == Qos.AtLeastOnce)
            await Acknowledge(packet);
        return packet;
    }

    /// <summary>The next message as "topic payload", acknowledged.</summary>
    public async Task<string> HearText() => await Hear() is var p ? $"{p.Topic} {Encoding.UTF8.GetString(p.Payload.Span)}" : "";

    public Task Acknowledge(PublishPacket packet) => Send(new AcknowledgePacket(PacketType.PubAck, packet.PacketId));

    /// <summary>Asserts that nothing is on its way: messages to one client keep their order, so a mark comes after all of them.</summary>
    public async Task HearsNothing()
    {
        broker.Find(ClientId)!.Send("mark", default);
        Assert.Equal("mark ", await HearText());
    }

    public async Task<T> Receive<T>() where T : MqttPacket
    {
        var packet = await Receive();
        return packet as T ?? throw new InvalidOperationException($"Expected {typeof(T).Name}, received {packet?.ToString() ?? "the end"}");
    }

    /// <summary>The next packet, or null at the end of the line.</summary>
    public async Task<MqttPacket?> Receive() => _early.TryDequeue(out var early) ? early : await ReceiveFromLine();

    private async Task<MqttPacket?> ReceiveFromLine()
    {
        while (true)
        {
            var result = await _line.Client.Input.ReadAsync().AsTask().WaitAsync(Patience);
            var buffer = result.Buffer;
            var isWhole = PacketDecoder.TryRead(ref buffer, version, int.MaxValue, out var packet);
            _line.Client.Input.AdvanceTo(buffer.Start, isWhole ? buffer.Start : buffer.End);
            if (isWhole)
                return packet;
            if (result.IsCompleted)
                return null;
        }
    }

    /// <summary>Says goodbye, and waits until the broker knows it.</summary>
    public async Task Disconnect(ReasonCode reason = ReasonCode.Success, MqttProperties? properties = null)
    {
        await Send(new DisconnectPacket(reason) { Properties = properties ?? MqttProperties.None });
        await Gone();
    }

    /// <summary>Goes without a word, and waits until the broker knows it.</summary>
    public async Task HangUp()
    {
        await _line.Client.Output.CompleteAsync();
        await Gone();
    }

    /// <summary>Waits until the broker has ended the connection: in MQTT 5 with a reason, otherwise (null) without a word.</summary>
    public async Task<ReasonCode?> Ended()
    {
        ReasonCode? reason = null;
        while (await Receive() is { } packet)
            reason = (packet as DisconnectPacket)?.Reason ?? (packet as ConnAckPacket)?.Reason ?? reason;
        await Gone();
        return reason;
    }

    public Task Gone() => _served.WaitAsync(Patience);
}
