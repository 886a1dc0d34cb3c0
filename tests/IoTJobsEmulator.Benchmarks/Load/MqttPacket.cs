using System.Buffers.Binary;
using System.Text;

namespace IoTJobsEmulator.Benchmarks.Load;

/// <summary>As much of MQTT 3.1.1 as the devices of the benchmark speak.</summary>
internal static class MqttPacket
{
    public const byte ConnectAnswer = 2, Message = 3, Acknowledgement = 4, SubscribeAnswer = 9;

    private const byte Connecting = 0x10, Publishing = 0x30, Subscribing = 0x82;

    private const byte CleanSession = 2;

    /// <summary>No keep-alive: a benchmark's device is never silent for long, or for good.</summary>
    public static byte[] Connect(string clientId) => Packet(Connecting, [.. Text("MQTT"), 4, CleanSession, 0, 0, .. Text(clientId)]);

    public static byte[] Subscribe(string filter, byte qos = 0) => Packet(Subscribing, [0, 1, .. Text(filter), qos]);

    /// <summary>With QoS 1 the packet's id is always 1: one request is outstanding at most.</summary>
    public static byte[] Publish(string topic, string payload, int qos) =>
        Packet((byte)(Publishing | (qos << 1)), [.. Text(topic), .. qos > 0 ? new byte[] { 0, 1 } : [], .. Encoding.UTF8.GetBytes(payload)]);

    /// <summary>How long the first packet is, with its header; false when that has not come yet.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> received, out int header, out int length)
    {
        length = 0;
        for (header = 1; header < received.Length; header++)
        {
            length |= (received[header] & 0x7F) << (7 * (header - 1));
            if ((received[header] & 0x80) != 0)
                continue;
            length += ++header;
            return received.Length >= length;
        }
        return false;
    }

    private static byte[] Packet(byte type, byte[] body)
    {
        List<byte> packet = [type];
        for (var rest = body.Length; ; rest >>= 7)
        {
            packet.Add((byte)(rest > 0x7F ? (rest & 0x7F) | 0x80 : rest));
            if (rest <= 0x7F)
                break;
        }
        return [.. packet, .. body];
    }

    private static byte[] Text(string text)
    {
        var bytes = new byte[2 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(bytes.Length - 2));
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(2));
        return bytes;
    }
}
