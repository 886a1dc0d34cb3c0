using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Mqtt.Protocol.Sessions;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>What the broker makes of each packet of a client.</summary>
internal sealed class PacketHandler(MqttConnection connection, BrokerState state)
{
    private Session? _session;
    private Dictionary<ushort, string>? _aliases;

    public bool IsConnected => _session is not null;

    public ValueTask HearAsync(MqttPacket packet, KeepAlive keepAlive)
    {
        if (_session is null)
        {
            Connect(packet as ConnectPacket ?? throw Error($"{packet.Type} before CONNECT"), keepAlive);
            return default;
        }
        switch (packet)
        {
            case PublishPacket publish: return PublishAsync(publish);
            case AcknowledgePacket { Type: PacketType.PubAck } acknowledge: Acknowledged(acknowledge, _session); break;
            case SubscribePacket subscribe: Subscribe(subscribe, _session); break;
            case UnsubscribePacket unsubscribe: state.Unsubscribe(connection, _session, unsubscribe); break;
            case PingRequestPacket: connection.PacketWriter.Send(PingResponsePacket.Instance); break;
            case DisconnectPacket disconnect: Disconnect(disconnect, _session); break;
            default: throw Error($"{packet.Type} is not for a client to send now");
        }
        return default;
    }

    /// <summary>The CONNACK that refuses a CONNECT, where there is one to refuse and it can be understood.</summary>
    public ConnAckPacket? RefusalOf(MqttProtocolException e) =>
        !IsConnected && (connection.ClientId.Length > 0 || e.Reason == ReasonCode.UnsupportedProtocolVersion)
        && ReasonTable.Allows(PacketType.ConnAck, e.Reason)
            ? new ConnAckPacket(false, e.Reason) { Properties = connection.PacketWriter.Explanation(e.Message) }
            : null;

    private void Connect(ConnectPacket packet, KeepAlive keepAlive)
    {
        connection.Version = connection.PacketWriter.Version = packet.Version;
        connection.PacketWriter.PacketLimit = (int)Math.Min(packet.Properties.MaximumPacketSize ?? int.MaxValue, int.MaxValue);
        if (Math.Min(packet.Properties.TopicAliasMaximum ?? 0, state.Limits.TopicAliases) is var aliases && aliases > 0)
            connection.PacketWriter.Aliases = new(aliases);
        connection.ClientId = packet.ClientId.Length > 0 ? packet.ClientId : state.Options.NewClientId();
        (connection.UserName, connection.WillTopic) = (packet.UserName, packet.Will?.Topic);
        connection.ConnectedAt = state.Time.GetUtcNow();
        ConnectRules.Check(packet, state.Limits);
        if (state.Options.Connecting(connection) is var reason && reason != ReasonCode.Success)
            throw new MqttProtocolException(reason, "the server refuses the client");
        var interval = ConnectRules.KeepAlive(packet, state.Limits);
        keepAlive.Change(interval * 1.5);
        _session = state.Connect(connection, packet, (session, wasPresent) =>
            ConnectRules.Answer(packet, state.Limits, wasPresent, connection.ClientId, interval, session.Expiry));
    }

    private ValueTask PublishAsync(PublishPacket packet)
    {
        if (packet.Qos == Qos.ExactlyOnce)
            throw new MqttProtocolException(ReasonCode.QosNotSupported, "QoS 2 is not supported");
        if (packet.Properties.SubscriptionIdentifiers.Count > 0)
            throw Error("A client may not send subscription identifiers with a PUBLISH");
        var topic = packet.Properties.TopicAlias is { } alias ? Resolve(alias, packet.Topic) : packet.Topic;
        if (!Topics.IsWithin(state.Limits, topic))
            throw new MqttProtocolException(ReasonCode.TopicNameInvalid, $"The topic '{topic}' is too long or has too many slashes");
        if (packet.Payload.Length > state.Limits.PayloadBytes)
            throw new MqttProtocolException(ReasonCode.PacketTooLarge, $"A payload has {packet.Payload.Length} bytes, more than {state.Limits.PayloadBytes}");
        if (packet.Qos == Qos.AtLeastOnce) // first, so that the answer to a request follows its acknowledgement, as with AWS
            connection.PacketWriter.Send(new AcknowledgePacket(PacketType.PubAck, packet.PacketId));
        var properties = packet.Properties.TopicAlias is null ? packet.Properties : packet.Properties with { TopicAlias = null };
        return state.PublishAsync(state.Message(topic, packet.Payload, packet.Qos, packet.Retain, properties), connection);
    }

    private string Resolve(ushort alias, string topic)
    {
        if (alias > state.Limits.TopicAliases)
            throw new MqttProtocolException(ReasonCode.TopicAliasInvalid, $"The topic alias {alias} is more than {state.Limits.TopicAliases}");
        if (topic.Length > 0)
            return (_aliases ??= [])[alias] = topic;
        return _aliases?.GetValueOrDefault(alias) ?? throw Error($"The topic alias {alias} stands for nothing yet");
    }

    private void Acknowledged(AcknowledgePacket packet, Session session)
    {
        if (session.Queue.Acknowledge(packet.PacketId))
            connection.PacketWriter.Wake();
    }

    private void Subscribe(SubscribePacket packet, Session session)
    {
        if (packet.Properties.SubscriptionIdentifiers.Count > 0)
            throw new MqttProtocolException(ReasonCode.SubscriptionIdentifiersNotSupported, "Subscription identifiers are not supported");
        if (packet.Subscriptions.Count > state.Limits.FiltersPerSubscribe)
            throw new MqttProtocolException(ReasonCode.QuotaExceeded, $"SUBSCRIBE with {packet.Subscriptions.Count} filters, more than {state.Limits.FiltersPerSubscribe}");
        state.Subscribe(connection, session, packet);
    }

    private void Disconnect(DisconnectPacket packet, Session session)
    {
        if (packet.Properties.SessionExpiryInterval is { } seconds)
            state.ChangeExpiry(session, seconds);
        connection.Lose(packet.Reason, "the client said goodbye");
    }

    private static MqttProtocolException Error(string message) => new(ReasonCode.ProtocolError, message);
}
