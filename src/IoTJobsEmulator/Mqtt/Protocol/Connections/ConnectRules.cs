using System.Text;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>Which CONNECT is refused, and what the CONNACK of the others grants (MQTT 5, 3.1 and 3.2).</summary>
internal static class ConnectRules
{
    /// <exception cref="MqttProtocolException">The CONNECT is refused.</exception>
    public static void Validate(ConnectPacket connect, MqttLimits limits)
    {
        var mayBeEmpty = connect.Version == MqttVersion.V5 || (connect.Version == MqttVersion.V311 && connect.CleanStart);
        if (connect.ClientId.Length == 0 && !mayBeEmpty) // MQTT 3.1.1, 3.1.3.1
            throw Refused(ReasonCode.ClientIdentifierNotValid, "A persistent session needs a client identifier");
        if (Encoding.UTF8.GetByteCount(connect.ClientId) > limits.ClientIdBytes)
            throw Refused(ReasonCode.ClientIdentifierNotValid, $"The client identifier has more than {limits.ClientIdBytes} bytes");
        if (connect.Properties.AuthenticationMethod is not null) // MQTT 5, 4.12
            throw Refused(ReasonCode.BadAuthenticationMethod, "Enhanced authentication is not supported");
        if (connect.Will is { Qos: Qos.ExactlyOnce })
            throw Refused(ReasonCode.QosNotSupported, "A will with QoS 2 is not supported");
        if (connect.Will is { } will && !Topics.IsWithin(limits, will.Topic))
            throw Refused(ReasonCode.TopicNameInvalid, "The will topic is too long or has too many slashes");
    }

    /// <summary>
    /// The keep-alive interval that the server uses (MQTT 5, 3.2.2.3.14). As on AWS, zero and too long become the longest interval, and too
    /// short becomes the shortest.
    /// </summary>
    public static TimeSpan GrantedKeepAlive(ConnectPacket connect, MqttLimits limits)
    {
        var requested = TimeSpan.FromSeconds(connect.KeepAlive);
        if (requested == TimeSpan.Zero || requested > limits.LongestKeepAlive)
            return limits.LongestKeepAlive;
        return requested < limits.ShortestKeepAlive ? limits.ShortestKeepAlive : requested;
    }

    /// <summary>The CONNACK of an accepted client. Values that the client asked for itself are left out.</summary>
    public static ConnAckPacket CreateConnAck(
        ConnectPacket connect, MqttLimits limits, bool sessionPresent, string clientId, TimeSpan keepAlive, TimeSpan sessionExpiry)
    {
        var connAck = new ConnAckPacket(sessionPresent, ReasonCode.Success);
        if (connect.Version != MqttVersion.V5)
            return connAck;
        var (keepAliveSeconds, expirySeconds) = ((ushort)keepAlive.TotalSeconds, (uint)sessionExpiry.TotalSeconds);
        return connAck with
        {
            Properties = new()
            {
                SessionExpiryInterval = expirySeconds == (connect.Properties.SessionExpiryInterval ?? 0) ? null : expirySeconds,
                ReceiveMaximum = limits.ReceiveMaximum,
                MaximumQos = (byte)Qos.AtLeastOnce,
                MaximumPacketSize = (uint)limits.PacketBytes,
                AssignedClientIdentifier = connect.ClientId.Length == 0 ? clientId : null,
                TopicAliasMaximum = limits.TopicAliasMaximum,
                SubscriptionIdentifierAvailable = 0,
                ServerKeepAlive = keepAliveSeconds == connect.KeepAlive ? null : keepAliveSeconds,
            },
        };
    }

    private static MqttProtocolException Refused(ReasonCode reason, string message) => new(reason, message);
}
