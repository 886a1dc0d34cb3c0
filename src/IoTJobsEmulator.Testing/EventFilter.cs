using System.Text;
using System.Text.Json;

namespace IoTJobsEmulator.Testing;

/// <summary>Which events; what is null does not matter.</summary>
public sealed record EventFilter
{
    /// <summary>Only of these types.</summary>
    public IReadOnlyList<EventType>? Types { get; init; }

    /// <summary>Only of things of this name; <c>*</c> stands for any characters. The id of an MQTT client is taken for the name of its thing.</summary>
    public string? Thing { get; init; }

    /// <summary>Only of jobs of this id; <c>*</c> stands for any characters.</summary>
    public string? JobId { get; init; }

    /// <summary>Only in this account and region, and those that concern all.</summary>
    public EmulatorAccount? Account { get; init; }

    /// <summary>Only with a higher number than this: that of the last one that was seen; 0 for all that are remembered.</summary>
    public long? After { get; init; }

    internal string? TypeNames => Types is { Count: > 0 } ? string.Join(',', Types.Select(type => JsonNamingPolicy.CamelCase.ConvertName(type.ToString()))) : null;

    /// <summary>Shows what matters, for the message of a test that has failed.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        var given = new (string Name, object? Value)[]
        {
            (nameof(Types), TypeNames), (nameof(Thing), Thing), (nameof(JobId), JobId), (nameof(Account), Account?.AccountId), (nameof(After), After),
        };
        text.AppendJoin(", ", given.Where(member => member.Value is not null).Select(member => $"{member.Name} = {member.Value}"));
        return text.Length > 0;
    }
}

/// <summary>What an event is about.</summary>
public enum EventType
{
    /// <summary>What this version of the package does not know, because the emulator is newer. Nothing can be asked with it.</summary>
    Unknown,

    /// <summary>A job.</summary>
    Job,

    /// <summary>An execution.</summary>
    Execution,

    /// <summary>A thing.</summary>
    Thing,

    /// <summary>A thing group.</summary>
    Group,

    /// <summary>A thing in a group.</summary>
    Membership,

    /// <summary>An MQTT client.</summary>
    Connection,

    /// <summary>A message that the service has published.</summary>
    Notification,

    /// <summary>The clock.</summary>
    Clock,

    /// <summary>Everything is as at the start.</summary>
    Reset,

    /// <summary>Everything is as in a snapshot or a file.</summary>
    Restore,
}

/// <summary>What became of what an event is about.</summary>
public enum EventChange
{
    /// <summary>What this version of the package does not know, because the emulator is newer. Nothing can be asked with it.</summary>
    Unknown,

    /// <summary>It was created.</summary>
    Created,

    /// <summary>It was updated.</summary>
    Updated,

    /// <summary>It was deleted.</summary>
    Deleted,

    /// <summary>A client was connected.</summary>
    Connected,

    /// <summary>A client was disconnected.</summary>
    Disconnected,
}
