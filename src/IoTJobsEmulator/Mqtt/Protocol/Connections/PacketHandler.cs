using IoTJobsEmulator.Mqtt.Protocol.Packets;
using IoTJobsEmulator.Mqtt.Protocol.Sessions;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>Acts on each packet of one client.</summary>
internal sealed class PacketHandler(MqttConnection connection, BrokerState state)
{
    private Session? _session;
    private Dictionary<ushort, string>? _topicsByAlias;

    public bool IsConnected => _session is not null;

    /// <summary>Acts on a packet. The next packet may be handled when the task has completed.</summary>
    /// <exception cref="MqttProtocolException">The connection must end.</exception>
    public ValueTask HandleAsync(MqttPacket packet, KeepAlive keepAlive)
    {
        if (_session is null)
        {
            Connect(packet as ConnectPacket ?? throw ProtocolError($"{packet.Type} before CONNECT"), keepAlive); // MQTT-3.1.0-1
            return default;
        }
        switch (packet)
        {
            case PublishPacket publish: return PublishAsync(publish);
            case AcknowledgePacket { Type: PacketType.PubAck } pubAck: Acknowledge(pubAck, _session); break;
            case SubscribePacket subscribe: return Subscribe(subscribe, _session);
            case UnsubscribePacket unsubscribe: return state.Unsubscribe(connection, _session, unsubscribe);
            case PingRequestPacket: connection.Writer.Send(PingResponsePacket.Instance); break;
            case DisconnectPacket disconnect: Disconnect(disconnect, _session); break;
            default: throw ProtocolError($"{packet.Type} is not for a client to send now");
        }
        return default;
    }

    /// <summary>
    /// The CONNACK that refuses a CONNECT (MQTT 5, 3.1.4). Null when the client is connected, when no CONNECT could be read, or when CONNACK
    /// may not carry the reason code.
    /// </summary>
    public ConnAckPacket? CreateRefusal(MqttProtocolException exception) =>
        !IsConnected && (connection.ClientId.Length > 0 || exception.Reason == ReasonCode.UnsupportedProtocolVersion)
        && ReasonTable.Allows(PacketType.ConnAck, exception.Reason)
            ? new ConnAckPacket(false, exception.Reason) { Properties = connection.Writer.Encoder.ReasonString(exception.Message) }
            : null;

    private void Connect(ConnectPacket packet, KeepAlive keepAlive)
    {
        var encoder = connection.Writer.Encoder;
        connection.Version = encoder.Version = packet.Version;
        encoder.MaximumPacketSize = (int)Math.Min(packet.Properties.MaximumPacketSize ?? int.MaxValue, int.MaxValue);
        if (Math.Min(packet.Properties.TopicAliasMaximum ?? 0, state.Limits.TopicAliasMaximum) is var aliases && aliases > 0)
            encoder.Aliases = new(aliases);
        connection.ClientId = packet.ClientId.Length > 0 ? packet.ClientId : state.Options.NewClientId();
        (connection.UserName, connection.WillTopic) = (packet.UserName, packet.Will?.Topic);
        connection.ConnectedAt = state.Time.GetUtcNow();
        ConnectRules.Validate(packet, state.Limits);
        if (connection.ExceedsLimit)
            throw state.TooManyConnections();
        if (state.Options.ValidateConnection(connection) is var reason && reason != ReasonCode.Success)
            throw new MqttProtocolException(reason, "the server refuses the client");
        connection.UserName = null;
        var interval = ConnectRules.GrantedKeepAlive(packet, state.Limits);
        keepAlive.Change(interval * 1.5); // MQTT-3.1.2-22
        _session = state.Connect(connection, packet, (session, sessionPresent) =>
            ConnectRules.CreateConnAck(packet, state.Limits, sessionPresent, connection.ClientId, interval, session.Expiry));
    }

    private ValueTask PublishAsync(PublishPacket packet)
    {
        if (packet.Qos == Qos.ExactlyOnce)
            throw new MqttProtocolException(ReasonCode.QosNotSupported, "QoS 2 is not supported");
        if (packet.Properties.SubscriptionIdentifiers.Count > 0) // MQTT-3.3.4-6
            throw ProtocolError("A client may not send subscription identifiers with a PUBLISH");
        var topic = packet.Properties.TopicAlias is { } alias ? ResolveTopic(alias, packet.Topic) : packet.Topic;
        if (!Topics.IsWithin(state.Limits, topic))
            throw new MqttProtocolException(ReasonCode.TopicNameInvalid, $"The topic '{topic}' is too long or has too many slashes");
        if (packet.Payload.Length > state.Limits.PayloadBytes)
            throw new MqttProtocolException(ReasonCode.PacketTooLarge, $"A payload has {packet.Payload.Length} bytes, more than {state.Limits.PayloadBytes}");
        var properties = packet.Properties.TopicAlias is null ? packet.Properties : packet.Properties with { TopicAlias = null };
        return state.PublishAsync(state.CreateMessage(topic, packet.Payload, packet.Qos, packet.Retain, properties), connection, packet.PacketId);
    }

    /// <summary>The topic of a PUBLISH with a topic alias (MQTT 5, 3.3.2.3.4).</summary>
    private string ResolveTopic(ushort alias, string topic)
    {
        if (alias > state.Limits.TopicAliasMaximum)
            throw new MqttProtocolException(ReasonCode.TopicAliasInvalid, $"The topic alias {alias} is more than {state.Limits.TopicAliasMaximum}");
        if (topic.Length > 0)
            return (_topicsByAlias ??= [])[alias] = topic;
        return _topicsByAlias?.GetValueOrDefault(alias) ?? throw ProtocolError($"The topic alias {alias} has not been assigned");
    }

    private void Acknowledge(AcknowledgePacket packet, Session session)
    {
        if (session.Queue.Acknowledge(packet.PacketId))
            connection.Writer.Wake();
    }

    private ValueTask Subscribe(SubscribePacket packet, Session session)
    {
        if (packet.Properties.SubscriptionIdentifiers.Count > 0)
            throw new MqttProtocolException(ReasonCode.SubscriptionIdentifiersNotSupported, "Subscription identifiers are not supported");
        if (packet.Subscriptions.Count > state.Limits.FiltersPerSubscribe)
            throw new MqttProtocolException(ReasonCode.QuotaExceeded, $"SUBSCRIBE with {packet.Subscriptions.Count} filters, more than {state.Limits.FiltersPerSubscribe}");
        return state.Subscribe(connection, session, packet);
    }

    private void Disconnect(DisconnectPacket packet, Session session)
    {
        if (packet.Properties.SessionExpiryInterval is { } seconds)
            state.ChangeExpiry(session, seconds);
        connection.EndSilently(packet.Reason, "the client sent DISCONNECT");
    }

    private static MqttProtocolException ProtocolError(string message) => new(ReasonCode.ProtocolError, message);
}
