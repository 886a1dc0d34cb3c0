using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace IoTJobsEmulator.Benchmarks.Load;

/// <summary>A device on MQTT 3.1.1. An answer is whatever is published to it; what arrives with QoS 1 is acknowledged.</summary>
internal sealed class MqttConnection : Connection
{
    private bool _isConnecting = true;

    public MqttConnection(IPEndPoint peer, string clientId) : base(peer)
    {
        Ask(MqttPacket.Connect(clientId));
        ReadAnswer();
        _isConnecting = false;
    }

    /// <summary>The topic of the last message, until the next is read.</summary>
    public ReadOnlyMemory<byte> Topic { get; private set; }

    public ReadOnlyMemory<byte> Payload { get; private set; }

    public void Subscribe(string filter, byte qos = 0)
    {
        _isConnecting = true;
        Ask(MqttPacket.Subscribe(filter, qos));
        ReadAnswer();
        _isConnecting = false;
    }

    protected override int Take(ReadOnlyMemory<byte> received, out bool isAnswer)
    {
        isAnswer = false;
        if (!MqttPacket.TryReadLength(received.Span, out var header, out var length))
            return 0;
        var packet = received[header..length];
        switch (received.Span[0] >> 4)
        {
            case MqttPacket.Message:
                isAnswer = true;
                Hear(packet, qos: (received.Span[0] >> 1) & 3);
                break;
            case MqttPacket.ConnectAnswer or MqttPacket.SubscribeAnswer:
                isAnswer = _isConnecting;
                if ((packet.Span[^1] & 0x80) != 0 || (received.Span[0] >> 4 == MqttPacket.ConnectAnswer && packet.Span[1] != 0))
                    throw new BenchmarkException($"{Peer} refuses a device: {packet.Span[^1]}");
                break;
        }
        return length;
    }

    private void Hear(ReadOnlyMemory<byte> packet, int qos)
    {
        var topic = BinaryPrimitives.ReadUInt16BigEndian(packet.Span);
        Topic = packet.Slice(2, topic);
        var rest = packet[(2 + topic)..];
        if (qos > 0)
        {
            Send([MqttPacket.Acknowledgement << 4, 2, rest.Span[0], rest.Span[1]]);
            rest = rest[2..];
        }
        Payload = rest;
        if (Topic.Span.EndsWith("/rejected"u8))
            throw new BenchmarkException($"{Encoding.UTF8.GetString(Topic.Span)} {Encoding.UTF8.GetString(Payload.Span)}");
    }
}
