using System.Text;

namespace IoTJobsEmulator.Testing;

/// <summary>Which requests of the journal; what is null does not matter.</summary>
public sealed record RequestFilter
{
    /// <summary>Only for this operation of AWS.</summary>
    public string? Operation { get; init; }

    /// <summary>Only in this account: 12 digits.</summary>
    public string? Account { get; init; }

    /// <summary>Only in this region.</summary>
    public string? Region { get; init; }

    /// <summary>Only for things of this name; <c>*</c> stands for any characters.</summary>
    public string? Thing { get; init; }

    /// <summary>Only for jobs of this id; <c>*</c> stands for any characters.</summary>
    public string? JobId { get; init; }

    /// <summary>Only with this status: <c>200</c>, <c>4xx</c>, or <c>errors</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Only over HTTP, only over MQTT, or only those of simulated devices.</summary>
    public RequestTransport? Transport { get; init; }

    /// <summary>Only with a higher number than this: that of the last one that was seen.</summary>
    public long? After { get; init; }

    /// <summary>Shows what matters, for the message of a test that has failed.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        var given = new (string Name, object? Value)[]
        {
            (nameof(Operation), Operation), (nameof(Account), Account), (nameof(Region), Region), (nameof(Thing), Thing), (nameof(JobId), JobId),
            (nameof(Status), Status), (nameof(Transport), Transport), (nameof(After), After),
        };
        text.AppendJoin(", ", given.Where(member => member.Value is not null).Select(member => $"{member.Name} = {member.Value}"));
        return text.Length > 0;
    }
}

/// <summary>How a request came.</summary>
public enum RequestTransport
{
    /// <summary>What this version of the package does not know, because the emulator is newer. Nothing can be asked with it.</summary>
    Unknown,

    /// <summary>Over HTTP.</summary>
    Http,

    /// <summary>Over MQTT.</summary>
    Mqtt,

    /// <summary>From a simulated device, without a network.</summary>
    Simulator,
}
