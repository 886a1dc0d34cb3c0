using System.Buffers.Binary;
using System.Text;

namespace IoTJobsEmulator.Tests.Mqtt;

/// <summary>The bytes of a client that sends one request, over any connection.</summary>
internal static class RawMqtt
{
    /// <summary>CONNECT of MQTT 3.1.1: a clean session, a keep-alive of 60 seconds, the client id p1.</summary>
    private const string Connect = "100E00044D5154540402003C00027031";

    /// <summary>Connects, publishes nothing to a topic with QoS 0, and returns the topic of what comes then.</summary>
    public static async Task<string> Ask<TReceived>(Func<byte[], Task> send, Func<byte[], Task<TReceived>> receive, string topic)
    {
        var (packet, start) = await Packet(send, receive, topic);
        return Encoding.UTF8.GetString(packet, start + 2, BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(start)));
    }

    public static Task<string> Ask(Stream stream, string topic) => Ask(bytes => stream.WriteAsync(bytes).AsTask(), buffer => stream.ReadAsync(buffer).AsTask(), topic);

    /// <summary>As <see cref="Ask(Stream, string)"/>, but returns the payload.</summary>
    public static async Task<string> AskForPayload(Stream stream, string topic)
    {
        var (packet, start) = await Packet(bytes => stream.WriteAsync(bytes).AsTask(), buffer => stream.ReadAsync(buffer).AsTask(), topic);
        return Encoding.UTF8.GetString(packet[(start + 2 + BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(start)))..]).TrimEnd('\0');
    }

    private static async Task<(byte[] Packet, int Start)> Packet<TReceived>(Func<byte[], Task> send, Func<byte[], Task<TReceived>> receive, string topic)
    {
        await send(Convert.FromHexString(Connect));
        await receive(new byte[4]); // CONNACK
        var name = Encoding.UTF8.GetBytes(topic);
        await send([0x30, (byte)(name.Length + 2), 0, (byte)name.Length, .. name]);
        var packet = new byte[1024];
        await receive(packet);
        return (packet, packet[1] < 0x80 ? 2 : 3); // the packet's length has one byte or two
    }
}
