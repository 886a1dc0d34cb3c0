using System.Text.Json.Serialization;
using IoTJobsEmulator.Core;

namespace IoTJobsEmulator.Events;

/// <summary>What an event is about.</summary>
internal enum EmulatorEventType
{
    job,
    execution,
    thing,
    group,
    membership,
    connection,
    notification,
    clock,
    reset,
    restore,
}

/// <summary>What became of it.</summary>
internal enum EmulatorEventChange
{
    created,
    updated,
    deleted,
    connected,
    disconnected,
}

/// <summary>Something that has changed. What does not belong to its type is absent.</summary>
internal sealed record EmulatorEvent
{
    /// <summary>Grows from event to event, over all accounts and regions; numbers may be left out. It begins with 1 when the emulator starts.</summary>
    public required long Number { get; init; }

    /// <summary>When it happened, on the emulator's clock.</summary>
    public required string Time { get; init; }

    /// <summary>What it is about: a job, an execution, a thing, a thing group, a thing in a group, an MQTT client, a published message, the clock, a reset, a restored snapshot or state.</summary>
    public required EnumText<EmulatorEventType> Type { get; init; }

    /// <summary>What became of it. Absent for a notification, the clock, a reset and a restore.</summary>
    public EnumText<EmulatorEventChange>? Change { get; init; }

    /// <summary>The account. Absent, as the region is, for the clock, a reset, a restore, and an MQTT client that states none.</summary>
    public string? Account { get; init; }

    public string? Region { get; init; }

    public string? JobId { get; init; }

    /// <summary>The thing's name.</summary>
    public string? Thing { get; init; }

    /// <summary>The name of the thing group.</summary>
    public string? Group { get; init; }

    /// <summary>The id of the thing group.</summary>
    public string? GroupId { get; init; }

    public long? ExecutionNumber { get; init; }

    /// <summary>The status of the job or the execution; of one that is deleted its last.</summary>
    public string? Status { get; init; }

    /// <summary>The version of the execution, the thing or the group.</summary>
    public long? Version { get; init; }

    /// <summary>What the device has reported with the status.</summary>
    public IReadOnlyDictionary<string, string>? StatusDetails { get; init; }

    /// <summary>How many executions of the job have which status.</summary>
    public IReadOnlyDictionary<string, int>? Counts { get; init; }

    /// <summary>The MQTT client.</summary>
    public string? ClientId { get; init; }

    /// <summary>Why the client was disconnected: a reason code of MQTT 5, Success for DISCONNECT.</summary>
    public string? Reason { get; init; }

    /// <summary>The topic of the message. Its payload is found with GET /_emulator/messages.</summary>
    public string? Topic { get; init; }

    /// <summary>Whether the clock stands still.</summary>
    public bool? Frozen { get; init; }

    /// <summary>Whose it is; null when it concerns all, or nobody knows.</summary>
    [JsonIgnore] public Tenant? Tenant => Account is not null && Region is not null ? new(Account, Region) : null;
}
