namespace IoTJobsEmulator.Testing;

/// <summary>
/// A rule of what is to go wrong: what it strikes (<see cref="Operation"/> or <see cref="Notification"/>, and what narrows it), and what happens
/// then (<see cref="Error"/>, <see cref="Delay"/>, <see cref="Drop"/> or <see cref="Duplicate"/>). It strikes in all accounts and regions unless it
/// names one. What is contradictory or can strike nothing is refused when it is added.
/// </summary>
public record FaultRule
{
    /// <summary>The name of an operation of AWS that it strikes, such as <c>UpdateJobExecution</c>; <c>*</c> for any.</summary>
    public string? Operation { get; init; }

    /// <summary>What it strikes of what the service publishes: <c>notify</c>, <c>notify-next</c>, an event type such as <c>JOB_EXECUTION</c>; <c>*</c> for any.</summary>
    public string? Notification { get; init; }

    /// <summary>Only operations of this API: <c>iot</c>, <c>iot-jobs-data</c> or <c>iot-data</c>.</summary>
    public string? Service { get; init; }

    /// <summary>Only in this account: 12 digits.</summary>
    public string? Account { get; init; }

    /// <summary>Only in this region.</summary>
    public string? Region { get; init; }

    /// <summary>Only for things of this name; <c>*</c> stands for any characters.</summary>
    public string? Thing { get; init; }

    /// <summary>Only for jobs of this id; <c>*</c> stands for any characters.</summary>
    public string? JobId { get; init; }

    /// <summary>Only over HTTP, only over MQTT, or only of simulated devices.</summary>
    public RequestTransport? Transport { get; init; }

    /// <summary>It strikes so often, at least once, then it is gone; for ever when null.</summary>
    public int? Times { get; init; }

    /// <summary>It lets so many pass first.</summary>
    public int? After { get; init; }

    /// <summary>How probable it is that it strikes, from 0 to 1.</summary>
    public double? Probability { get; init; }

    /// <summary>What the probability is drawn from, so that a run can be repeated. Chosen by the emulator when null.</summary>
    public int? Seed { get; init; }

    /// <summary>The error that is answered instead of running the operation.</summary>
    public FaultError? Error { get; init; }

    /// <summary>The answer or message leaves so much later, by the machine's clock: at most an hour.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>The answer, the request or the notification is lost.</summary>
    public FaultDrop? Drop { get; init; }

    /// <summary>MQTT: the answer or message is sent twice.</summary>
    public bool? Duplicate { get; init; }
}

/// <summary>An error that a fault answers: one of the service by its name, or any other by its status and code.</summary>
public sealed record FaultError
{
    /// <summary>An error to be described by its members.</summary>
    public FaultError()
    {
    }

    /// <summary>An error of the service, answered with its own status and text.</summary>
    /// <param name="name">Its name, such as <c>ThrottlingException</c>.</param>
    public FaultError(string name) => Name = name;

    /// <summary>The name of an error that the operation can answer.</summary>
    public string? Name { get; init; }

    /// <summary>The HTTP status of any other error, from 400 to 599; 400 when null.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The name of any other error, and its code over MQTT.</summary>
    public string? Code { get; init; }

    /// <summary>The text; the service's own when null.</summary>
    public string? Message { get; init; }
}

/// <summary>When an answer is lost.</summary>
public enum FaultDrop
{
    /// <summary>What this version of the package does not know, because the emulator is newer. Nothing can be asked with it.</summary>
    Unknown,

    /// <summary>Before the operation runs: it does not. A notification is lost.</summary>
    Before,

    /// <summary>After the operation ran and is committed.</summary>
    After,
}

/// <summary>A rule that was added.</summary>
public sealed record Fault : FaultRule
{
    /// <summary>The id that the emulator gave it.</summary>
    public long Id { get; init; }

    /// <summary>How often it has struck.</summary>
    public int Struck { get; init; }
}
