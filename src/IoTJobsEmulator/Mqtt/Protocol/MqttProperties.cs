namespace IoTJobsEmulator.Mqtt.Protocol;

/// <summary>
/// The properties of an MQTT 5 packet (section 2.2.2); null where the packet has none. <see cref="Packets.PropertyTable"/> says which
/// packet may carry which. They have setters so that reading a packet allocates one object; after that they are not changed.
/// </summary>
public sealed record MqttProperties
{
    public static readonly MqttProperties None = new();

    public byte? PayloadFormatIndicator { get; internal set; }

    /// <summary>Seconds.</summary>
    public uint? MessageExpiryInterval { get; internal set; }

    public string? ContentType { get; internal set; }

    public string? ResponseTopic { get; internal set; }

    public ReadOnlyMemory<byte>? CorrelationData { get; internal set; }

    public IReadOnlyList<uint> SubscriptionIdentifiers { get; internal set; } = [];

    /// <summary>Seconds.</summary>
    public uint? SessionExpiryInterval { get; internal set; }

    public string? AssignedClientIdentifier { get; internal set; }

    /// <summary>Seconds.</summary>
    public ushort? ServerKeepAlive { get; internal set; }

    public string? AuthenticationMethod { get; internal set; }

    public ReadOnlyMemory<byte>? AuthenticationData { get; internal set; }

    public byte? RequestProblemInformation { get; internal set; }

    /// <summary>Seconds.</summary>
    public uint? WillDelayInterval { get; internal set; }

    public byte? RequestResponseInformation { get; internal set; }

    public string? ResponseInformation { get; internal set; }

    public string? ServerReference { get; internal set; }

    public string? ReasonString { get; internal set; }

    public ushort? ReceiveMaximum { get; internal set; }

    public ushort? TopicAliasMaximum { get; internal set; }

    public ushort? TopicAlias { get; internal set; }

    public byte? MaximumQos { get; internal set; }

    public byte? RetainAvailable { get; internal set; }

    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; internal set; } = [];

    public uint? MaximumPacketSize { get; internal set; }

    public byte? WildcardSubscriptionAvailable { get; internal set; }

    public byte? SubscriptionIdentifierAvailable { get; internal set; }

    public byte? SharedSubscriptionAvailable { get; internal set; }

    /// <summary>The bytes that the properties of a message take in memory, about.</summary>
    internal int Size
    {
        get
        {
            const int Pair = 64; // two strings without their characters, and their references
            var size = (2 * ((ContentType?.Length ?? 0) + (ResponseTopic?.Length ?? 0))) + (CorrelationData?.Length ?? 0);
            for (var i = 0; i < UserProperties.Count; i++)
                size += Pair + (2 * (UserProperties[i].Key.Length + UserProperties[i].Value.Length));
            return size;
        }
    }
}
