using System.IO.Pipelines;
using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Mqtt.Protocol.Sessions;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>Encodes packets for one client, as its CONNECT asks for: its version, its maximum packet size, its topic aliases.</summary>
internal sealed class ConnectionEncoder(PipeWriter output)
{
    private const int MaxReasonString = 250;

    public MqttVersion Version { get; set; } = MqttVersion.V311;

    /// <summary>Bytes of the largest packet that the client accepts (MQTT 5, 3.1.2.11.4).</summary>
    public int MaximumPacketSize { get; set; } = int.MaxValue;

    /// <summary>Null when the client accepts no topic aliases.</summary>
    public TopicAliases? Aliases { get; set; }

    /// <summary>Properties with a reason string (MQTT 5, 3.14.2.2.3), or none if it might exceed the maximum packet size.</summary>
    public MqttProperties ReasonString(string text) => MaximumPacketSize < MaxReasonString * 4
        ? MqttProperties.None
        : new() { ReasonString = text.Length <= MaxReasonString ? text : text[..MaxReasonString] };

    /// <returns>False when the packet exceeds the maximum packet size and was not written.</returns>
    public bool TryWrite(MqttPacket packet) => PacketEncoder.Write(output, packet, Version, MaximumPacketSize);

    /// <returns>False when the packet exceeds the maximum packet size and was not written.</returns>
    public bool TryWrite(in OutgoingPublish publish, DateTimeOffset now)
    {
        var message = publish.Delivery.Message;
        var properties = Version == MqttVersion.V5 ? message.PropertiesAt(now) : MqttProperties.None;
        return TryWriteWithAlias(publish, properties) || TryWrite(publish, message.Topic, properties);
    }

    private bool TryWriteWithAlias(in OutgoingPublish publish, MqttProperties properties)
    {
        var topic = publish.Delivery.Message.Topic;
        if (Aliases?.Find(topic, out var isAssigned) is not { } alias
            || !TryWrite(publish, isAssigned ? "" : topic, properties with { TopicAlias = alias }))
            return false;
        Aliases.Assign(topic, alias);
        return true;
    }

    private bool TryWrite(in OutgoingPublish publish, string topic, MqttProperties properties)
    {
        var (delivery, packetId, duplicate) = publish;
        return PacketEncoder.WritePublish(
            output, Version, topic, delivery.Message.Payload.Span, delivery.Qos, delivery.Retain, duplicate, packetId, properties, MaximumPacketSize);
    }
}
