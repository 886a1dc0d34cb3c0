using System.Buffers.Binary;
using System.Text;

namespace IoTJobsEmulator.RobustnessTests.Mqtt;

/// <summary>The versions of MQTT by the protocol level that CONNECT says.</summary>
internal enum Level : byte
{
    V31 = 3,
    V311 = 4,
    V5 = 5,
}

/// <summary>Packets as clients write them, made here and not by the emulator's own code.</summary>
internal static class PacketBytes
{
    public const byte ConnAck = 2, Message = 3, PubAck = 4, SubAck = 9, UnsubAck = 11, PingResponse = 13, Ending = 14, Auth = 15;

    private const byte CleanSession = 2;

    public static byte[] Connect(Level level, string clientId, bool isClean = true, ushort keepAlive = 0, byte[]? properties = null) => Packet(0x10,
    [
        .. Text(level == Level.V31 ? "MQIsdp" : "MQTT"), (byte)level, isClean ? CleanSession : (byte)0, .. Number(keepAlive),
        .. Properties(level, properties), .. Text(clientId),
    ]);

    /// <summary>With the packet id 0 it is published with QoS 0, with any other with QoS 1.</summary>
    public static byte[] Publish(Level level, string topic, ReadOnlySpan<byte> payload, ushort packetId = 0, bool retain = false, byte[]? properties = null) =>
        Packet((byte)(0x30 | (packetId > 0 ? 2 : 0) | (retain ? 1 : 0)),
            [.. Text(topic), .. packetId > 0 ? Number(packetId) : [], .. Properties(level, properties), .. payload]);

    public static byte[] Acknowledge(ushort packetId) => Packet(PubAck << 4, Number(packetId));

    public static byte[] Subscribe(Level level, ushort packetId, byte qos, params string[] filters) =>
        Packet(0x82, [.. Number(packetId), .. Properties(level, null), .. filters.SelectMany(filter => (byte[])[.. Text(filter), qos])]);

    public static byte[] Unsubscribe(Level level, ushort packetId, string filter) => Packet(0xA2, [.. Number(packetId), .. Properties(level, null), .. Text(filter)]);

    public static byte[] Ping() => Packet(0xC0, []);

    public static byte[] Disconnect() => Packet(0xE0, []);

    public static byte[] Packet(byte type, byte[] body) => [type, .. VariableLength(body.Length), .. body];

    public static byte[] Text(string text) => [.. Number((ushort)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Number(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Properties(Level level, byte[]? properties) => level != Level.V5 ? [] : [.. VariableLength(properties?.Length ?? 0), .. properties ?? []];

    private static List<byte> VariableLength(int length)
    {
        List<byte> bytes = [];
        for (; length > 0x7F; length >>= 7)
            bytes.Add((byte)(length | 0x80));
        bytes.Add((byte)length);
        return bytes;
    }
}
