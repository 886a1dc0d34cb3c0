using System.Buffers;

namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Encodes packets.</summary>
public static class PacketEncoder
{
    /// <returns>False when the packet exceeds <paramref name="limit"/> bytes; then nothing is written.</returns>
    public static bool Write(IBufferWriter<byte> output, MqttPacket packet, MqttVersion version, int limit = int.MaxValue)
    {
        var writer = FieldWriter.ForThread();
        switch (packet)
        {
            case PublishPacket p:
                return WritePublish(output, version, p.Topic, p.Payload.Span, p.Qos, p.Retain, p.Duplicate, p.PacketId, p.Properties, limit);
            case ConnectPacket p: WriteConnect(writer, p); break;
            case ConnAckPacket p: WriteConnAck(writer, p, version); break;
            case AcknowledgePacket p: WriteAcknowledge(writer, p, version); break;
            case SubscribePacket p: WriteSubscribe(writer, p, version); break;
            case SubAckPacket p: WriteReasons(writer, p.PacketId, p.Reasons, p.Properties, version); break;
            case UnsubscribePacket p: WriteUnsubscribe(writer, p, version); break;
            case UnsubAckPacket p: WriteReasons(writer, p.PacketId, version == MqttVersion.V5 ? p.Reasons : [], p.Properties, version); break;
            case DisconnectPacket p: WriteReason(writer, p.Reason, p.Properties, version); break;
            case AuthPacket p: WriteReason(writer, p.Reason, p.Properties, version); break;
        }
        var flags = packet.Type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 0b0010 : 0;
        return TryWrite(output, writer.Finish((byte)(((int)packet.Type << 4) | flags)), limit);
    }

    /// <summary>Writes a PUBLISH from its parts, so that a message to many clients needs no packet object for each.</summary>
    /// <returns>False when the packet exceeds <paramref name="limit"/> bytes; then nothing is written.</returns>
    public static bool WritePublish(
        IBufferWriter<byte> output, MqttVersion version, string topic, ReadOnlySpan<byte> payload, Qos qos, bool retain, bool duplicate,
        ushort packetId, MqttProperties properties, int limit)
    {
        var writer = FieldWriter.ForThread();
        writer.WriteString(topic);
        if (qos != Qos.AtMostOnce)
            writer.WriteUInt16(packetId);
        if (version == MqttVersion.V5)
            PropertiesWriter.Write(writer, properties);
        writer.WriteBytes(payload);
        var flags = (duplicate ? 8 : 0) | ((int)qos << 1) | (retain ? 1 : 0);
        return TryWrite(output, writer.Finish((byte)(((int)PacketType.Publish << 4) | flags)), limit);
    }

    private static bool TryWrite(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes, int limit)
    {
        if (bytes.Length > limit)
            return false;
        output.Write(bytes);
        return true;
    }

    private static void WriteConnect(FieldWriter writer, ConnectPacket packet)
    {
        writer.WriteString(packet.Version == MqttVersion.V31 ? "MQIsdp" : "MQTT");
        writer.WriteByte((byte)packet.Version);
        writer.WriteByte((byte)((packet.UserName is null ? 0 : 0x80) | (packet.Password is null ? 0 : 0x40) | WillFlags(packet.Will) | (packet.CleanStart ? 2 : 0)));
        writer.WriteUInt16(packet.KeepAlive);
        if (packet.Version == MqttVersion.V5)
            PropertiesWriter.Write(writer, packet.Properties);
        writer.WriteString(packet.ClientId);
        if (packet.Will is { } will)
        {
            if (packet.Version == MqttVersion.V5)
                PropertiesWriter.Write(writer, will.Properties);
            writer.WriteString(will.Topic);
            writer.WriteBinary(will.Payload.Span);
        }
        if (packet.UserName is { } userName)
            writer.WriteString(userName);
        if (packet.Password is { } password)
            writer.WriteBinary(password.Span);
    }

    private static int WillFlags(WillMessage? will) => will is null ? 0 : 4 | ((int)will.Qos << 3) | (will.Retain ? 0x20 : 0);

    private static void WriteConnAck(FieldWriter writer, ConnAckPacket packet, MqttVersion version)
    {
        writer.WriteByte(packet.SessionPresent && version != MqttVersion.V31 ? (byte)1 : (byte)0); // reserved in MQTT 3.1
        writer.WriteByte(version == MqttVersion.V5 ? (byte)packet.Reason : ReasonTable.ToReturnCode(packet.Reason));
        if (version == MqttVersion.V5)
            PropertiesWriter.Write(writer, packet.Properties);
    }

    private static void WriteAcknowledge(FieldWriter writer, AcknowledgePacket packet, MqttVersion version)
    {
        writer.WriteUInt16(packet.PacketId);
        WriteReason(writer, packet.Reason, packet.Properties, version);
    }

    private static void WriteSubscribe(FieldWriter writer, SubscribePacket packet, MqttVersion version)
    {
        writer.WriteUInt16(packet.PacketId);
        if (version == MqttVersion.V5)
            PropertiesWriter.Write(writer, packet.Properties);
        foreach (var (filter, qos, noLocal, retainAsPublished, retainHandling) in packet.Subscriptions)
        {
            writer.WriteString(filter);
            writer.WriteByte((byte)(version == MqttVersion.V5
                ? (int)qos | (noLocal ? 4 : 0) | (retainAsPublished ? 8 : 0) | ((int)retainHandling << 4)
                : (int)qos));
        }
    }

    private static void WriteUnsubscribe(FieldWriter writer, UnsubscribePacket packet, MqttVersion version)
    {
        writer.WriteUInt16(packet.PacketId);
        if (version == MqttVersion.V5)
            PropertiesWriter.Write(writer, packet.Properties);
        foreach (var filter in packet.Filters)
            writer.WriteString(filter);
    }

    private static void WriteReasons(FieldWriter writer, ushort packetId, IReadOnlyList<ReasonCode> reasons, MqttProperties properties, MqttVersion version)
    {
        writer.WriteUInt16(packetId);
        if (version == MqttVersion.V5)
            PropertiesWriter.Write(writer, properties);
        foreach (var reason in reasons)
            writer.WriteByte(version == MqttVersion.V5 || reason < ReasonCode.UnspecifiedError ? (byte)reason : (byte)ReasonCode.UnspecifiedError);
    }

    /// <summary>Writes reason code and properties of the packets that may omit Success and empty properties (MQTT 5, 3.4.2.1 and others).</summary>
    private static void WriteReason(FieldWriter writer, ReasonCode reason, MqttProperties properties, MqttVersion version)
    {
        var hasProperties = !ReferenceEquals(properties, MqttProperties.None);
        if (version != MqttVersion.V5 || (reason == ReasonCode.Success && !hasProperties))
            return;
        writer.WriteByte((byte)reason);
        if (hasProperties)
            PropertiesWriter.Write(writer, properties);
    }
}
