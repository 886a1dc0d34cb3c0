using System.Text;
using IoTJobsEmulator.Mqtt.Protocol;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Tests.Mqtt.Protocol;

/// <summary>A client that sends what the test tells it to send, and acknowledges only when asked.</summary>
internal sealed class TestClient(MqttBroker broker, MqttVersion version)
{
    /// <summary>Only so that a broken test ends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DuplexPipePair _pipes = new();
    private Task _served = Task.CompletedTask;
    private readonly Queue<PublishPacket> _early = new();
    private ushort _lastId;

    public string ClientId { get; private set; } = "";

    /// <summary>The broker's side of the connection; null before CONNACK, and when it was refused.</summary>
    public MqttConnection? Connection { get; private set; }

    public ConnAckPacket ConnAck { get; private set; } = new(false, ReasonCode.Success);

    /// <summary>Opens the network connection and sends nothing.</summary>
    public TestClient Open(object? tag, CancellationToken stopping)
    {
        _served = broker.ServeAsync(_pipes.Server, tag, stopping);
        return this;
    }

    public async Task<ConnAckPacket> Connect(ConnectPacket connect)
    {
        var others = broker.Connections;
        await Send(connect with { Version = version });
        ConnAck = await Receive<ConnAckPacket>();
        ClientId = ConnAck.Properties.AssignedClientIdentifier ?? connect.ClientId;
        Connection = broker.FindAll(ClientId).Except(others).SingleOrDefault();
        return ConnAck;
    }

    public async Task Send(MqttPacket packet)
    {
        PacketEncoder.Write(_pipes.Client.Output, packet, version);
        await _pipes.Client.Output.FlushAsync();
    }

    public async Task SendBytes(params byte[] bytes) => await _pipes.Client.Output.WriteAsync(bytes);

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

    /// <summary>Publishes, and waits until the message is acknowledged and handled.</summary>
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

    /// <summary>Waits until the broker has handled everything sent so far. Messages received meanwhile are kept for later.</summary>
    public async Task Ping()
    {
        await Send(PingRequestPacket.Instance);
        while (await ReceiveFromPipe() is var packet and not PingResponsePacket)
            _early.Enqueue(packet as PublishPacket ?? throw new InvalidOperationException($"Expected the answer to a ping, received {packet?.ToString() ?? "the end"}"));
    }

    /// <summary>Asserts that a ping is answered before any message is received.</summary>
    public async Task PingWithoutMessages()
    {
        await Send(PingRequestPacket.Instance);
        await Receive<PingResponsePacket>();
    }

    /// <summary>The next message, acknowledged.</summary>
    public async Task<PublishPacket> ReceiveMessage()
    {
        var packet = await Receive<PublishPacket>();
        if (packet.Qos == Qos.AtLeastOnce)
            await Acknowledge(packet);
        return packet;
    }

    /// <summary>The next message as "topic payload", acknowledged.</summary>
    public async Task<string> ReceiveText() => await ReceiveMessage() is var p ? $"{p.Topic} {Encoding.UTF8.GetString(p.Payload.Span)}" : "";

    public Task Acknowledge(PublishPacket packet) => Send(new AcknowledgePacket(PacketType.PubAck, packet.PacketId));

    /// <summary>Asserts that no message is on its way: messages to one client keep their order, so a mark is received after all of them.</summary>
    public async Task ReceivesNoMessage()
    {
        Connection!.Send("mark", default);
        Assert.Equal("mark ", await ReceiveText());
    }

    public async Task<T> Receive<T>() where T : MqttPacket
    {
        var packet = await Receive();
        return packet as T ?? throw new InvalidOperationException($"Expected {typeof(T).Name}, received {packet?.ToString() ?? "the end"}");
    }

    /// <summary>The next packet, or null at the end of the connection.</summary>
    public async Task<MqttPacket?> Receive() => _early.TryDequeue(out var early) ? early : await ReceiveFromPipe();

    private async Task<MqttPacket?> ReceiveFromPipe()
    {
        while (true)
        {
            var result = await _pipes.Client.Input.ReadAsync().AsTask().WaitAsync(Patience);
            var buffer = result.Buffer;
            var isWhole = PacketDecoder.TryRead(ref buffer, version, int.MaxValue, out var packet);
            _pipes.Client.Input.AdvanceTo(buffer.Start, isWhole ? buffer.Start : buffer.End);
            if (isWhole)
                return packet;
            if (result.IsCompleted)
                return null;
        }
    }

    /// <summary>Sends DISCONNECT, and waits until the broker has closed the connection.</summary>
    public async Task Disconnect(ReasonCode reason = ReasonCode.Success, MqttProperties? properties = null)
    {
        await Send(new DisconnectPacket(reason) { Properties = properties ?? MqttProperties.None });
        await Closed();
    }

    /// <summary>Closes the network connection without DISCONNECT, and waits until the broker has closed it too.</summary>
    public async Task CloseTransport()
    {
        await _pipes.Client.Output.CompleteAsync();
        await Closed();
    }

    /// <summary>Waits until the broker has ended the connection. The reason code of its DISCONNECT or CONNACK; null without one.</summary>
    public async Task<ReasonCode?> Ended()
    {
        ReasonCode? reason = null;
        while (await Receive() is { } packet)
            reason = (packet as DisconnectPacket)?.Reason ?? (packet as ConnAckPacket)?.Reason ?? reason;
        await Closed();
        return reason;
    }

    public Task Closed() => _served.WaitAsync(Patience);
}
