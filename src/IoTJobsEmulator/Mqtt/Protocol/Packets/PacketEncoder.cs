using System.Buffers;

namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Packets to bytes.</summary>
public static class PacketEncoder
{
    /// <returns>False, and nothing is written, when the packet would have more bytes than <paramref name="limit"/>.</returns>
    public static bool Write(IBufferWriter<byte> output, MqttPacket packet, MqttVersion version, int limit = int.MaxValue)
    {
        var to = FieldWriter.Fresh();
        switch (packet)
        {
            case PublishPacket p:
                return WritePublish(output, version, p.Topic, p.Payload.Span, p.Qos, p.Retain, p.Duplicate, p.PacketId, p.Properties, limit);
            case ConnectPacket p: WriteConnect(to, p); break;
            case ConnAckPacket p: WriteConnAck(to, p, version); break;
            case AcknowledgePacket p: WriteAcknowledge(to, p, version); break;
            case SubscribePacket p: WriteSubscribe(to, p, version); break;
            case SubAckPacket p: WriteReasons(to, p.PacketId, p.Reasons, p.Properties, version); break;
            case UnsubscribePacket p: WriteUnsubscribe(to, p, version); break;
            case UnsubAckPacket p: WriteReasons(to, p.PacketId, version == MqttVersion.V5 ? p.Reasons : [], p.Properties, version); break;
            case DisconnectPacket p: WriteReason(to, p.Reason, p.Properties, version); break;
            case AuthPacket p: WriteReason(to, p.Reason, p.Properties, version); break;
        }
        var flags = packet.Type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 0b0010 : 0;
        return TryWrite(output, to.Finish((byte)(((int)packet.Type << 4) | flags)), limit);
    }

    /// <summary>Writes a PUBLISH from its parts, so that a message to a thousand clients is not a thousand packet objects.</summary>
    /// <returns>False, and nothing is written, when the packet would have more bytes than <paramref name="limit"/>.</returns>
    public static bool WritePublish(
        IBufferWriter<byte> output, MqttVersion version, string topic, ReadOnlySpan<byte> payload, Qos qos, bool retain, bool duplicate,
        ushort packetId, MqttProperties properties, int limit)
    {
        var to = FieldWriter.Fresh();
        to.Text(topic);
        if (qos != Qos.AtMostOnce)
            to.UInt16(packetId);
        if (version == MqttVersion.V5)
            PropertiesWriter.Write(to, properties);
        to.Raw(payload);
        var flags = (duplicate ? 8 : 0) | ((int)qos << 1) | (retain ? 1 : 0);
        return TryWrite(output, to.Finish((byte)(((int)PacketType.Publish << 4) | flags)), limit);
    }

    private static bool TryWrite(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes, int limit)
    {
        if (bytes.Length > limit)
            return false;
        output.Write(bytes);
        return true;
    }

    private static void WriteConnect(FieldWriter to, ConnectPacket packet)
    {
        to.Text(packet.Version == MqttVersion.V31 ? "MQIsdp" : "MQTT");
        to.Byte((byte)packet.Version);
        to.Byte((byte)((packet.UserName is null ? 0 : 0x80) | (packet.Password is null ? 0 : 0x40) | WillFlags(packet.Will) | (packet.CleanStart ? 2 : 0)));
        to.UInt16(packet.KeepAlive);
        if (packet.Version == MqttVersion.V5)
            PropertiesWriter.Write(to, packet.Properties);
        to.Text(packet.ClientId);
        if (packet.Will is { } will)
        {
            if (packet.Version == MqttVersion.V5)
                PropertiesWriter.Write(to, will.Properties);
            to.Text(will.Topic);
            to.Binary(will.Payload.Span);
        }
        if (packet.UserName is { } userName)
            to.Text(userName);
        if (packet.Password is { } password)
            to.Binary(password.Span);
    }

    private static int WillFlags(WillMessage? will) => will is null ? 0 : 4 | ((int)will.Qos << 3) | (will.Retain ? 0x20 : 0);

    private static void WriteConnAck(FieldWriter to, ConnAckPacket packet, MqttVersion version)
    {
        to.Byte(packet.SessionPresent && version != MqttVersion.V31 ? (byte)1 : (byte)0); // reserved in 3.1
        to.Byte(version == MqttVersion.V5 ? (byte)packet.Reason : ReasonTable.ReturnCode(packet.Reason));
        if (version == MqttVersion.V5)
            PropertiesWriter.Write(to, packet.Properties);
    }

    private static void WriteAcknowledge(FieldWriter to, AcknowledgePacket packet, MqttVersion version)
    {
        to.UInt16(packet.PacketId);
        WriteReason(to, packet.Reason, packet.Properties, version);
    }

    private static void WriteSubscribe(FieldWriter to, SubscribePacket packet, MqttVersion version)
    {
        to.UInt16(packet.PacketId);
        if (version == MqttVersion.V5)
            PropertiesWriter.Write(to, packet.Properties);
        foreach (var (filter, qos, noLocal, retainAsPublished, retainHandling) in packet.Subscriptions)
        {
            to.Text(filter);
            to.Byte((byte)(version == MqttVersion.V5
                ? (int)qos | (noLocal ? 4 : 0) | (retainAsPublished ? 8 : 0) | ((int)retainHandling << 4)
                : (int)qos));
        }
    }

    private static void WriteUnsubscribe(FieldWriter to, UnsubscribePacket packet, MqttVersion version)
    {
        to.UInt16(packet.PacketId);
        if (version == MqttVersion.V5)
            PropertiesWriter.Write(to, packet.Properties);
        foreach (var filter in packet.Filters)
            to.Text(filter);
    }

    private static void WriteReasons(FieldWriter to, ushort packetId, IReadOnlyList<ReasonCode> reasons, MqttProperties properties, MqttVersion version)
    {
        to.UInt16(packetId);
        if (version == MqttVersion.V5)
            PropertiesWriter.Write(to, properties);
        foreach (var reason in reasons)
            to.Byte(version == MqttVersion.V5 || reason < ReasonCode.UnspecifiedError ? (byte)reason : (byte)ReasonCode.UnspecifiedError);
    }

    /// <summary>The end of the packets that may leave out a reason that is success, and properties that are none.</summary>
    private static void WriteReason(FieldWriter to, ReasonCode reason, MqttProperties properties, MqttVersion version)
    {
        var hasProperties = !ReferenceEquals(properties, MqttProperties.None);
        if (version != MqttVersion.V5 || (reason == ReasonCode.Success && !hasProperties))
            return;
        to.Byte((byte)reason);
        if (hasProperties)
            PropertiesWriter.Write(to, properties);
    }
}
