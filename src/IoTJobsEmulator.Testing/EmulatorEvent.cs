namespace IoTJobsEmulator.Testing;

/// <summary>Something that has changed. What does not belong to its type is null.</summary>
public sealed record EmulatorEvent
{
    /// <summary>Grows from event to event, over all accounts and regions; numbers may be left out. It begins with 1 when the emulator starts.</summary>
    public required long Number { get; init; }

    /// <summary>When it happened, on the emulator's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What it is about.</summary>
    public required EventType Type { get; init; }

    /// <summary>What became of it. Null for a notification, the clock, a reset and a restore.</summary>
    public EventChange? Change { get; init; }

    /// <summary>The account. Null, as the region is, for what concerns all, and for an MQTT client that states none.</summary>
    public string? Account { get; init; }

    /// <summary>The region.</summary>
    public string? Region { get; init; }

    /// <summary>The job.</summary>
    public string? JobId { get; init; }

    /// <summary>The thing's name.</summary>
    public string? Thing { get; init; }

    /// <summary>The name of the thing group.</summary>
    public string? Group { get; init; }

    /// <summary>The id of the thing group.</summary>
    public string? GroupId { get; init; }

    /// <summary>The number of the execution.</summary>
    public long? ExecutionNumber { get; init; }

    /// <summary>The status of the job or the execution; of one that is deleted its last.</summary>
    public string? Status { get; init; }

    /// <summary>The version of the execution, the thing or the group.</summary>
    public long? Version { get; init; }

    /// <summary>What the device has reported with the status.</summary>
    public IReadOnlyDictionary<string, string>? StatusDetails { get; init; }

    /// <summary>How many executions of the job have which status, such as <c>QUEUED</c>.</summary>
    public IReadOnlyDictionary<string, int>? Counts { get; init; }

    /// <summary>The MQTT client.</summary>
    public string? ClientId { get; init; }

    /// <summary>Why the client was disconnected: a reason of MQTT 5, <c>Success</c> for DISCONNECT.</summary>
    public string? Reason { get; init; }

    /// <summary>The topic of the message. Its payload is in <see cref="EmulatorClient.Messages"/>.</summary>
    public string? Topic { get; init; }

    /// <summary>Whether the clock stands still.</summary>
    public bool? Frozen { get; init; }
}
