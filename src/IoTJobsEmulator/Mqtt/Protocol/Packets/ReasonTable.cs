using static IoTJobsEmulator.Mqtt.Protocol.ReasonCode;

namespace IoTJobsEmulator.Mqtt.Protocol.Packets;

/// <summary>Which packet may carry which reason code (MQTT 5, table 2-6), and the return codes of CONNACK before MQTT 5.</summary>
public static class ReasonTable
{
    private static readonly HashSet<ReasonCode>[] ByPacket = new HashSet<ReasonCode>[16];

    static ReasonTable()
    {
        ByPacket.AsSpan().Fill([]);
        Allow(PacketType.ConnAck, Success, UnspecifiedError, MalformedPacket, ProtocolError, ImplementationSpecificError,
            UnsupportedProtocolVersion, ClientIdentifierNotValid, BadUserNameOrPassword, NotAuthorized, ServerUnavailable, ServerBusy,
            Banned, BadAuthenticationMethod, TopicNameInvalid, PacketTooLarge, QuotaExceeded, PayloadFormatInvalid, RetainNotSupported,
            QosNotSupported, UseAnotherServer, ServerMoved, ConnectionRateExceeded);
        ReasonCode[] received = [Success, NoMatchingSubscribers, UnspecifiedError, ImplementationSpecificError, NotAuthorized,
            TopicNameInvalid, PacketIdentifierInUse, QuotaExceeded, PayloadFormatInvalid];
        Allow(PacketType.PubAck, received);
        Allow(PacketType.PubRec, received);
        Allow(PacketType.PubRel, Success, PacketIdentifierNotFound);
        Allow(PacketType.PubComp, Success, PacketIdentifierNotFound);
        Allow(PacketType.SubAck, Success, GrantedQos1, GrantedQos2, UnspecifiedError, ImplementationSpecificError, NotAuthorized,
            TopicFilterInvalid, PacketIdentifierInUse, QuotaExceeded, SharedSubscriptionsNotSupported,
            SubscriptionIdentifiersNotSupported, WildcardSubscriptionsNotSupported);
        Allow(PacketType.UnsubAck, Success, NoSubscriptionExisted, UnspecifiedError, ImplementationSpecificError, NotAuthorized,
            TopicFilterInvalid, PacketIdentifierInUse);
        Allow(PacketType.Disconnect, Success, DisconnectWithWill, UnspecifiedError, MalformedPacket, ProtocolError,
            ImplementationSpecificError, NotAuthorized, ServerBusy, ServerShuttingDown, BadAuthenticationMethod, KeepAliveTimeout,
            SessionTakenOver, TopicFilterInvalid, TopicNameInvalid, ReceiveMaximumExceeded, TopicAliasInvalid, PacketTooLarge,
            MessageRateTooHigh, QuotaExceeded, AdministrativeAction, PayloadFormatInvalid, RetainNotSupported, QosNotSupported,
            UseAnotherServer, ServerMoved, SharedSubscriptionsNotSupported, ConnectionRateExceeded, MaximumConnectTime,
            SubscriptionIdentifiersNotSupported, WildcardSubscriptionsNotSupported);
        Allow(PacketType.Auth, Success, ContinueAuthentication, Reauthenticate);
    }

    public static bool Allows(PacketType packet, ReasonCode reason) => ByPacket[(int)packet].Contains(reason);

    public static IReadOnlyCollection<ReasonCode> AllowedIn(PacketType packet) => ByPacket[(int)packet];

    /// <summary>The return code of a CONNACK before MQTT 5 (MQTT 3.1.1, table 3.1).</summary>
    public static byte ToReturnCode(ReasonCode reason) => reason switch
    {
        Success => 0,
        UnsupportedProtocolVersion => 1,
        ClientIdentifierNotValid => 2,
        BadUserNameOrPassword => 4,
        NotAuthorized or Banned or BadAuthenticationMethod => 5,
        _ => 3, // "server unavailable" is the only one left
    };

    public static ReasonCode? FromReturnCode(byte code) => code switch
    {
        0 => Success,
        1 => UnsupportedProtocolVersion,
        2 => ClientIdentifierNotValid,
        3 => ServerUnavailable,
        4 => BadUserNameOrPassword,
        5 => NotAuthorized,
        _ => null,
    };

    private static void Allow(PacketType packet, params ReasonCode[] reasons) => ByPacket[(int)packet] = [.. reasons];
}
