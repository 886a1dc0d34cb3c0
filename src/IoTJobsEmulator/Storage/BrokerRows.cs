namespace IoTJobsEmulator.Storage;

/// <summary>
/// A row of the MQTT broker. It lies in no realm, because a client may state no account and region.
/// Unlike the rows of the world it is not held in memory: the broker has the state, and the file what it needs to have it again.
/// </summary>
public abstract record BrokerRow
{
    /// <summary>The key of the row, in all tables.</summary>
    public abstract object Key { get; }
}

/// <summary>A row of a client's session.</summary>
public abstract record ClientRow : BrokerRow
{
    public required string ClientId { get; init; }

    /// <summary>The broker's tenant, in which client ids are unique; empty for a client that states neither account nor region.</summary>
    public required string Tenant { get; init; }
}

/// <summary>The session of a client that outlives its connection.</summary>
public sealed record MqttSession : ClientRow
{
    public long ExpiryMilliseconds { get; init; }

    /// <summary>On the machine's clock; null while the client is connected.</summary>
    public Core.Moment? ExpiresAt { get; init; }

    public override object Key => (typeof(MqttSession), Tenant, ClientId);
}

/// <summary>A subscription of a session that is kept.</summary>
public sealed record MqttSubscription : ClientRow
{
    /// <summary>As the client wrote it, with <c>$share/NAME/</c> if it is shared.</summary>
    public required string Filter { get; init; }

    public int Qos { get; init; }

    public bool NoLocal { get; init; }

    public bool RetainAsPublished { get; init; }

    public int RetainHandling { get; init; }

    public override object Key => (typeof(MqttSubscription), Tenant, ClientId, Filter);
}

/// <summary>A message with QoS 1 that waits in a session, or that its client has not acknowledged.</summary>
public sealed record QueuedMessage : ClientRow
{
    /// <summary>The place in the order of the session's messages.</summary>
    public long Number { get; init; }

    /// <summary>The packet identifier that it was sent with; null while it waits.</summary>
    public int? PacketId { get; init; }

    /// <summary>The RETAIN flag that the client receives.</summary>
    public bool Retain { get; init; }

    public required StoredMessage Message { get; init; }

    public override object Key => (typeof(QueuedMessage), Tenant, ClientId, Number);
}

/// <summary>The retained message of a topic, as published in one tenant or in none.</summary>
public sealed record RetainedMessage : BrokerRow
{
    public required string Topic { get; init; }

    /// <summary>Empty for none.</summary>
    public required string Tenant { get; init; }

    public required StoredMessage Message { get; init; }

    public override object Key => (typeof(RetainedMessage), Topic, Tenant);
}

/// <summary>An MQTT message with its properties, stored as JSON.</summary>
public sealed record StoredMessage
{
    public required string Topic { get; init; }

    public byte[] Payload { get; init; } = [];

    public int Qos { get; init; }

    public bool Retain { get; init; }

    public DateTimeOffset PublishedAt { get; init; }

    public string? PublisherId { get; init; }

    public byte? PayloadFormatIndicator { get; init; }

    /// <summary>Seconds.</summary>
    public uint? MessageExpiryInterval { get; init; }

    public string? ContentType { get; init; }

    public string? ResponseTopic { get; init; }

    public byte[]? CorrelationData { get; init; }

    /// <summary>In their order; names may repeat.</summary>
    public List<UserProperty>? UserProperties { get; init; }

    public sealed record UserProperty
    {
        public required string Name { get; init; }

        public required string Value { get; init; }
    }
}
