using System.Text;
using IoTJobsEmulator.Mqtt.Protocol.Packets;

namespace IoTJobsEmulator.Mqtt.Protocol.Connections;

/// <summary>Which CONNECT is refused, and what the others are granted.</summary>
internal static class ConnectRules
{
    public static void Check(ConnectPacket packet, MqttLimits limits)
    {
        var mayBeNameless = packet.Version == MqttVersion.V5 || (packet.Version == MqttVersion.V311 && packet.CleanStart);
        if (packet.ClientId.Length == 0 && !mayBeNameless)
            throw Refused(ReasonCode.ClientIdentifierNotValid, "A client id is needed for a session that lasts");
        if (Encoding.UTF8.GetByteCount(packet.ClientId) > limits.ClientIdBytes)
            throw Refused(ReasonCode.ClientIdentifierNotValid, $"The client id has more than {limits.ClientIdBytes} bytes");
        if (packet.Properties.AuthenticationMethod is not null)
            throw Refused(ReasonCode.BadAuthenticationMethod, "Enhanced authentication is not supported");
        if (packet.Will is { Qos: Qos.ExactlyOnce })
            throw Refused(ReasonCode.QosNotSupported, "A will with QoS 2 is not supported");
        if (packet.Will is { } will && !Topics.IsWithin(limits, will.Topic))
            throw Refused(ReasonCode.TopicNameInvalid, "The will's topic is too long or has too many slashes");
    }

    /// <summary>As AWS does it: none or too much gets the longest interval, too little the shortest.</summary>
    public static TimeSpan KeepAlive(ConnectPacket packet, MqttLimits limits)
    {
        var asked = TimeSpan.FromSeconds(packet.KeepAlive);
        if (asked == TimeSpan.Zero || asked > limits.LongestKeepAlive)
            return limits.LongestKeepAlive;
        return asked < limits.ShortestKeepAlive ? limits.ShortestKeepAlive : asked;
    }

    public static ConnAckPacket Answer(ConnectPacket packet, MqttLimits limits, bool wasPresent, string clientId, TimeSpan keepAlive, TimeSpan expiry)
    {
        var answer = new ConnAckPacket(wasPresent, ReasonCode.Success);
        if (packet.Version != MqttVersion.V5)
            return answer;
        var (seconds, lasts) = ((ushort)keepAlive.TotalSeconds, (uint)expiry.TotalSeconds);
        return answer with
        {
            Properties = new()
            {
                SessionExpiryInterval = lasts == (packet.Properties.SessionExpiryInterval ?? 0) ? null : lasts,
                ReceiveMaximum = limits.InFlight,
                MaximumQos = (byte)Qos.AtLeastOnce,
                MaximumPacketSize = (uint)limits.PacketBytes,
                AssignedClientIdentifier = packet.ClientId.Length == 0 ? clientId : null,
                TopicAliasMaximum = limits.TopicAliases,
                SubscriptionIdentifierAvailable = 0,
                ServerKeepAlive = seconds == packet.KeepAlive ? null : seconds,
            },
        };
    }

    private static MqttProtocolException Refused(ReasonCode reason, string message) => new(reason, message);
}
